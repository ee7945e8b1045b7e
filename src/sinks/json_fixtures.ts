/**
 * What a reader makes of lines: for tests.
 *
 * @module
 */
import { decodeText, encodeText } from "../text/mod.ts";

interface Members {
  [name: string]: unknown;
}

/** Text as its bytes say it: halves of surrogate pairs that stand for no byte are the bytes of WTF-8. */
export function inBytes(text: string): string {
  return decodeText(encodeText(text));
}

/** The same with every text and name as its bytes say it. */
export function allInBytes(value: unknown): unknown {
  if (typeof value === "string") return inBytes(value);
  if (Array.isArray(value)) return value.map(allInBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [inBytes(name), allInBytes(each)]),
  );
}

function steps(pointer: string): string[] {
  return pointer.split("/").slice(1)
    .map((each) => each.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function at(record: object, path: readonly string[]): Members {
  return path.reduce((each, name) => each[name] as Members, record as Members);
}

/** A record that was read, with what is no UTF-8 put back, as docs/jsonl.md tells. */
export function meant(read: object): object {
  const { not_utf8 = {}, ...record } = read as { not_utf8?: Readonly<Record<string, string>> };
  const texts = Object.entries(not_utf8)
    .map(([where, base64]) => [where, decodeText(Uint8Array.fromBase64(base64))] as const);
  const put = (path: readonly string[], name: string | undefined, value: unknown) =>
    Object.defineProperty(at(record, path.slice(0, -1)), name ?? "", {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  for (const [where, text] of texts) {
    if (!where.startsWith("#")) put(steps(where), steps(where).at(-1), text);
  }
  // Names from the inside out: the others' paths go through them as they were written.
  const names = texts.filter(([where]) => where.startsWith("#"))
    .map(([where, text]) => [steps(where), text] as const)
    .sort(([a], [b]) => b.length - a.length);
  for (const [path, name] of names) {
    const members = at(record, path.slice(0, -1));
    const old = path.at(-1) ?? "";
    const value = members[old];
    delete members[old];
    put(path, name, value);
  }
  return record;
}
