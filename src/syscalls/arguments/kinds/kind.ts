/**
 * What a kind of argument is: what must be copied of the caller's memory for it, and how it is read, written
 * and put into JSON. Kinds hold no state of a call: one serves every event.
 *
 * @module
 */
import type { Abi, Architecture } from "../../mod.ts";
import type { CapturedPiece, PieceOf, RawCall, When } from "../contract.ts";
import { isError, isInterrupted } from "../errors.ts";

/** Whose call it is: some structs and constants differ. */
export interface Platform {
  readonly architecture: Architecture;
  readonly abi: Abi;
}

/** What the writer of a line may know beyond the call. */
export interface FormatOptions {
  /** What a descriptor of the caller refers to: written `3</etc/passwd>`. */
  describe?(fd: number): string | undefined;
  /** Addresses of sockets are `10.0.0.7:443`, `[::1]:53` and `"/run/x.sock"`, not structs as strace has them. */
  readonly plainAddresses?: boolean;
}

/** What JSON can hold. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** An argument's place in its call. */
export interface Slot {
  readonly name: string;
  /** Its position. */
  readonly arg: number;
  /** Its memory's index in the call's pieces, or -1. */
  readonly piece: number;
  /** That of the same memory before the call, if the kernel changes it, or -1. */
  readonly before: number;
  /** When that memory is read. */
  readonly when: When;
  readonly kind: Kind<unknown>;
  /** The call's other arguments. */
  readonly siblings: Readonly<Record<string, Slot>>;
}

/** Memory to copy for an argument: other arguments by name, its own as "". */
export type Memory = PieceOf<string>;

/** A kind of argument. */
export interface Kind<T> {
  readonly name: string;
  readonly memory?: Memory;
  /** The same as it is before the call, where what the caller gave is worth knowing as well. */
  readonly before?: Memory;
  decode(call: RawCall, slot: Slot): T;
  /** As strace writes it; undefined if the call has no such argument this time. */
  format(call: RawCall, slot: Slot, options: FormatOptions): string | undefined;
  json(call: RawCall, slot: Slot): Json | undefined;
  /** How its value stands in the register, where that is all there is to it. */
  readonly register?: Register;
  /** The kind that stands for this one on a platform, if not itself. */
  on?(platform: Platform): Kind<unknown> | undefined;
}

/** A value that is some bits of a register. */
export interface Register {
  /** So many of the lowest; above them is nothing of it. */
  readonly bits: 16 | 32 | 64;
  /** The bits that have names; of a number undefined. */
  readonly flags?: Readonly<Record<string, number>>;
}

/** What a kind's values are. */
export type ValueOf<K> = K extends Kind<infer T> ? T : never;

/** A kind that is all in its register: it can be a result or a field of a struct as well. */
export interface Word<T> extends Kind<T> {
  of(word: bigint): T;
  text(word: bigint, options: FormatOptions): string;
  jsonOf(word: bigint): Json;
}

/** Memory that nobody could read or nobody wrote: its address is all there is. */
export interface Fault {
  /** Always: what tells it from a value. */
  readonly fault: true;
  /** What the register holds. */
  readonly address: bigint;
  /** "unwritten": the kernel writes it when a call succeeds, which this one has not, or not yet. */
  readonly why: "null" | "unreadable" | "unwritten";
}

/** Whether a value is memory that could not be had. */
export function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "fault" in value && value.fault === true;
}

/** An address as strace writes it. */
export function address(word: bigint): string {
  return word === 0n ? "NULL" : `0x${word.toString(16)}`;
}

/** A number that JSON's readers keep exact, or its digits. */
function jsonNumber(word: bigint): Json {
  const number = Number(word);
  return Number.isSafeInteger(number) ? number : word.toString();
}

/** What makes a word: how its value is read from a register of 64 bits, and written. */
export interface WordRules<T> {
  of(word: bigint): T;
  text(word: bigint, options: FormatOptions): string;
  json?(word: bigint): Json;
  register?: Register;
  on?: Kind<T>["on"];
}

