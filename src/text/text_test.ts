import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { decodeText, encodeText, isUtf8 } from "./mod.ts";

const bytesOf = (...bytes: number[]) => Uint8Array.from(bytes);

/** Bytes that look like UTF-8 here and there, and aren't. */
const anyBytes = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.string({ unit: "binary", maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
    fc.constantFrom(
      bytesOf(0xed, 0xb2, 0x80),
      bytesOf(0xef, 0xbf, 0xbd),
      bytesOf(0xef, 0xbb, 0xbf),
      bytesOf(0xf0, 0x9f, 0x90),
      bytesOf(0xc0, 0xaf),
    ),
  ),
  { maxLength: 12 },
).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

Deno.test("text: all bytes come back, and UTF-8 is what every decoder makes of it", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const text = decodeText(bytes);
      deepStrictEqual(encodeText(text), bytes);
      if (isUtf8(text)) {
        strictEqual(text, new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes));
      } else ok(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).includes("\ufffd"));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("text: names that differ in a byte that is no UTF-8 differ", () => {
  const names = [bytesOf(0x61, 0xff), bytesOf(0x61, 0xfe), bytesOf(0x61, 0xef, 0xbf, 0xbd)];
  deepStrictEqual(names.map(decodeText), ["a\udcff", "a\udcfe", "a\ufffd"]);
});

Deno.test("text: CESU and overlong forms are no UTF-8", () => {
  strictEqual(decodeText(bytesOf(0xed, 0xb2, 0x80)), "\udced\udcb2\udc80");
  strictEqual(decodeText(bytesOf(0xc0, 0xaf)), "\udcc0\udcaf");
  // The end of a text that was cut within a character.
  strictEqual(decodeText(bytesOf(0x61, 0xe2, 0x82)), "a\udce2\udc82");
});
