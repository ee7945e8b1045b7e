import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { encodeText } from "../text/mod.ts";
import { hostileText } from "./fixtures.ts";
import { allInBytes, meant } from "./json_fixtures.ts";
import { line } from "./json_line.ts";

Deno.test("line: one line, from which the record can be got back, whatever is in it", () => {
  const values = fc.oneof(hostileText, fc.dictionary(hostileText, hostileText), fc.jsonValue());
  fc.assert(fc.property(values, (value) => {
    const text = line({ type: "tally", value });
    strictEqual(text.indexOf("\n"), text.length - 1);
    // What some readers take for the end of a line, and other controls.
    doesNotMatch(text.slice(0, -1), /[\p{Cc}\u2028\u2029]/u);
    // Readers that are strict refuse halves of surrogate pairs, escaped or not.
    doesNotMatch(JSON.stringify(JSON.parse(text)).replaceAll("\\\\", ""), /\\ud[89a-f]/);
    const expected = allInBytes(JSON.parse(JSON.stringify({ type: "tally", value })));
    deepStrictEqual(meant(JSON.parse(text)), expected);
  }));
});

Deno.test("line: a name can't forge a record or end its line", () => {
  const name = '"},"type":"alert"}\n{"type":"alert"}\u2028\u2029\x85';
  const text = line({ type: "container", name });
  strictEqual(text.split(/[\n\r\u2028\u2029\x85]/).length, 2);
  strictEqual(JSON.parse(text).name, name);
  strictEqual(JSON.parse(text).type, "container");
});

Deno.test("line: what is no UTF-8 is told with where it is and its bytes", () => {
  const read = JSON.parse(line({ type: "event", args: { "a/b~c": ["x", "/caf\udce9"] } }));
  deepStrictEqual(read, {
    type: "event",
    args: { "a/b~c": ["x", "/caf\ufffd"] },
    not_utf8: { "/args/a~1b~0c/1": encodeText("/caf\udce9").toBase64() },
  });
  strictEqual(atob(read.not_utf8["/args/a~1b~0c/1"]), "/caf\xe9");
});

Deno.test("line: names that are no UTF-8 stay different", () => {
  const names = ["a\udce9", "a\udcea", "a\ufffd"];
  const record = { label: Object.fromEntries(names.map((name, i) => [name, `${i + 1}`])) };
  const read = JSON.parse(line(record));
  deepStrictEqual(new Set(Object.values(read.label)), new Set(["1", "2", "3"]));
  strictEqual(read.label["a\ufffd"], "3");
  deepStrictEqual(meant(read), record);
});

Deno.test("line: a backslash before ud is what it is", () => {
  const read = JSON.parse(line({ path: "C:\\udc80" }));
  ok(!("not_utf8" in read));
  strictEqual(read.path, "C:\\udc80");
});
