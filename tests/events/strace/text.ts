/**
 * Taking texts of arguments apart: what is between brackets, fields of structs, strings, numbers.
 *
 * @module
 */
import { splitParts } from "./parse.ts";

/** `[a, b]` or `{a, b}` without the brackets; undefined of anything else. */
function inside(text: string, brackets: "[]" | "{}"): string | undefined {
  return text.startsWith(brackets[0]!) && text.endsWith(brackets[1]!)
    ? text.slice(1, -1)
    : undefined;
}

/** The elements of `[a, b]`; undefined of anything else. */
export function elements(text: string): readonly string[] | undefined {
  const list = inside(text, "[]");
  return list === undefined ? undefined : splitParts(list);
}

/** The fields of `{a=1, b=2}`, whole, by their names; undefined of anything else. */
export function fields(text: string): ReadonlyMap<string, string> | undefined {
  const list = inside(text, "{}");
  if (list === undefined) return undefined;
  return new Map(splitParts(list).map((part) => [/^(\w+)=/.exec(part)?.[1] ?? part, part]));
}

/** What is behind a field's equals sign. */
export function valueOf(field: string | undefined): string | undefined {
  return field?.slice(field.indexOf("=") + 1);
}

/** Text of a struct of some fields. */
export function structOf(list: Iterable<string>): string {
  return `{${[...list].join(", ")}}`;
}

/** A number as C writes it, in base 8, 10 or 16. */
export function toNumber(text: string): bigint | undefined {
  const [, sign, digits] = /^(-?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const number = BigInt(digits.replace(/^0(?=\d)/, "0o"));
  return sign === "-" ? -number : number;
}

/** Whether a text is an address, or NULL. */
export function isAddress(text: string): boolean {
  return /^(?:NULL|0x[0-9a-f]+)$/.test(text);
}

/** C's escapes, and the byte that each is. */
const escapes: Readonly<Record<string, number>> = {
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/** The bytes of a quoted string, whichever escapes it has, as one character each; and whether it was cut. */
export function unquote(
  text: string,
): { readonly bytes: string; readonly cut: boolean } | undefined {
  const [, inner, more] = /^"((?:[^"\\]|\\.)*)"(\.\.\.)?$/s.exec(text) ?? [];
  if (inner === undefined) return undefined;
  const bytes = inner.replace(
    /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))/gs,
    (_, hex?: string, octal?: string, letter?: string) =>
      String.fromCharCode(
        hex !== undefined
          ? parseInt(hex, 16)
          : octal !== undefined
          ? parseInt(octal, 8)
          : escapes[letter ?? ""] ?? 0,
      ),
  );
  return { bytes, cut: more !== undefined };
}

/** Characters as bytes. */
export function bytesOf(characters: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

/** Bytes as a quoted string in which every byte is its number: for comparing, not for reading. */
export function quoteBytes(bytes: string, cut: boolean): string {
  return `"${bytesOf(bytes).toHex()}"${cut ? "..." : ""}`;
}
