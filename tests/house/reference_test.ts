/** docs/jsonl.md and docs/cli.md are what `deno task docs` makes of the schema and the command line. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { madePages, undescribed } from "../../src/cli/reference/mod.ts";

Deno.test("docs: the pages that are made are as they would be made now", async () => {
  for (const [file, text] of await madePages()) {
    strictEqual(Deno.readTextFileSync(file), text, `${file} is stale: run deno task docs`);
  }
});

Deno.test("docs: every field of every record has a meaning", () => {
  deepStrictEqual(undescribed(), []);
});
