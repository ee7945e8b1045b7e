import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { writeAll } from "./output.ts";

Deno.test("writeAll: all of a text arrives, however little each write takes", () => {
  const texts = fc.string({ unit: "grapheme" });
  const least = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
  fc.assert(fc.property(texts, least, (text, sizes) => {
    const bytes: number[] = [];
    let calls = 0;
    writeAll({
      writeSync(rest) {
        const taken = rest.subarray(0, sizes[calls++ % sizes.length]);
        bytes.push(...taken);
        return taken.length;
      },
    }, text);
    strictEqual(new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes)), text);
  }));
});
