/**
 * Which calls the kernel sends events of, and what it copies of their memory.
 *
 * @module
 */
import type { BpfObject, Mapping } from "../ffi/mod.ts";
import type { ArgumentTest, Piece } from "../syscalls/arguments/mod.ts";
import type { Abi } from "./rows.ts";
import { callSpec, constants, pieceSpec, wanted as wantedStruct } from "./layout.ts";

/** A call by number. */
export interface Call {
  readonly nr: number;
  readonly abi: Abi;
}

/** Which calls are sent, of those that are wanted; what is left out is left out in the kernel. */
export interface CallCondition {
  /** Only those that succeeded, or failed. */
  readonly outcome?: "ok" | "failed" | undefined;
  /** One of these holds, of {@linkcode mostTests} at most. */
  readonly tests?: readonly ArgumentTest[] | undefined;
}

/** What is sent of a call. */
export interface CallSpec {
  /** Those at enter first. */
  readonly pieces: readonly Piece[];
  /** It does not return as others do: exit, rt_sigreturn. */
  readonly sentAtEnter?: boolean;
  /** By default all calls are. */
  readonly only?: CallCondition | undefined;
}

/** So many tests fit a call. */
export const mostTests: number = constants.TESTS;

const ops = {
  string: constants.OP_STRING,
  strings: constants.OP_STRINGS,
  bytes: constants.OP_BYTES,
  iovec: constants.OP_IOVEC,
  msghdr: constants.OP_MSGHDR,
} as const;

const whens = {
  enter: constants.WHEN_ENTER,
  exit: constants.WHEN_EXIT,
  interrupted: constants.WHEN_INTERRUPTED,
} as const;

/** The number by which `wanted`, call_specs and piece_specs know a call; bpf/capture.h: call_index(). */
function indexOf({ nr, abi }: Call): number {
  if (nr < 0 || nr >= constants.ROW_CALLS) throw new RangeError(`no events of call ${nr}`);
  return nr + (abi === "compat" ? constants.ROW_CALLS : 0);
}

interface Extent {
  readonly length: number;
  readonly argument?: number;
  readonly unit?: number;
  readonly max: number;
  readonly limited?: boolean;
}

/** Says which calls are wanted of which slot. */
export class Wanted implements Disposable {
  readonly #resources = new DisposableStack();
  readonly #bufferBytes: number;
  readonly #isSeen: (isSeen: boolean) => void;
  readonly #wanted: BigUint64Array<ArrayBuffer>;
  readonly #specs: DataView<ArrayBuffer>;
  readonly #pieces: DataView<ArrayBuffer>;
  readonly #lookedAt: Uint8Array<ArrayBuffer>;

  /**
   * @param bufferBytes To copy of buffers whose length is the caller's.
   * @param isSeen Hears true when all wanted calls are seen to begin from now on, and false before that changes.
   */
  constructor(
    object: BpfObject,
    bufferBytes: number,
    isSeen: (isSeen: boolean) => void = () => {},
  ) {
    this.#bufferBytes = bufferBytes;
    this.#isSeen = isSeen;
    const map = (name: string): Mapping => this.#resources.use(object.map(name).memory("write"));
    this.#wanted = new BigUint64Array(map(".bss.wanted").buffer);
    this.#specs = new DataView(map(".bss.call_specs").buffer);
    this.#pieces = new DataView(map("piece_specs").buffer);
    this.#lookedAt = new Uint8Array(map(".bss.looked_at").buffer, 0, constants.ROW_CALLS);
  }

