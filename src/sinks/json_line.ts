/**
 * Records as lines: one JSON object each, whatever is in it.
 *
 * @module
 */
import { encodeText, isUtf8 } from "../text/mod.ts";

/**
 * Characters that JSON allows in a string: some readers take them for the end of a line (NEL, U+2028, U+2029),
 * some terminals act on them (DEL, C1).
 */
const unescaped = /[\x7f-\x9f\u2028\u2029]/;
const everyUnescaped = new RegExp(unescaped, "g");

/** JSON that is part of a line: JSON.stringify escapes other controls and halves of surrogate pairs. */
export function lineOf(value: unknown): string {
  const json = JSON.stringify(value);
  return unescaped.test(json)
    ? json.replace(
      everyUnescaped,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    : json;
}

/** A record's line, with its newline. */
export function line(record: object): string {
  return `${exact(lineOf(record))}\n`;
}

/** Whether JSON is all UTF-8 as it is: {@linkcode exact} leaves it so. */
export function isExact(json: string): boolean {
  return !json.includes(HALF);
}

/** In JSON it stands for half of a surrogate pair, or for a backslash before `ud`. */
const HALF = "\\ud";

/**
 * Makes JSON of an object all UTF-8: the rest is told by `not_utf8`. Many readers refuse halves of surrogate pairs.
 */
export function exact(json: string): string {
  if (isExact(json)) return json;
  const bytes: Record<string, string> = {};
  const record = wellFormed(JSON.parse(json), "", bytes);
  return isEmpty(bytes) ? json : lineOf({ ...record as object, not_utf8: bytes });
}

/** The same with U+FFFD for each byte that is no UTF-8, for formats that have no place for it. */
export function utf8Only(value: object): object {
  return wellFormed(value, "", {}) as object;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** A name as a step of a JSON pointer: RFC 6901. */
function step(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The value with U+FFFD for what is no UTF-8; the true bytes go to `bytes`, by where they belong. */
function wellFormed(value: unknown, pointer: string, bytes: Record<string, string>): unknown {
  if (typeof value === "string") {
    if (isUtf8(value)) return value;
    bytes[pointer] = encodeText(value).toBase64();
    return value.toWellFormed();
  }
  if (Array.isArray(value)) {
    return value.map((each, i) => wellFormed(each, `${pointer}/${i}`, bytes));
  }
  if (typeof value !== "object" || value === null) return value;
  const names = new Set(Object.keys(value));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      let shown = name.toWellFormed();
      if (shown !== name) {
        while (names.has(shown)) shown += "\ufffd";
        names.add(shown);
        bytes[`#${pointer}${step(shown)}`] = encodeText(name).toBase64();
      }
      return [shown, wellFormed(each, pointer + step(shown), bytes)];
    }),
  );
}
