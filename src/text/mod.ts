/**
 * Text that the kernel hands over: any bytes at all, mostly UTF-8.
 *
 * A byte that is no UTF-8 becomes half of a surrogate pair, U+DC80 for 0x80 to U+DCFF for 0xFF, which no UTF-8 has:
 * so nothing is lost, and two names that differ stay different. Python does the same (PEP 383, `surrogateescape`).
 *
 * @module
 */
export { writeStandardError } from "./standard_error.ts";

const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Where bytes that are no UTF-8 are put. */
const ESCAPED = 0xdc00;

/** The least second byte of a character that begins so, and the most: Unicode 17, table 3-7. */
function secondByte(first: number): readonly [least: number, most: number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

/** How many bytes the character has that begins there; 0: none does. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const [least, most] = secondByte(first);
  const second = bytes[at + 1] ?? 0;
  if (second < least || second > most) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The code point that so many bytes stand for. */
function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  let code = bytes[at] ?? 0;
  if (length > 1) code &= 0x7f >> length;
  for (let i = 1; i < length; i++) code = code << 6 | (bytes[at + i] ?? 0) & 0x3f;
  return code;
}

/** Bytes as text, from which {@linkcode encodeText} makes the same bytes again. */
export function decodeText(bytes: Uint8Array): string {
  const text = lenient.decode(bytes);
  // It stands for what is no UTF-8, or for itself.
  if (!text.includes("\ufffd")) return text;
  let exact = "";
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    exact += String.fromCodePoint(
      length === 0 ? ESCAPED | (bytes[at] ?? 0) : codePointAt(bytes, at, length),
    );
    at += Math.max(length, 1);
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
