/**
 * Lines as `strace -yy -X verbose` writes them, and as we do, taken apart in one way: name, arguments, result.
 *
 * @module
 */

/** A call's line. */
export interface Line {
  readonly name: string;
  /** Flags by their names, descriptors without what they refer to. */
  readonly args: readonly string[];
  /** What is behind the equals sign; undefined: the call did not end. */
  readonly result: string | undefined;
  /** By argument: the number that strace gives beside its names, `0x241` of `0x241 /* O_WRONLY|… *‎/`. */
  readonly numbers: readonly (bigint | undefined)[];
}

const opening = "([{";
const closing = ")]}";

/** A number at the end of a text, which a comment behind it says in words. */
const numberAtEnd = /-?(?:0x[0-9a-f]+|\d+) $/;

/** Bytes at the end of a text, which a comment behind them says in words: `"\x00\x50" /* htons(80) *\/`. */
const bytesAtEnd = /"(?:\\x[0-9a-f]{2})+" $/;
const bytesInWords = /^(?:htons|htonl|inet_addr|inet_pton)\(/;

/** Numbers of a word of flags, as C writes them: `0x200|0644`. */
const wordOfNumbers = /^-?(?:0x[0-9a-f]+|\d+)(?:\|(?:0x[0-9a-f]+|\d+))*$/;

/** Where a quoted string that begins at `at` ends. */
function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i + 1;
  }
  throw new Error(`a string without an end: ${text.slice(at)}`);
}

/** Where a description that begins with `<` at `at` ends: `</dev/null<char 1:3>>`, `<UNIX:[1->2]>`. */
function endOfDescription(text: string, at: number): number {
  let depth = 0;
  // A path has quotes as they are.
  const isPath = text[at + 1] === "/";
  for (let i = at; i < text.length; i++) {
    if (text[i] === '"' && !isPath) i = endOfString(text, i) - 1;
    else if (text[i] === "<") depth++;
    else if (text[i] === ">" && text[i - 1] !== "-" && --depth === 0) return i + 1;
  }
  throw new Error(`a description without an end: ${text.slice(at)}`);
}

/** Comments that say a time in words, or that a number has no name: the number before them stays. */
const time = /^\d{4}-\d\d-\d\dT|^[\d.]+ s$/;
const noName = /^(?=.*\?)[\w?]+$/;

/** Where a comment that begins at `at` ends; there may be others in it. */
function endOfComment(text: string, at: number): number {
  let depth = 0;
  for (const { 0: mark, index } of text.slice(at).matchAll(/\/\*|\*\//g)) {
    depth += mark === "/*" ? 1 : -1;
    if (depth === 0) return at + index + mark.length;
  }
  throw new Error(`a comment without an end: ${text.slice(at)}`);
}

/** C's octal numbers as JavaScript has them. */
function toNumber(text: string): bigint {
  return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text.replace(/^0(?=\d)/, "0o"));
}

/** What a scan has made of a text: its parts between commas, up to the bracket that closes what was open. */
class Scan {
  readonly parts: string[] = [];
  readonly numbers: (bigint | undefined)[] = [];
  /** Where the text ends, or that bracket is. */
  readonly end: number;
  /** The part that is being read, and the same without what comments say. */
  #words = "";
  #digits = "";

  constructor(text: string, from = 0) {
    let depth = 0;
    let i = from;
    while (i < text.length) {
      const character = text[i]!;
      let end = i + 1;
      if (character === '"') {
        end = endOfString(text, i);
        this.#add(text.slice(i, end));
      } else if (text.startsWith("/*", i)) {
        end = endOfComment(text, i);
        this.#comment(text.slice(i + 3, end - 3));
      } else if (character === "<" && this.#isDescribed(text, i)) {
        end = endOfDescription(text, i);
        if (text.startsWith("(deleted)", end)) end += "(deleted)".length;
      } else if (depth === 0 && text.startsWith(", ", i)) {
        this.#finish();
        end++;
      } else {
        if (opening.includes(character)) depth++;
        if (closing.includes(character) && --depth < 0) break;
        this.#add(character);
      }
      i = end;
    }
    this.end = i;
    if (this.parts.length > 0 || this.#words !== "") this.#finish();
  }

  #add(text: string): void {
    this.#words += text;
    this.#digits += text;
  }

  /** Behind a descriptor: its digits, or the name that stands for it. */
  #isDescribed(text: string, at: number): boolean {
    return /(?:\d|AT_FDCWD)$/.test(this.#words) && text[at + 1] !== "<";
  }

  #comment(text: string): void {
    this.#digits = this.#digits.replace(/ $/, "");
    const said = numberAtEnd.exec(this.#words)?.[0] ??
      (bytesInWords.test(text) ? bytesAtEnd.exec(this.#words)?.[0] : undefined);
    if (time.test(text) || (said !== undefined && noName.test(text))) {
      this.#words = this.#words.replace(/ $/, "");
    } else if (said === undefined) {
      this.#words += `/* ${text} */`;
    } else {
      this.#words = this.#words.slice(0, -said.length) + new Scan(text).parts.join(", ");
    }
  }

  #finish(): void {
    const isWord = this.#digits !== this.#words && wordOfNumbers.test(this.#digits);
    this.parts.push(this.#words);
    this.numbers.push(
      isWord
        ? this.#digits.split("|").map(toNumber).reduce((word, part) => word | part, 0n)
        : undefined,
    );
    this.#words = this.#digits = "";
  }
}

/** What is between the commas of a list, with names in the place of numbers. */
export function splitParts(text: string): readonly string[] {
  return new Scan(text).parts;
}

/**
 * Takes a line apart.
 *
 * @returns undefined of a line that is no call: a signal, an end, a note.
 */
export function parseLine(text: string): Line | undefined {
  const [all, name] = /^([\w:]+)\(/.exec(text) ?? [];
  if (all === undefined || name === undefined) return undefined;
  const args = new Scan(text, all.length);
  const rest = /^\)\s+= (.*)$/s.exec(text.slice(args.end))?.[1];
  const result = rest === undefined ? undefined : new Scan(rest).parts.join(", ");
  return { name, args: args.parts, result, numbers: args.numbers };
}
