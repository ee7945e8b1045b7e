/**
 * Arguments of a call, as a test writes them, put into registers and memory, so that the decoder reads them as it
 * reads a live call's. What was encoded is decoded at once and compared: a value that a call can't have is refused.
 *
 * @module
 */
import {
  argument,
  argumentNames,
  type CapturedPiece,
  Choice,
  Data,
  descriptorResult,
  Flags,
  isFault,
  type Length,
  outcomesOf,
  type Piece,
  piecesOf,
  type RawCall,
} from "../../../syscalls/arguments/mod.ts";
import { type Abi, type Architecture, syscallOf } from "../../../syscalls/mod.ts";
import { isRecord, matches } from "./matches.ts";
import { addressBytes } from "./socket_bytes.ts";
import { littleEndian, type NumbersOf, structBytes } from "./struct_bytes.ts";
import { encodeText } from "../../../text/mod.ts";

/** A call, made up. */
export interface Encoded {
  readonly call: RawCall;
  readonly architecture: Architecture;
  /** Values that have no encoding here, as they are. */
  readonly asGiven: ReadonlyMap<string, unknown>;
}

/** What a made-up call returns: undefined for what is usual; null: it does not return. */
export type GivenResult = bigint | null | undefined;

const encoder = new TextEncoder();

/** include/uapi/linux/fcntl.h */
const AT_FDCWD = -100n;
/** Where memory is, for those who ask. */
const SOMEWHERE = 0x7ffe_0000_0000n;
/** Calls that never return. */
const neverReturns = new Set(["exit", "exit_group", "rt_sigreturn"]);

const MASK = (1n << 64n) - 1n;

