/**
 * A line that a crash has cut short is made a whole line again, so that the next record is not glued to it.
 *
 * Nothing is taken away: a reader that follows the file may have read what there is, and would take what comes in its
 * place for its continuation. So it is continued: closed as JSON closes, and marked by `"cut":true`. Its last value
 * may be cut, too.
 *
 * @module
 */

const OPENING: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

/** What a value may go on with. */
type Expected = "value" | "first key" | "key" | "colon" | "end";

/**
 * What makes a line's beginning a whole line.
 *
 * @returns the rest, with its newline; undefined if it is not the beginning of a JSON object.
 */
export function restOfLine(cut: Uint8Array): Uint8Array | undefined {
  const rest = missingOf(cut);
  for (const candidate of rest) {
    const line = new Uint8Array([...cut, ...candidate]);
    if (isObject(line)) return new Uint8Array([...candidate, 0x0a]);
  }
  return undefined;
}

function isObject(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Bytes that a UTF-8 sequence lacks at the end: any that make it valid. */
function missingOfCharacter(bytes: Uint8Array): number[] {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (
    const missing of [[], [0x80], [0xbf], [0x80, 0x80], [0xbf, 0x80], [0x80, 0x80, 0x80], [
      0xbf,
      0x80,
      0x80,
    ]]
  ) {
    try {
      decoder.decode(new Uint8Array([...bytes, ...missing]));
      return missing;
    } catch {
      // Not these.
    }
  }
  return [];
}

/** What may be missing; the caller sees which of it makes JSON. */
function* missingOf(cut: Uint8Array): Generator<number[]> {
  const tail = cut.subarray(Math.max(0, cut.length - 4));
  let start = 0;
  while (start < tail.length && ((tail[start] ?? 0) & 0xc0) === 0x80) start++;
  const character = missingOfCharacter(tail.subarray(start));
  const text = new TextDecoder().decode(new Uint8Array([...cut, ...character]));
  const closers: string[] = [];
  let [isString, isKey] = [false, false];
  let expected: Expected = "value";
  let token = "";
  for (let i = 0; i < text.length; i++) {
    const at = text[i] ?? "";
    if (isString) {
      token += at;
      if (at === "\\") token += text[++i] ?? "";
      else if (at === '"') {
        isString = false;
        expected = isKey ? "colon" : "end";
        token = "";
      }
      continue;
    }
    if (at === '"') {
      isString = true;
      isKey = expected === "key" || expected === "first key";
      token = at;
    } else if (at === "{" || at === "[") {
      closers.push(OPENING[at] ?? "");
      expected = at === "{" ? "first key" : "value";
      token = at === "[" ? at : "";
    } else if (at === "}" || at === "]") {
      closers.pop();
      [expected, token] = ["end", ""];
    } else if (at === ":") {
      [expected, token] = ["value", ""];
    } else if (at === ",") {
      [expected, token] = [closers.at(-1) === "}" ? "key" : "value", ","];
    } else if (/\S/.test(at)) {
      token = expected === "end" ? token + at : at;
      expected = "end";
    }
  }
  const encode = (rest: string) => [...character, ...new TextEncoder().encode(rest)];
  const outer = closers.slice(1).reverse().join("");
  if (closers.length === 0) return yield encode("");
  for (const value of endsOf(text, token, isString, isKey, expected)) {
    // Inside the outermost object, behind whatever it has.
    const isEmpty = /^\s*\{\s*$/.test(text);
    const comma = isEmpty || (closers.length === 1 && value === "" && expected === "key")
      ? ""
      : ",";
    yield encode(`${value}${outer}${comma}"cut":true}`);
  }
}

function* endsOf(
  text: string,
  token: string,
  isString: boolean,
  isKey: boolean,
  expected: Expected,
): Generator<string> {
  if (isString) {
    const after = isKey ? '":null' : '"';
    // In the middle of an escape: \, \u, \u1, \u12, \u123.
    for (const escape of ["", "\\", "0000", "000", "00", "0"]) yield `${escape}${after}`;
  } else if (expected === "colon") {
    yield ":null";
  } else if (expected === "key") {
    yield "";
    yield '"cut":true';
  } else if (expected === "value") {
    yield token === "[" ? "" : "null";
  } else if (expected === "end") {
    const literal = ["true", "false", "null"].find((each) =>
      token !== "" && each.startsWith(token)
    );
    yield literal === undefined ? "" : literal.slice(token.length);
    yield "0";
    yield "+0";
    if (text.endsWith("-")) yield "0";
  } else {
    yield "";
  }
}
