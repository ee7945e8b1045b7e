import { match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { decodeText } from "../text/mod.ts";
import { printable } from "./printable.ts";

Deno.test("printable: what is harmless stays as it is", () => {
  for (const text of ["web-1", "nginx:1.27", "名前", "café", "a b", "🐳"]) {
    strictEqual(printable(text), text);
  }
});

Deno.test("printable: what a terminal would act on is escaped", () => {
  strictEqual(printable("\x1b[2J\x1b]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07");
  strictEqual(printable("a\r\nb\tc\\"), "a\\r\\nb\\tc\\\\");
  strictEqual(printable("\u202egnp.exe\u200b\u2028"), "\\u{202e}gnp.exe\\u{200b}\\u{2028}");
  strictEqual(printable("\x9b31m\x7f\0"), "\\u{9b}31m\\x7f\\x00");
  strictEqual(printable("\ud800"), "\\u{d800}");
  strictEqual(printable("a\udcff"), "a\\xff");
});

Deno.test("printable: whatever comes in, one line without controls comes out, from which it can be got back", () => {
  const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array().map(decodeText));
  fc.assert(fc.property(anyText, (text) => {
    const safe = printable(text);
    match(safe, /^[^\p{C}\p{Zl}\p{Zp}]*$/u);
    const back = safe.replace(
      /\\(?:x([0-9a-f]{2})|u\{([0-9a-f]+)\}|(.))/g,
      (_, two: string | undefined, more: string | undefined, one: string | undefined) =>
        two !== undefined && parseInt(two, 16) >= 0x80
          ? String.fromCharCode(0xdc00 | parseInt(two, 16))
          : one === undefined
          ? String.fromCodePoint(parseInt(two ?? more ?? "", 16))
          : ({ n: "\n", r: "\r", t: "\t" })[one] ?? one,
    );
    strictEqual(back, text);
  }));
});
