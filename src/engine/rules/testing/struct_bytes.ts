/**
 * Structs as bytes, without knowing their layout: the decoder is asked where each field is.
 *
 * @module
 */
import { isRecord, matches } from "./matches.ts";

/** Numbers that a name may stand for. */
export type NumbersOf = (name: string) => readonly bigint[];

const encoder = new TextEncoder();

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((of, key) => isRecord(of) ? of[key] : undefined, value);
}

function snapshot(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}n` : part) ?? "";
}

/** The bytes of a number, the lowest first. */
export function littleEndian(value: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** A struct that is filled field by field. */
class Draft {
  readonly bytes: Uint8Array;
  readonly #read: (bytes: Uint8Array) => unknown;
  readonly #numbersOf: NumbersOf;

  constructor(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown, numbersOf: NumbersOf) {
    this.bytes = bytes;
    this.#read = read;
    this.#numbersOf = numbersOf;
  }

  /** @returns whether all could be written. */
  fill(given: Readonly<Record<string, unknown>>, path: readonly string[] = []): boolean {
    return Object.entries(given).every(([key, part]) => {
      if (part === undefined) return true;
      const place = [...path, key];
      const isDeeper = isRecord(part) &&
        (!Array.isArray(part) || !part.every((each) => typeof each === "string"));
      return isDeeper ? this.fill(part, place) : this.#write(place, part);
    });
  }

  /** The bytes that a field is made of: those that change it. Of text, bytes behind a NUL change nothing. */
  #places(path: readonly string[], isText: boolean): { from: number; width: number } | undefined {
    const bytes = isText ? new Uint8Array(this.bytes.length).fill(0x61) : this.bytes.slice();
    const before = snapshot(at(this.#read(bytes), path));
    let from = -1;
    let to = -1;
    for (let i = 0; i < bytes.length; i++) {
      const kept = bytes[i] ?? 0;
      bytes[i] = kept ^ 0xff;
      if (snapshot(at(this.#read(bytes), path)) !== before) {
        if (from < 0) from = i;
        to = i;
      }
      bytes[i] = kept;
    }
    return from < 0 ? undefined : { from, width: to - from + 1 };
  }

  #write(path: readonly string[], part: unknown): boolean {
    const place = this.#places(path, false);
    if (place === undefined) return matches(at(this.#read(this.bytes), path), part);
    const text = typeof part === "string" ? this.#places(path, true) : undefined;
    const { from, width } = text ?? place;
    const kept = this.bytes.slice();
    const holds = (bytes: Uint8Array, wanted: unknown) => {
      this.bytes.set(kept);
      if (bytes.length > width) return false;
      this.bytes.fill(0, from, from + width).set(bytes, from);
      return matches(at(this.#read(this.bytes), path), wanted);
    };
    const number = (value: bigint, wanted: unknown) =>
      holds(littleEndian(value, width), wanted) ||
      holds(littleEndian(value, width).reverse(), wanted);
    if (typeof part === "number" || typeof part === "bigint") return number(BigInt(part), part);
    if (typeof part === "string" && holds(encoder.encode(part), part)) return true;
    let word = 0n;
    const names: readonly unknown[] = Array.isArray(part) ? part : [part];
    for (const name of names) {
      const wanted = Array.isArray(part) ? [name] : name;
      const bits = Array.from({ length: 8 * width }, (_, bit) => 1n << BigInt(bit));
      const found = [...this.#numbersOf(String(name)), ...bits].find((each) =>
        number(each, wanted)
      );
      if (found === undefined) return false;
      word |= found;
    }
    return number(word, part);
  }
}

/**
 * The bytes that a decoder reads as these fields, all others 0, or 255 where a decoder leaves out what is 0;
 * undefined if there are none.
 */
export function structBytes(
  size: number,
  given: Readonly<Record<string, unknown>>,
  read: (bytes: Uint8Array) => unknown,
  numbersOf: NumbersOf,
): Uint8Array | undefined {
  for (const others of [0, 0xff]) {
    const draft = new Draft(new Uint8Array(size).fill(others), read, numbersOf);
    if (draft.fill(given) && matches(read(draft.bytes), given)) return draft.bytes;
  }
  return undefined;
}
