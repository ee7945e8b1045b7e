import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { hostileText } from "../fixtures.ts";
import { line } from "../json_line.ts";
import { restOfLine } from "./mend.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

Deno.test("mend: wherever a record is cut, it becomes a whole line that says so, and keeps what there was", () => {
  const leaf = fc.oneof(
    hostileText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const value = fc.oneof(
    leaf,
    fc.array(leaf),
    fc.dictionary(hostileText, fc.oneof(leaf, fc.array(fc.jsonValue()))),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(value, fc.nat(), (value, at) => {
      const whole = new TextEncoder().encode(
        line({ type: "event", value, more: [1, -2.5e-7, { a: "b" }] }),
      );
      const cut = whole.subarray(0, 1 + at % (whole.length - 1));
      const rest = restOfLine(cut);
      ok(rest !== undefined, decoder.decode(whole));
      const mended = decoder.decode(new Uint8Array([...cut, ...rest]));
      strictEqual(mended.indexOf("\n"), mended.length - 1);
      const record = JSON.parse(mended);
      if (cut.length === whole.length - 1) deepStrictEqual(rest, new Uint8Array([0x0a]));
      else strictEqual(record.cut, true);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("mend: what is no record's beginning is not continued", () => {
  for (const text of ["\0\0\0\0", "hello", "[1", "12", '{"a":}', '{"a" "b', "{{"]) {
    strictEqual(restOfLine(new TextEncoder().encode(text)), undefined, text);
  }
  strictEqual(restOfLine(new Uint8Array([0x7b, 0xff])), undefined);
});
