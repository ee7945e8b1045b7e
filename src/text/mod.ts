/**
 * Text that the kernel hands over: any bytes at all, mostly UTF-8.
 *
 * A byte that is no UTF-8 becomes half of a surrogate pair, U+DC80 for 0x80 to U+DCFF for 0xFF, which no UTF-8 has:
 * so nothing is lost, and two names that differ stay different. Python does the same (PEP 383, `surrogateescape`).
 *
 * @module
 */
const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Where bytes that are no UTF-8 are put. */
const ESCAPED = 0xdc00;

/** How many bytes of UTF-8 a character has that begins so. 1: none begins so, or it is ASCII. */
function lengthOf(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The character that begins there, or its first byte escaped. */
function characterAt(bytes: Uint8Array, at: number): { text: string; length: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { text: String.fromCharCode(first), length: 1 };
  const length = lengthOf(first);
  if (length > 1 && at + length <= bytes.length) {
    try {
      return { text: strict.decode(bytes.subarray(at, at + length)), length };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  return { text: String.fromCharCode(ESCAPED | first), length: 1 };
}

/** Bytes as text, from which {@linkcode encodeText} makes the same bytes again. */
export function decodeText(bytes: Uint8Array): string {
  const text = lenient.decode(bytes);
  // It stands for what is no UTF-8, or for itself.
  if (!text.includes("\ufffd")) return text;
  let exact = "";
  for (let at = 0; at < bytes.length;) {
    const { text, length } = characterAt(bytes, at);
    exact += text;
    at += length;
  }
  return exact;
}

/** Whether text stands for UTF-8: then it has no half of a surrogate pair. */
export function isUtf8(text: string): boolean {
  return text.isWellFormed();
}

/** The bytes that text was made from. Any other half of a surrogate pair becomes the three bytes of WTF-8. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code & 0xff);
    else if (code >= 0xd800 && code <= 0xdfff) {
      bytes.push(0xe0 | code >> 12, 0x80 | code >> 6 & 0x3f, 0x80 | code & 0x3f);
    } else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}
