/**
 * Where in a configuration's text something stands.
 *
 * @module
 */

/** Counted from 1, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The way to something in a configuration: names of fields, and indexes. */
export type ConfigPath = readonly PropertyKey[];

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*|[\d.]+/uy;
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };

/**
 * The place of a field, by its name, or of an array's element, in JSON or in the object that a module exports by
 * default. Of a field that is not written there it is that of what it is missing in.
 *
 * @returns undefined where the text can't be followed: what is exported is made elsewhere.
 */
export function placeIn(text: string, path: ConfigPath, isJson: boolean): Place | undefined {
  const source = new Source(text);
  const start = isJson ? source.space(0) : exported(source);
  if (start === undefined || text[start] !== "{") return undefined;
  let [at, value] = [start, start];
  for (const key of path) {
    const found = text[value] === "{"
      ? field(source, value, String(key))
      : text[value] === "["
      ? element(source, value, Number(key))
      : undefined;
    if (found === undefined) break;
    [at, value] = found;
  }
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where the object begins that is exported by default, itself or by way of `defineConfig()`. */
function exported(source: Source): number | undefined {
  const [found] = source.text.matchAll(/^export\s+default\s+(?:defineConfig\s*\()?/gm);
  return found && source.space(found.index + found[0].length);
}

/** Where a field's name stands and where its value does; of one that is there twice, the last. */
function field(source: Source, object: number, wanted: string): [number, number] | undefined {
  let found: [number, number] | undefined;
  for (const start of source.items(object)) {
    const key = source.key(start);
    if (key === undefined || key.name !== wanted) continue;
    const colon = source.space(key.end);
    found = [start, source.text[colon] === ":" ? source.space(colon + 1) : start];
  }
  return found;
}

/** Where an element stands; undefined: it is not written there, or nobody can say which it is. */
function element(source: Source, array: number, wanted: number): [number, number] | undefined {
  let index = 0;
  for (const start of source.items(array)) {
    if (source.text.startsWith("...", start)) return undefined;
    if (index++ === wanted) return [start, start];
  }
  return undefined;
}

/** A text in JavaScript, as far as objects and arrays go that are written out. */
class Source {
  constructor(readonly text: string) {}

  /** Where the next thing begins that is neither a space nor a comment. */
  space(at: number): number {
    SPACE.lastIndex = at;
    return at + (SPACE.exec(this.text)?.[0].length ?? 0);
  }

  /** Where the items of an object or an array begin. */
  *items(opening: number): Generator<number> {
    const closing = CLOSING[this.text[opening] ?? ""];
    let at = this.space(opening + 1);
    while (at < this.text.length && this.text[at] !== closing) {
      yield at;
      at = this.#end(at);
      if (this.text[at] !== ",") return;
      at = this.space(at + 1);
    }
  }

  /** A field's name and where that ends; undefined if it is not plainly written. */
  key(at: number): { readonly name: string; readonly end: number } | undefined {
    const quote = this.text[at];
    if (quote === '"' || quote === "'") {
      const end = this.#afterText(at);
      return { name: textOf(this.text.slice(at + 1, end - 1)), end };
    }
    NAME.lastIndex = at;
    const name = NAME.exec(this.text)?.[0];
    return name === undefined ? undefined : { name, end: at + name.length };
  }

  /** Where an expression ends: at a comma, or at what closes that which it is in. */
  #end(start: number): number {
    const open: (string | undefined)[] = [];
    for (let at = start; at < this.text.length;) {
      const char = this.text[at] ?? "";
      if (open.length === 0 && (char === "," || "}])".includes(char))) return at;
      if (char in CLOSING) open.push(CLOSING[char]);
      else if (char === open.at(-1)) open.pop();
      const next = `"'\``.includes(char) ? this.#afterText(at) : this.space(at);
      at = next > at ? next : at + 1;
    }
    return this.text.length;
  }

  /** Behind a string or a template. */
  #afterText(start: number): number {
    const quote = this.text[start];
    for (let at = start + 1; at < this.text.length; at++) {
      if (this.text[at] === "\\") at++;
      else if (this.text[at] === quote) return at + 1;
      else if (quote === "`" && this.text.startsWith("${", at)) at = this.#end(at + 2);
    }
    return this.text.length;
  }
}

/** What a string says; as it is written if that is not known. */
function textOf(written: string): string {
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
