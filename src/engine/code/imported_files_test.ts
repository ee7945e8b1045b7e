/** What code imports, by its text. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { followImports, importedFiles } from "./imported_files.ts";
import { Versions } from "./versions.ts";

Deno.test("imported files: those that are named by a path, however they are imported", () => {
  const text = `import { a } from "./a.ts";
import './b.ts';
import type {
  C,
} from "../c.ts";
export * from "/lib/d.ts";
export { e } from "file:///lib/e.ts?v=1";
const f = await import("./f.ts");
import { z } from "zod";
import { defineRule } from "tallyman";
`;
  deepStrictEqual(importedFiles(text, "/rules/one.ts"), [
    "/rules/a.ts",
    "/rules/b.ts",
    "/c.ts",
    "/lib/d.ts",
    "/lib/e.ts",
    "/rules/f.ts",
  ]);
});

Deno.test("imported files: whatever a text is, what is found are paths", () => {
  const piece = fc.oneof(
    fc.constantFrom('from "', "import '", "./", "file://", '"', "'", "(", "%", "\n", "\0"),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
    const files = importedFiles(pieces.join(""), "/rules/one.ts");
    ok(files.every((file) => file.startsWith("/")));
  }));
});

Deno.test("imported files: followed, a change of what is imported is one of who imports it", () => {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-imports-" });
  try {
    const [one, lib, deep] = ["one.ts", "lib.ts", "deep.ts"].map((name) => join(folder, name));
    const write = (file: string | undefined, text: string) =>
      Deno.writeTextFileSync(file ?? "", text);
    write(one, 'import "./lib.ts";');
    write(lib, 'import "./deep.ts"; import "./one.ts";');
    const versions = new Versions((file) => {
      try {
        return Deno.readTextFileSync(file);
      } catch {
        return undefined;
      }
    });
    followImports(versions, [one ?? ""]);
    deepStrictEqual([...versions.files].toSorted(), [deep, lib, one]);
    const before = versions.of(one ?? "");
    // It was not there when it was looked for.
    write(deep, "export {};");
    versions.refresh();
    ok(versions.of(one ?? "") !== before);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
