import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatSize, parseSize } from "./size.ts";

Deno.test("size: as people write them", () => {
  const sizes = {
    "64M": 2 ** 26,
    "1.5g": 1.5 * 2 ** 30,
    "10k": 10_240,
    "4096": 4096,
    "50MiB": 50 * 2 ** 20,
  };
  for (const [text, bytes] of Object.entries(sizes)) strictEqual(parseSize(text), bytes, text);
  for (const text of ["", "M", "-1", "1T", "ten", "1 M"]) {
    strictEqual(parseSize(text), undefined, text);
  }
});

Deno.test("size: what is written is read back", () => {
  fc.assert(fc.property(fc.nat(), (bytes) => strictEqual(parseSize(formatSize(bytes)), bytes)));
});
