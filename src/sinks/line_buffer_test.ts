import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { LineBuffer } from "./line_buffer.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function put(write: (into: LineBuffer) => void): string {
  const buffer = new LineBuffer();
  write(buffer);
  return decoder.decode(buffer.bytes);
}

Deno.test("line buffer: numbers are as JSON has them", () => {
  const edges = [0, 9, 10, 99, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 64, 1e300];
  const number = fc.oneof(
    fc.constantFrom(...edges, -0, -1, 0.5),
    fc.maxSafeNat(),
    fc.nat(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(fc.property(number, (value) => {
    strictEqual(put((into) => into.number(value)), JSON.stringify(value));
  }));
});

Deno.test("line buffer: nanoseconds have nine digits", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999 }), (value) => {
    strictEqual(put((into) => into.padded(value, 9)), String(value).padStart(9, "0"));
  }));
});

Deno.test("line buffer: texts and parts follow each other, however long; what is cut off is gone", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.string({ maxLength: 100 }),
    fc.string({ unit: "grapheme", minLength: 1 }).map((each) => each.repeat(20_000)),
  );
  const part = fc.record({ text, isCopied: fc.boolean(), isCut: fc.boolean() });
  fc.assert(fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
    const buffer = new LineBuffer();
    let expected = "";
    for (const { text, isCopied, isCut } of parts) {
      const { length } = buffer;
      if (isCopied) buffer.copy(new TextEncoder().encode(text));
      else buffer.text(text);
      if (isCut) buffer.cut(length);
      else expected += text;
    }
    deepStrictEqual(buffer.bytes, new TextEncoder().encode(expected));
  }));
});
