/** Every test is in a group that `./test` runs. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { groups } from "../groups.ts";

/** Files of tests below a folder, but those in folders of tools. */
function* testFiles(folder = "."): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = folder === "." ? name : `${folder}/${name}`;
    if (isDirectory && !name.startsWith(".") && name !== "node_modules") yield* testFiles(path);
    if (name.endsWith("_test.ts")) yield path;
  }
}

Deno.test("groups: each file of tests is in one", () => {
  const paths = groups.flatMap(({ command }) =>
    command.filter((word) => /\/$|_test\.ts$/.test(word))
  );
  const files = [...testFiles()];
  ok(files.length > 100);
  deepStrictEqual(files.filter((file) => !paths.some((path) => file.startsWith(path))), []);
});
