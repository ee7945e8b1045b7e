/**
 * Kinds whose bits or values have names: flags, enumerations, and words that are some of both.
 */
import type { Architecture } from "../../mod.ts";
import { type Kind, type Word, word } from "./kind.ts";

/** Names of values or bits. */
export type Names = Readonly<Record<string, number>>;

/** A part of a word whose value has one name: O_RDWR in open(2)'s flags, a signal in clone(2)'s. */
export interface Part {
  readonly mask: number;
  readonly names: Names;
  /** Its name is written behind those of the bits. */
  readonly last?: true;
}

/** How a table reads a word: parts first, then bits. */
class BitTable {
  /** Bits under their names, those of several bits first. */
  readonly #bits: readonly (readonly [name: string, bits: bigint, order: number])[];
  readonly #parts: readonly {
    readonly mask: bigint;
    readonly names: ReadonlyMap<bigint, string>;
    readonly last: boolean;
  }[];
  readonly #zero: string | undefined;
  /** What was met: few words are, and often. Frozen, since all who meet a word share its names. */
  readonly #met = new Map<bigint, readonly string[]>();

  constructor(bits: Names, parts: readonly Part[]) {
    const entries = Object.entries(bits).map(([name, value], order) =>
      [name, BigInt(value), order] as const
    );
    this.#zero = entries.find(([, value]) => value === 0n)?.[0];
    this.#bits = entries.filter(([, value]) => value > 0n)
      .toSorted(([, a], [, b]) => popcount(b) - popcount(a));
    this.#parts = parts.map(({ mask, names, last = false }) => ({
      mask: BigInt(mask),
      names: byValue(names),
      last,
    }));
  }

  /** The names of all that is set; what has none is the last, as a number. */
  names(value: bigint): readonly string[] {
    let names = this.#met.get(value);
    if (names === undefined) {
      names = Object.freeze(this.#read(value));
      if (this.#met.size < 256) this.#met.set(value, names);
    }
    return names;
  }

  #read(value: bigint): readonly string[] {
    const named: string[] = [];
    const behind: string[] = [];
    let rest = value;
    for (const { mask, names, last } of this.#parts) {
      const name = names.get(rest & mask);
      if (name === undefined) continue;
      (last ? behind : named).push(name);
      rest &= ~mask;
    }
    const found: [order: number, name: string][] = [];
    for (const [name, bits, order] of this.#bits) {
      if ((rest & bits) !== bits) continue;
      found.push([order, name]);
      rest &= ~bits;
    }
    named.push(...found.toSorted(([a], [b]) => a - b).map(([, name]) => name), ...behind);
    if (rest !== 0n) named.push(`0x${rest.toString(16)}`);
    if (named.length === 0 && this.#zero !== undefined) named.push(this.#zero);
    return named;
  }
}

function popcount(bits: bigint): number {
  return bits.toString(2).replaceAll("0", "").length;
}

/** Names by value; of two names of one value the first. */
export function byValue(names: Names): ReadonlyMap<bigint, string> {
  return new Map(Object.entries(names).toReversed().map(([name, value]) => [BigInt(value), name]));
}

/** A word of flags: `flags.has("O_CREAT")`. */
export class Flags<Name extends string = string> {
  /** The word itself. */
  readonly value: number;
  readonly #bits: bigint;
  readonly #table: BitTable;

  /** Made by {@linkcode flags}. */
  constructor(bits: bigint, table: BitTable) {
    this.value = Number(bits);
    this.#bits = bits;
    this.#table = table;
  }

  /** The names of what is set, and what is set without having a name as a hexadecimal number. */
  get names(): readonly (Name | `0x${string}`)[] {
    return this.#table.names(this.#bits) as readonly (Name | `0x${string}`)[];
  }

  /** Whether all bits of a name are set; of a value that is part of the word, whether it is that one. */
  has(name: Name): boolean {
    return this.names.includes(name);
  }

  /** `O_RDWR|O_CREAT`, or `0`. */
  toString(): string {
    return this.names.join("|") || "0";
  }

  /** What is in JSON. */
  toJSON(): { value: number; names: readonly string[] } {
    return { value: this.value, names: this.names };
  }
}

interface FlagOptions<Parts extends readonly Part[]> {
  readonly parts?: Parts;
  /** The bits that count: 32 unless it is said. */
  readonly bits?: 16 | 32 | 64;
}

type PartNames<Parts extends readonly Part[]> = Extract<
  { [K in keyof Parts]: keyof Parts[K]["names"] }[number],
  string
>;

/** A word of flags with the names of a table, and of others for parts of it that are no single bits. */
export function flags<const N extends Names, const P extends readonly Part[] = readonly []>(
  bits: N,
  options: FlagOptions<P> = {},
): Word<Flags<Extract<keyof N, string> | PartNames<P>>> {
  type Name = Extract<keyof N, string> | PartNames<P>;
  const table = new BitTable(bits, options.parts ?? []);
  const width = options.bits ?? 32;
  return word("flags", {
    of: (value) => new Flags<Name>(BigInt.asUintN(width, value), table),
    text: (value) => table.names(BigInt.asUintN(width, value)).join("|") || "0",
    register: { bits: width, flags: bits },
  });
}

/** A value out of a list: `choice.name === "F_SETLK"`. */
export class Choice<Name extends string = string> {
  /** The number itself. */
  readonly value: number;
  /** undefined: a number that has no name here. */
  readonly name: Name | undefined;

  /** Made by {@linkcode choice}. */
  constructor(value: number, name: Name | undefined) {
    this.value = value;
    this.name = name;
    // All calls of a kind share one: nobody may change it for the others.
    Object.freeze(this);
  }

  /** Its name, or the number. */
  toString(): string {
    return this.name ?? `${this.value}`;
  }

  /** What is in JSON: the name, or the number. */
  toJSON(): string | number {
    return this.name ?? this.value;
  }
}

interface ChoiceOptions {
  readonly bits?: 8 | 16 | 32 | 64;
  readonly unsigned?: true;
  /** How a number without a name is written. */
  readonly unnamed?: (value: number) => string;
}

/** A value out of a table. */
export function choice<const N extends Names>(
  names: N,
  { bits = 32, unsigned, unnamed }: ChoiceOptions = {},
): Word<Choice<Extract<keyof N, string>>> {
  type Name = Extract<keyof N, string>;
  const choices = new Map(
    Array.from(byValue(names), ([value, name]) => [value, new Choice(Number(value), name as Name)]),
  );
  const exact = (value: bigint) =>
    unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  const of = (value: bigint) => {
    const own = exact(value);
    return choices.get(own) ?? new Choice<Name>(Number(own), undefined);
  };
  return word("choice", {
    of,
    text: (value) => {
      const { name, value: own } = of(value);
      return name ?? unnamed?.(own) ?? (own > 9 ? `0x${own.toString(16)}` : `${own}`);
    },
  });
}

/** The constant's names for a sibling's value: `named(fcntl, "F_SETFL", "F_SETFD")` holds for these. */
export function valuesOf<const N extends Names>(
  names: N,
  ...some: Extract<keyof N, string>[]
): (word: bigint) => boolean {
  const values = new Set(some.map((name) => BigInt.asUintN(32, BigInt(names[name]!))));
  return (value) => values.has(BigInt.asUintN(32, value));
}

/** Which kind stands for which of a table's values. */
export function cases<const N extends Names, C>(
  names: N,
  kinds: { readonly [Name in Extract<keyof N, string>]?: Kind<C> },
): (word: bigint) => Kind<C> | undefined {
  const byNumber = new Map<number, Kind<C>>(
    Object.entries(kinds).map(([name, kind]) => [names[name]! >>> 0, kind as Kind<C>]),
  );
  return (value) => byNumber.get(Number(BigInt.asUintN(32, value)));
}

/** Flags whose bits differ between architectures. */
export function flagsOf<const N extends Names, const P extends readonly Part[] = readonly []>(
  bits: Readonly<Record<Architecture, N>>,
  options: FlagOptions<P> = {},
): Word<Flags<Extract<keyof N, string> | PartNames<P>>> {
  const x86_64 = flags<N, P>(bits.x86_64, options);
  const aarch64 = flags<N, P>(bits.aarch64, options);
  return {
    ...x86_64,
    on: ({ architecture }) => architecture === "aarch64" ? aarch64 : undefined,
  };
}
