/**
 * Text that a container had a hand in, made safe for a terminal: nothing in it can move the cursor, begin a
 * line, change colours or the direction of writing.
 *
 * @module
 */

/**
 * What must not reach a terminal as it is: control characters (C0, DEL, C1), line and paragraph separators,
 * characters that change the direction of what follows or have no width (Unicode categories Cc, Cf, Zl, Zp),
 * halves of surrogate pairs and what is in no version of Unicode or private (Cs, Co, Cn), and the backslash
 * that escapes are written with.
 */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\\]/gu;

/** Replaces what is unsafe by escapes: `\n`, `\x1b`, `\u{202e}`; a byte that is no UTF-8 is `\xff`; a backslash doubles. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    switch (character) {
      case "\\":
        return "\\\\";
      case "\n":
        return "\\n";
      case "\r":
        return "\\r";
      case "\t":
        return "\\t";
    }
    const code = character.codePointAt(0) ?? 0;
    // Characters from U+0080 on are more than one byte: `\x80` is a byte that is part of none.
    const byte = code < 0x80 ? code : code >= 0xdc80 && code <= 0xdcff ? code & 0xff : undefined;
    return byte === undefined
      ? `\\u{${code.toString(16)}}`
      : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
}