  /** What is copied of a call, for all slots. To be said before the call is wanted. */
  describe(call: Call, spec: CallSpec): void {
    const index = indexOf(call);
    const pieces = spec.pieces.slice(0, constants.PIECES);
    for (const [i, piece] of pieces.entries()) this.#describePiece(index, i, piece);
    const at = index * callSpec.size;
    const { outcome, tests = [] } = spec.only ?? {};
    const flags = (spec.sentAtEnter ? constants.SPEC_AT_ENTER : 0) |
      (outcome === "ok" ? constants.SPEC_ONLY_OK : 0) |
      (outcome === "failed" ? constants.SPEC_ONLY_FAILED : 0);
    const atEnter = pieces.filter(({ when }) => when === "enter").length;
    const { offset } = callSpec;
    if (tests.length > constants.TESTS) throw new RangeError(`${tests.length} tests of one call`);
    // While they change every call is sent: rather one too many.
    this.#specs.setUint16(at + offset.tests, 0, true);
    for (const [i, { argument, mask, value }] of tests.entries()) {
      this.#specs.setBigUint64(at + offset.test_argument + 8 * i, BigInt(argument), true);
      this.#specs.setBigUint64(at + offset.test_mask + 8 * i, mask, true);
      this.#specs.setBigUint64(at + offset.test_value + 8 * i, value, true);
    }
    this.#specs.setUint16(at + offset.flags, flags, true);
    this.#specs.setUint16(at + offset.enter_pieces, atEnter, true);
    this.#specs.setUint16(at + offset.pieces, pieces.length, true);
    this.#specs.setUint16(at + offset.tests, tests.length, true);
  }

  /** The calls that one slot sends events of, from now on. */
  set(slot: number, calls: Iterable<Call>): void {
    const words = wantedStruct.size / 8;
    const bits = new BigUint64Array(words);
    for (const call of calls) {
      const index = indexOf(call);
      const word = index >> 6;
      bits[word] = (bits[word] ?? 0n) | 1n << BigInt(index & 63);
    }
    this.#change(() => {
      for (const [i, word] of bits.entries()) Atomics.store(this.#wanted, slot * words + i, word);
    });
  }

  /** The calls that a slot begins with, and those of which any slot may send events: no others are looked at. */
  setForAll(calls: readonly Call[], execs: readonly Call[] = []): void {
    // After an exec the number at exit is that of execve, whichever call it was, in the new program's table.
    const numbers = new Set([...calls, ...execs].map(({ nr }) => nr));
    this.#change(() => {
      for (const nr of this.#lookedAt.keys()) {
        if (numbers.has(nr)) Atomics.or(this.#lookedAt, nr, constants.LOOK_FOR_EVENT);
        else Atomics.and(this.#lookedAt, nr, ~constants.LOOK_FOR_EVENT);
      }
    });
    this.set(constants.WANTED_NEW, calls);
  }

  /** A call of those that are new, which began before, must not be taken for one that never began. */
  #change(change: () => void): void {
    this.#isSeen(false);
    change();
    this.#isSeen(true);
  }

  #describePiece(index: number, i: number, piece: Piece): void {
    const at = (index * constants.PIECES + i) * pieceSpec.size;
    const { offset } = pieceSpec;
    const { length, argument = 0, unit = 0, max, limited = false } = this.#extent(piece);
    this.#pieces.setUint8(at + offset.op, ops[piece.op]);
    this.#pieces.setUint8(at + offset.argument, piece.arg);
    this.#pieces.setUint8(at + offset.when, whens[piece.when]);
    this.#pieces.setUint8(at + offset.length, length);
    this.#pieces.setUint8(at + offset.length_argument, argument);
    this.#pieces.setUint8(at + offset.limited, Number(limited));
    this.#pieces.setUint16(at + offset.unit, unit, true);
    this.#pieces.setUint32(at + offset.max, Math.min(max, constants.PIECE_MAX), true);
  }

  /** How long a piece is, as bpf/pieces.h has it. */
  #extent(piece: Piece): Extent {
    const buffer = this.#bufferBytes;
    switch (piece.op) {
      case "string":
      case "strings":
        return { length: constants.LENGTH_FIXED, max: constants.PIECE_MAX };
      case "iovec":
        return {
          length: constants.LENGTH_FIXED,
          argument: piece.count.arg,
          max: buffer,
          limited: piece.limit === "result",
        };
      case "msghdr":
        return {
          length: constants.LENGTH_FIXED,
          max: buffer,
          limited: piece.limit === "result",
        };
      case "bytes": {
        if ("size" in piece) return { length: constants.LENGTH_FIXED, max: piece.size };
        const { length, max = buffer } = piece;
        if (length === "result") return { length: constants.LENGTH_RESULT, max, limited: true };
        if ("at" in length) return { length: constants.LENGTH_AT, argument: length.at, max };
        return { length: constants.LENGTH_ARGUMENT, argument: length.arg, unit: length.unit, max };
      }
    }
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
