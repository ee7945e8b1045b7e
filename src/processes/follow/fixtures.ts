/**
 * Calls made up for the tests of this folder.
 *
 * @module
 */
import { piecesOf, type RawCall } from "../../syscalls/arguments/mod.ts";
import { type Architecture, syscallOf } from "../../syscalls/mod.ts";

/** What a made-up call brings. */
export interface MadeUp {
  /** The registers; missing ones are 0, or some address where there is memory. */
  readonly words?: readonly number[];
  /** null: it has not returned. */
  readonly result?: number | null;
  /** What was copied, by the argument's position. */
  readonly memory?: Readonly<Record<number, string | Uint8Array>>;
  readonly architecture?: Architecture;
}

/** A call of a name, with its prefix if it is one of 32-bit code. */
export function madeUpCall(name: string, made: MadeUp = {}): RawCall {
  const { words = [], result = 0, memory = {}, architecture = "x86_64" } = made;
  const call = syscallOf(name, architecture);
  if (call === undefined) throw new Error(`${architecture} has no ${name}`);
  const pieces = piecesOf(name, architecture);
  return {
    ...call,
    result: result === null ? undefined : BigInt(result),
    arg: (index) => BigInt.asUintN(64, BigInt(words[index] ?? (index in memory ? 0x7ffe_0000 : 0))),
    piece: (index) => {
      const of = memory[pieces[index]?.arg ?? -1];
      if (of === undefined) return undefined;
      const bytes = typeof of === "string" ? new TextEncoder().encode(of) : of;
      return { bytes, fault: false, truncated: false, length: bytes.length };
    },
  };
}

/** Two ints, as the kernel fills them in: pipe(2), socketpair(2). */
export function intPair(first: number, second: number): Uint8Array {
  return new Uint8Array(Int32Array.of(first, second).buffer);
}

/** struct sockaddr_in */
export function internetAddress(port: number, ...address: readonly number[]): Uint8Array {
  return Uint8Array.of(2, 0, port >> 8, port & 0xff, ...address, 0, 0, 0, 0, 0, 0, 0, 0);
}

/** struct open_how, of openat2(2). */
export function openHow(flags: number, resolve: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(flags), 0n, BigInt(resolve)).buffer);
}

/** An address that the kernel filled in, and its length: accept(2), getpeername(2). */
export function given(address: Uint8Array): { 1: Uint8Array; 2: Uint8Array } {
  return { 1: address, 2: new Uint8Array(Int32Array.of(address.length).buffer) };
}