function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}` : part) ??
    String(value);
}

/** Whether it is something for which the decoder makes a plain object: what has no encoding here stands as given. */
function isStruct(read: unknown): boolean {
  if (isFault(read)) return read.why !== "unwritten";
  return isRecord(read) &&
    !(read instanceof Flags || read instanceof Choice || read instanceof Data);
}

/** A call whose registers and memory are filled argument by argument. */
class Draft implements RawCall {
  readonly nr: number;
  readonly abi: Abi;
  readonly architecture: Architecture;
  readonly asGiven = new Map<string, unknown>();
  readonly #name: string;
  readonly #names: readonly string[];
  readonly #words: bigint[] = [0n, 0n, 0n, 0n, 0n, 0n];
  readonly #specs: readonly Piece[];
  readonly #outcomes: ReturnType<typeof outcomesOf>;
  /** The piece that is being filled in, if it is an outcome's. */
  #outcome: number | undefined;
  readonly #pieces: (CapturedPiece | undefined)[] = [];
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #result: GivenResult;
  readonly #numbersOf: NumbersOf;
  result: bigint | undefined;

  constructor(
    name: string,
    given: Readonly<Record<string, unknown>>,
    result: GivenResult,
    numbersOf: NumbersOf,
  ) {
    const native = syscallOf(name, "x86_64");
    const call = native ?? syscallOf(name, "aarch64");
    if (call === undefined) throw new TypeError(`there is no system call ${show(name)}`);
    this.architecture = native === undefined ? "aarch64" : "x86_64";
    this.nr = call.nr;
    this.abi = call.abi;
    this.#name = name;
    this.#names = argumentNames(call, this.architecture);
    this.#specs = piecesOf(name, this.architecture);
    this.#given = given;
    this.#result = result;
    this.#numbersOf = numbersOf;
    this.result = result ?? this.#usualResult();
    if (result === null || neverReturns.has(name)) this.result = undefined;
    this.#outcomes = outcomesOf(call, this.architecture);
    for (const key of Object.keys(given)) {
      if (this.#names.includes(key) || this.#outcomes.some((each) => each.name === key)) continue;
      throw new TypeError(
        `${name} has no argument ${show(key)}: it has ${this.#names.join(", ") || "none"}`,
      );
    }
  }

  /** A descriptor, where the call returns one. */
  #usualResult(): bigint {
    this.result = 3n;
    return descriptorResult(this, this.architecture) === undefined ? 0n : 3n;
  }

  arg(index: number): bigint {
    return this.#words[index] ?? 0n;
  }

  piece(index: number): CapturedPiece | undefined {
    return this.#pieces[index];
  }

  fill(): void {
    for (const [arg, name] of this.#names.entries()) {
      if (/dirfd$/.test(name)) this.#words[arg] = MASK & AT_FDCWD;
      if (name === "fd") this.#words[arg] = 3n;
    }
    const all = [...this.#names.entries()].filter(([, name]) => this.#given[name] !== undefined);
    // Registers first: they decide what is behind pointers.
    for (const isMemory of [false, true]) {
      for (const [arg, name] of all) {
        if (this.#hasMemory(arg) === isMemory) this.#set(arg, name, this.#given[name]);
      }
    }
    for (const [arg, name] of this.#names.entries()) {
      if (this.#given[name] === undefined && this.#hasMemory(arg)) this.#setNeutral(arg, name);
    }
    for (const { name, arg, piece } of this.#outcomes) {
      if (this.#given[name] === undefined) continue;
      // Only a call that returned something has made something of it.
      if (this.#result === undefined && this.result === 0n) this.result = 1n;
      this.#outcome = piece;
      this.#set(arg, name, this.#given[name]);
      this.#outcome = undefined;
    }
  }

  #hasMemory(arg: number): boolean {
    return this.#specs.some((piece) => piece.arg === arg);
  }

  #read(name: string): unknown {
    return argument(this, name, this.architecture);
  }

  #set(arg: number, name: string, given: unknown): void {
    for (const put of this.#ways(arg, name, given)) {
      put();
      if (matches(this.#read(name), given)) return;
    }
    const read = this.#read(name);
    if (isRecord(given) && !isFault(given) && isStruct(read)) {
      this.asGiven.set(
        name,
        Array.isArray(given) || !isRecord(read) ? given : { ...read, ...given },
      );
      return;
    }
    throw new TypeError(
      `${this.#name}: ${name} can't be ${show(given)} here: it would read ${show(read)}`,
    );
  }

  /** What may be the encoding of a value, the likeliest first. */
  *#ways(arg: number, name: string, given: unknown): Generator<() => void> {
    if (given === null || (isFault(given) && given.why === "null")) {
      yield () => this.#put(arg, 0n);
      return;
    }
    if (isFault(given)) {
      const word = given.address === 0n ? SOMEWHERE : given.address;
      const bytes = new Uint8Array();
      const piece = { bytes, fault: true, truncated: false, length: 0 };
      yield () => this.#put(arg, word, given.why === "unreadable" ? piece : undefined);
      return;
    }
    if (this.#hasMemory(arg)) {
      for (const bytes of this.#memories(arg, name, given)) yield () => this.#store(arg, bytes);
    }
    for (const word of this.#wordsOf(arg, name, given)) yield () => this.#put(arg, word);
  }

  #put(arg: number, word: bigint, piece?: CapturedPiece): void {
    this.#words[arg] = word & MASK;
    for (const index of this.#piecesOf(arg)) this.#pieces[index] = piece;
  }

  /** An argument's own memory; or, while an outcome is filled in, what was made of it. */
  #piecesOf(arg: number): number[] {
    if (this.#outcome !== undefined) return [this.#outcome];
    return [...this.#specs.keys()].filter((index) =>
      this.#specs[index]?.arg === arg && !this.#outcomes.some(({ piece }) => piece === index)
    );
  }

  /** Puts bytes where an argument points to, and their length where that is looked for. */
  #store(arg: number, bytes: Uint8Array): void {
    const word = SOMEWHERE + BigInt(arg * 4096);
    this.#put(arg, word, { bytes, fault: false, truncated: false, length: bytes.length });
    for (const spec of this.#specs) {
      if (spec.arg !== arg) continue;
      if (spec.op === "bytes" && "length" in spec) this.#setLength(spec.length, bytes.length);
      if (spec.op === "iovec") {
        this.#setLength({ ...spec.count, unit: bytes.length || 1 }, bytes.length);
      }
      if ("limit" in spec && spec.limit === "result") {
        const header = spec.op === "msghdr" ? 4 + (bytes[0] ?? 0) : 0;
        this.#setLength("result", bytes.length - header);
      }
    }
  }

  #setLength(where: Length<number>, length: number): void {
    if (where === "result") {
      if (this.#result === undefined) this.result = BigInt(length);
      return;
    }
    const arg = "at" in where ? where.at : where.arg;
    if (this.#given[this.#names[arg] ?? ""] !== undefined) return;
    if ("at" in where) this.#store(arg, littleEndian(BigInt(length), 4));
    else this.#words[arg] = BigInt(Math.ceil(length / where.unit));
  }

  *#memories(arg: number, name: string, given: unknown): Generator<Uint8Array> {
    if (given instanceof Uint8Array) yield given;
    if (typeof given === "string") {
      yield encodeText(given);
      const address = addressBytes(given);
      if (address !== undefined) yield address;
    }
    if (typeof given === "number" || typeof given === "bigint") {
      for (const width of [4, 8, 2, 1]) yield littleEndian(BigInt(given), width);
    }
    if (Array.isArray(given)) yield* this.#arrays(arg, name, given);
    else if (isRecord(given)) yield* this.#objects(arg, name, given);
  }

  *#arrays(arg: number, name: string, given: readonly unknown[]): Generator<Uint8Array> {
    if (given.every((each) => typeof each === "string")) {
      yield encodeText(given.map((each) => `${each}\0`).join(""));
    }
    const size = this.#sizeOf(arg);
    if (given.every((each) => typeof each === "number")) {
      for (const width of [4, 8]) yield concat(given.map((n) => littleEndian(BigInt(n), width)));
      const set = given.reduce((bits: bigint, n) => bits | 1n << BigInt(n), 0n);
      yield littleEndian(set, size ?? 128);
    } else if (size !== undefined) {
      const read = (bytes: Uint8Array) => this.#readStored(arg, name, bytes);
      const fields = structBytes(size, { ...given }, read, this.#numbersOf);
      if (fields !== undefined) yield fields;
    }
    const unit = this.#unitOf(arg);
    if (unit === undefined || !given.every(isRecord)) return;
    const first = (value: unknown) => Array.isArray(value) ? value[0] : undefined;
    const read = (bytes: Uint8Array) => first(this.#readStored(arg, name, bytes));
    const parts = given.map((each) => structBytes(unit, each, read, this.#numbersOf));
    if (parts.every((part) => part !== undefined)) yield concat(parts);
  }

  *#objects(
    arg: number,
    name: string,
    given: Readonly<Record<string, unknown>>,
  ): Generator<Uint8Array> {
    if (this.#specs.some((spec) => spec.arg === arg && spec.op === "msghdr")) {
      const { address, data = "" } = given;
      const to = typeof address === "string" || isRecord(address)
        ? addressBytes(address, this.#numbersOf) ?? new Uint8Array()
        : new Uint8Array();
      const bytes = data instanceof Uint8Array ? data : encoder.encode(String(data));
      yield concat([littleEndian(BigInt(to.length), 4), to, bytes]);
      return;
    }
    const size = this.#sizeOf(arg);
    if (size === undefined) {
      const address = addressBytes(given, this.#numbersOf);
      if (address !== undefined) yield address;
      return;
    }
    const read = (bytes: Uint8Array) => this.#readStored(arg, name, bytes);
    const bytes = structBytes(size, given, read, this.#numbersOf);
    if (bytes !== undefined) yield bytes;
  }

  #readStored(arg: number, name: string, bytes: Uint8Array): unknown {
    this.#store(arg, bytes);
    return this.#read(name);
  }

  #sizeOf(arg: number): number | undefined {
    const spec = this.#specs.find((each) => each.arg === arg);
    return spec !== undefined && "size" in spec ? spec.size : undefined;
  }

  #unitOf(arg: number): number | undefined {
    const spec = this.#specs.find((each) => each.arg === arg);
    if (spec?.op !== "bytes" || !("length" in spec) || spec.length === "result") return undefined;
    return "unit" in spec.length ? spec.length.unit : undefined;
  }

  *#wordsOf(arg: number, name: string, given: unknown): Generator<bigint> {
    if (typeof given === "bigint") yield given;
    if (typeof given === "number" && Number.isInteger(given)) yield BigInt(given);
    if (typeof given === "string") yield* this.#candidates(given);
    if (!isRecord(given) || (this.#hasMemory(arg) && !Array.isArray(given))) return;
    // A list of names; or parts of one word, as those of a file's mode.
    let word = 0n;
    for (const part of Object.values(given)) {
      if (typeof part === "number") word |= BigInt(part);
      if (typeof part !== "string") continue;
      const found = [...this.#candidates(part)].find((each) => {
        this.#put(arg, each);
        return !Array.isArray(given) || matches(this.#read(name), [part]);
      });
      if (found === undefined) {
        throw new TypeError(`${this.#name}: ${name} has nothing of the name ${show(part)}`);
      }
      word |= found;
    }
    yield word;
  }

  *#candidates(name: string): Generator<bigint> {
    yield* this.#numbersOf(name);
    if (/^0x[0-9a-f]+$/.test(name)) yield BigInt(name);
    // A few names are in no table.
    for (let value = 0n; value < 512n; value++) yield value;
  }

  /** What nobody has said anything of: nothing where that may be, else something empty. */
  #setNeutral(arg: number, name: string): void {
    const spec = this.#specs.find((each) => each.arg === arg);
    // Memory that another argument's is the length of.
    if (this.#pieces[this.#specs.findIndex((each) => each.arg === arg)] !== undefined) return;
    if (spec === undefined || !isFault(this.#read(name))) return;
    const sizes = "size" in spec ? [spec.size] : [0, 2, 4, 16];
    for (const size of sizes) {
      this.#store(arg, new Uint8Array(size));
      const read = this.#read(name);
      if (!isFault(read) || read.why === "unwritten") return;
    }
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/**
 * Encodes a call.
 *
 * @throws {TypeError} if it has no such argument, or an argument can't have that value.
 */
export function encode(
  name: string,
  given: Readonly<Record<string, unknown>>,
  result: GivenResult,
  numbersOf: NumbersOf,
): Encoded {
  const draft = new Draft(name, given, result, numbersOf);
  draft.fill();
  const { architecture, asGiven } = draft;
  return { call: draft, architecture, asGiven };
}
