/**
 * What the BPF program and the decoder agree on: what memory of a call is copied, and how a call looks when
 * it came through the ring. bpf/pieces.h follows the first, the ring's reader gives the second.
 *
 * @module
 */
import type { Abi } from "../mod.ts";

/**
 * Before the call; after it if it didn't fail; or after it if a signal has interrupted it and something is left to be
 * done (ERESTART_RESTARTBLOCK).
 */
export type When = "enter" | "exit" | "interrupted";

/** How many bytes: an argument times a unit, the call's result, or a u32 that an argument points to. */
export type Length<Argument> =
  | { readonly arg: Argument; readonly unit: number }
  | "result"
  | { readonly at: Argument };

/** One piece of memory, its arguments named as `Argument` has it. */
export type PieceOf<Argument> =
  /** Up to its NUL, 4,096 bytes at most. */
  | { readonly op: "string"; readonly arg: Argument; readonly when: When }
  /** A struct of fixed size, 4,096 bytes at most. */
  | { readonly op: "bytes"; readonly arg: Argument; readonly when: When; readonly size: number }
  /** As long as something else says. Without `max`, as many as `--bytes` says. */
  | {
    readonly op: "bytes";
    readonly arg: Argument;
    readonly when: When;
    readonly length: Length<Argument>;
    readonly max?: number;
  }
  /** A vector of pointers to strings that ends with NULL (4-byte pointers if the call is "compat"). */
  | { readonly op: "strings"; readonly arg: Argument; readonly when: "enter" }
  /** The first bytes of buffers that a vector of struct iovec lists (of 8 bytes each if "compat"). */
  | {
    readonly op: "iovec";
    readonly arg: Argument;
    readonly when: When;
    readonly count: { readonly arg: Argument };
    readonly limit?: "result";
  }
  /** A struct msghdr: u32 length of the name, the name (128 bytes at most), the first bytes of its buffers. */
  | {
    readonly op: "msghdr";
    readonly arg: Argument;
    readonly when: When;
    readonly limit?: "result";
  };

/** One piece of memory, its arguments by position. A call has {@linkcode MOST_PIECES} at most. */
export type Piece = PieceOf<number>;

/** How many pieces the BPF program copies of one call. */
export const MOST_PIECES = 8;

/** What came back for a piece. */
export interface CapturedPiece {
  /** What was copied, as far as the memory could be read. */
  readonly bytes: Uint8Array;
  /** The memory could not be read. */
  readonly fault: boolean;
  /** There was more than `bytes`. */
  readonly truncated: boolean;
  /** The true length where it is known, else that of `bytes`. */
  readonly length: number;
}

/** A call as the ring brought it; nothing is read before it is asked for. */
export interface RawCall {
  /** As the kernel's hook saw it. */
  readonly nr: number;
  /** Whose numbers it has. */
  readonly abi: Abi;
  /** A register, of 64 bits, unsigned. */
  arg(index: number): bigint;
  /** undefined: the call has not returned, or never does. */
  readonly result: bigint | undefined;
  /** By its index in the call's list of pieces. */
  piece(index: number): CapturedPiece | undefined;
}

/** What must hold of an argument for its call to be sent: `(argument & mask) == value`. */
export interface ArgumentTest {
  /** Its number. */
  readonly argument: number;
  readonly mask: bigint;
  readonly value: bigint;
}
