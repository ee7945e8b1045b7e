/** Where fields and elements stand, in JSON and in modules. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { placeIn } from "./place.ts";

/** Every path into a value, with what stands at its place. */
function* paths(value: unknown, path: readonly PropertyKey[] = []): Generator<
  { readonly path: readonly PropertyKey[]; readonly begins: string }
> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const isElement = Array.isArray(value);
    const begins = isElement ? (JSON.stringify(each)[0] ?? "") : JSON.stringify(key);
    yield { path: [...path, isElement ? Number(key) : key], begins };
    yield* paths(each, [...path, isElement ? Number(key) : key]);
  }
}

/** The text from a place on. */
function textAt(text: string, { line, column }: { line: number; column: number }): string {
  return text.split("\n").slice(line - 1).join("\n").slice(column - 1);
}

Deno.test("place: each field and element of any JSON is where it stands", () => {
  const json = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
  fc.assert(fc.property(json, fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
    const text = JSON.stringify(value, undefined, indent);
    for (const { path, begins } of paths(JSON.parse(text))) {
      const place = placeIn(text, path, true);
      ok(
        place && textAt(text, place).startsWith(begins),
        `${path.map(String).join(".")} in ${text}`,
      );
    }
  }));
});

Deno.test("place: whatever a file holds, asking ends", () => {
  const piece = fc.constantFrom(
    ..."{}[](),:'\"`\\/*\n a1".split(""),
    ...["${", "//", "/*", "*/", "export default ", "defineConfig(", "rule", "..."],
  );
  const text = fc.array(piece).map((pieces) => pieces.join(""));
  const path = fc.array(fc.constantFrom<PropertyKey>("rule", "a", 0, 1));
  fc.assert(fc.property(text, path, fc.boolean(), (text, path, isJson) => {
    placeIn(text, path, isJson);
  }));
});

const module = `// export default { rules: [] }
import { defineConfig } from "tallyman";
const shared = ["a.ts"];
export default defineConfig({
  rules: [...shared, "b.ts"], // , }
  /* rule: 1 */ "rule": {
    'a-b': { options: { text: \`}\${"}"},\`, paths: ["x", { y: (1, 2) }] }, shared },
  },
  plugins: ["redact", ["dedupe", { per: "1m" }]],
});
`;

Deno.test("place: in a module, past comments, templates and what is made elsewhere", () => {
  const at = (...path: PropertyKey[]) => {
    const { line, column } = placeIn(module, path, false) ?? {};
    return `${line}:${column}`;
  };
  const found = {
    "whole": at(),
    "rules": at("rules"),
    "behind a spread": at("rules", 1),
    "rule": at("rule"),
    "options": at("rule", "a-b", "options", "paths"),
    "deep": at("rule", "a-b", "options", "paths", 1, "y"),
    "short": at("rule", "a-b", "shared"),
    "missing": at("rule", "a-b", "limit", "burst"),
    "plugin": at("plugins", 1, 1, "per"),
  };
  deepStrictEqual(found, {
    "whole": "4:29",
    "rules": "5:3",
    "behind a spread": "5:3",
    "rule": "6:17",
    "options": "7:43",
    "deep": "7:58",
    "short": "7:74",
    "missing": "7:5",
    "plugin": "9:36",
  });
});

Deno.test("place: of what is made elsewhere nobody says one", () => {
  strictEqual(placeIn("const config = {};\nexport default config;\n", ["rules"], false), undefined);
  strictEqual(placeIn("[]", ["rules"], true), undefined);
});