/** A kind that is all in its register. */
export function word<T>(name: string, { of, text, json, register, on }: WordRules<T>): Word<T> {
  const jsonOf = json ?? ((value: bigint) => plainJson(of(value)));
  return {
    name,
    of,
    text,
    jsonOf,
    decode: (call, slot) => of(call.arg(slot.arg)),
    format: (call, slot, options) => text(call.arg(slot.arg), options),
    json: (call, slot) => jsonOf(call.arg(slot.arg)),
    ...(register === undefined ? {} : { register }),
    ...(on === undefined ? {} : { on }),
  };
}

/** JSON of a value that is a number, a string or has a `toJSON`. */
function plainJson(value: unknown): Json {
  if (typeof value === "object" && value !== null && "toJSON" in value) {
    return (value.toJSON as () => Json)();
  }
  if (typeof value === "bigint") return jsonNumber(value);
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

/** How memory is read. Each is only called with a piece that has `least` bytes. */
export interface Reader<T> {
  readonly least?: number;
  /** Whether there is anything in the piece; the kernel may have written less than was copied. */
  has?(piece: CapturedPiece, call: RawCall, slot: Slot): boolean;
  decode(piece: CapturedPiece, call: RawCall, slot: Slot): T;
  text(piece: CapturedPiece, call: RawCall, slot: Slot, options: FormatOptions): string;
  json(piece: CapturedPiece, call: RawCall, slot: Slot): Json;
}

/** Whether what is copied at some time has been copied. */
function isThere({ result }: RawCall, when: When): boolean {
  if (when === "enter") return true;
  if (result === undefined) return false;
  return when === "exit" ? !isError(result) : isInterrupted(result);
}

/** Why an argument's memory can't be had, or undefined if it can. */
function missing(
  call: RawCall,
  slot: Slot,
  piece: CapturedPiece | undefined,
  { least = 0, has }: Pick<Reader<unknown>, "least" | "has">,
): Fault["why"] | undefined {
  if (call.arg(slot.arg) === 0n) return "null";
  if (!isThere(call, slot.when)) return "unwritten";
  if (piece === undefined) return "unwritten";
  // A part of a buffer that was read before the fault is worth showing; a struct cut in two is not.
  if (piece.bytes.length < least || (piece.fault && piece.bytes.length === 0)) return "unreadable";
  return has?.(piece, call, slot) === false ? "unwritten" : undefined;
}

/** A kind whose argument points to memory. */
export function memory<T>(
  name: string,
  what: Memory,
  reader: Reader<T>,
  on?: Kind<T>["on"],
): Kind<T | Fault> {
  const pieceOf = (call: RawCall, slot: Slot) =>
    slot.piece < 0 ? undefined : call.piece(slot.piece);
  return {
    name,
    memory: what,
    decode(call, slot) {
      const piece = pieceOf(call, slot);
      const why = missing(call, slot, piece, reader);
      return why === undefined
        ? reader.decode(piece!, call, slot)
        : { fault: true, address: call.arg(slot.arg), why };
    },
    format(call, slot, options) {
      const piece = pieceOf(call, slot);
      return missing(call, slot, piece, reader) === undefined
        ? reader.text(piece!, call, slot, options)
        : address(call.arg(slot.arg));
    },
    json(call, slot) {
      const piece = pieceOf(call, slot);
      const why = missing(call, slot, piece, reader);
      return why === undefined
        ? reader.json(piece!, call, slot)
        : { fault: true, address: `0x${call.arg(slot.arg).toString(16)}`, why };
    },
    ...(on === undefined ? {} : { on }),
  };
}

/** A kind whose NULL is an answer, not a fault. */
export function optional<T>(kind: Kind<T>): Kind<T | null> {
  const isNull = (call: RawCall, slot: Slot) => call.arg(slot.arg) === 0n;
  return derived<T | null>(kind, {
    decode: (call, slot) => isNull(call, slot) ? null : kind.decode(call, slot),
    format: (call, slot, options) => isNull(call, slot) ? "NULL" : kind.format(call, slot, options),
    json: (call, slot) => isNull(call, slot) ? null : kind.json(call, slot),
  }, optional);
}

/** A kind whose argument is there only if another's register says so. */
export function given<T>(
  sibling: string,
  there: (word: bigint) => boolean,
  kind: Kind<T>,
): Kind<T | undefined> {
  const isThere = (call: RawCall, slot: Slot) => there(wordOf(call, slot, sibling));
  return derived<T | undefined>(kind, {
    decode: (call, slot) => isThere(call, slot) ? kind.decode(call, slot) : undefined,
    format: (call, slot, options) =>
      isThere(call, slot) ? kind.format(call, slot, options) : undefined,
    json: (call, slot) => isThere(call, slot) ? kind.json(call, slot) : undefined,
  }, (each) => given(sibling, there, each));
}

/**
 * A kind of buffer whose result may say more than it holds, which another argument does: with MSG_TRUNC, and
 * where a length of 0 asks how long the answer would be.
 */
export function within<T>(sibling: string, kind: Kind<T | Fault>): Kind<T | Fault> {
  const cut = (call: RawCall, slot: Slot): RawCall => {
    const piece = slot.piece < 0 ? undefined : call.piece(slot.piece);
    const room = wordOf(call, slot, sibling);
    if (room === 0n) return withPiece(call, slot.piece, undefined);
    if (piece === undefined || room >= BigInt(piece.bytes.length)) return call;
    const length = Number(room);
    const held = { ...piece, bytes: piece.bytes.subarray(0, length), length, truncated: false };
    return withPiece(call, slot.piece, held);
  };
  return derived<T | Fault>(kind, {
    decode: (call, slot) => kind.decode(cut(call, slot), slot),
    format: (call, slot, options) => kind.format(cut(call, slot), slot, options),
    json: (call, slot) => kind.json(cut(call, slot), slot),
  }, (each) => within(sibling, each as Kind<T | Fault>));
}

/** A kind whose memory the kernel leaves alone if the result is 0: wait4(2) that had nothing to tell. */
export function unlessZero<T>(kind: Kind<T>): Kind<T> {
  const seen = (call: RawCall, slot: Slot) =>
    call.result === 0n ? withPiece(call, slot.piece, undefined) : call;
  return derived<T>(kind, {
    decode: (call, slot) => kind.decode(seen(call, slot), slot),
    format: (call, slot, options) => kind.format(seen(call, slot), slot, options),
    json: (call, slot) => kind.json(seen(call, slot), slot),
  }, (each) => unlessZero(each));
}

/** A kind that is nothing where the kernel says nothing: of a call that failed or returned 0, and behind NULL. */
export function afterwards<T>(kind: Kind<T>): Kind<T | undefined> {
  const isSaid = (call: RawCall, slot: Slot) =>
    call.result !== undefined && call.result > 0n && call.arg(slot.arg) !== 0n;
  return derived<T | undefined>(kind, {
    decode: (call, slot) => isSaid(call, slot) ? kind.decode(call, slot) : undefined,
    format: (call, slot, options) =>
      isSaid(call, slot) ? kind.format(call, slot, options) : undefined,
    json: (call, slot) => isSaid(call, slot) ? kind.json(call, slot) : undefined,
  }, afterwards);
}

/** A call with another piece. */
function withPiece(call: RawCall, index: number, piece: CapturedPiece | undefined): RawCall {
  return {
    nr: call.nr,
    abi: call.abi,
    result: call.result,
    arg: (i) => call.arg(i),
    piece: (i) => i === index ? piece : call.piece(i),
  };
}

/** A kind that is read from its memory as it was before the call. */
export function asBefore<T>(kind: Kind<T>): Kind<T> {
  const earlier = (slot: Slot): Slot => ({ ...slot, piece: slot.before, when: "enter" });
  return derived<T>(kind, {
    decode: (call, slot) => kind.decode(call, earlier(slot)),
    format: (call, slot, options) => kind.format(call, earlier(slot), options),
    json: (call, slot) => kind.json(call, earlier(slot)),
  }, (each) => asBefore(each));
}

/**
 * A kind that another argument decides. What memory is copied can't depend on it: `what` serves all cases that
 * read any, and is copied for nothing in the others.
 */
export function decidedBy<C, E>(
  sibling: string,
  pick: (word: bigint) => Kind<C> | undefined,
  otherwise: Kind<E>,
  what?: Memory,
  before?: Memory,
): Kind<C | E> {
  const kindOf = (call: RawCall, slot: Slot): Kind<C | E> =>
    pick(wordOf(call, slot, sibling)) ?? otherwise;
  return {
    name: otherwise.name,
    ...(what === undefined ? {} : { memory: what }),
    ...(before === undefined ? {} : { before }),
    decode: (call, slot) => kindOf(call, slot).decode(call, slot),
    format: (call, slot, options) => kindOf(call, slot).format(call, slot, options),
    json: (call, slot) => kindOf(call, slot).json(call, slot),
    on: (platform) => {
      const own = <K>(kind: Kind<K>) => (kind.on?.(platform) ?? kind) as Kind<K>;
      const pickOwn = (word: bigint) => {
        const kind = pick(word);
        return kind === undefined ? undefined : own(kind);
      };
      return { ...decidedBy(sibling, pickOwn, own(otherwise), what, before), on: () => undefined };
    },
  };
}

/** A kind that is read like `kind` on one architecture and like others on others. */
export function perArchitecture<T>(
  kinds: Readonly<Record<Architecture, Kind<T>>>,
): Kind<T> {
  return {
    ...kinds.x86_64,
    on: (platform) => {
      const own = kinds[platform.architecture];
      return own.on?.(platform) ?? own;
    },
  };
}

/** A kind's memory, read after the call instead of before it. */
export function out<T>(kind: Kind<T>): Kind<T> {
  return readWhen("exit", kind);
}

/** A kind's memory, read after a call that a signal has interrupted: what is left to be done. */
export function left<T>(kind: Kind<T>): Kind<T> {
  return readWhen("interrupted", kind);
}

function readWhen<T>(when: When, kind: Kind<T>): Kind<T> {
  const { memory: what } = kind;
  if (what === undefined || what.op === "strings") throw new Error(`${kind.name} has no memory`);
  return {
    ...kind,
    memory: { ...what, when } as Memory,
    ...(kind.on === undefined ? {} : {
      on: (platform) => {
        const own = kind.on?.(platform);
        return own?.memory === undefined ? own : readWhen(when, own);
      },
    }),
  };
}

/** What another argument's register holds. */
export function wordOf(call: RawCall, slot: Slot, sibling: string): bigint {
  const other = slot.siblings[sibling];
  if (other === undefined) throw new Error(`${slot.name}: there is no argument ${sibling}`);
  return call.arg(other.arg);
}

/** `kind` with other ways to read it, on every platform. */
function derived<T>(
  kind: Kind<unknown>,
  ways: Pick<Kind<T>, "decode" | "format" | "json">,
  again: (kind: Kind<unknown>) => Kind<unknown>,
): Kind<T> {
  return {
    name: kind.name,
    ...(kind.memory === undefined ? {} : { memory: kind.memory }),
    ...(kind.before === undefined ? {} : { before: kind.before }),
    ...ways,
    ...(kind.on === undefined ? {} : {
      on: (platform) => {
        const own = kind.on?.(platform);
        return own === undefined ? undefined : again(own);
      },
    }),
  };
}
