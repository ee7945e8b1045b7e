/** bpf/layout.h is made from src/kernel/layout.ts, and the compiler asserts what it says. */
import { strictEqual } from "node:assert/strict";
import { layoutHeader } from "../../bpf/layout_header.ts";

Deno.test("layout: the committed header is what layout.ts gives", () => {
  strictEqual(Deno.readTextFileSync("bpf/layout.h"), layoutHeader());
});
