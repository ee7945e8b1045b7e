/**
 * Calls made up for tests: what a ring would bring, out of plain values.
 *
 * @module
 */
import { type Architecture, syscallOf } from "../mod.ts";
import { piecesOf } from "./compile.ts";
import type { CapturedPiece, RawCall } from "./contract.ts";

/** Memory of a call: text without the NUL that ends it, bytes, or more of a piece. */
type Copied = Uint8Array | string | Partial<CapturedPiece>;

/** What a made-up call brings. */
export interface MadeUp {
  /** The registers; missing ones are 0. */
  readonly words?: readonly (number | bigint)[];
  /** By default 0; null: it has not returned. */
  readonly result?: number | bigint | null;
  /** What was copied, by the argument's position. */
  readonly memory?: Readonly<Record<number, Copied>>;
  /** The same before the call, where the kernel changes it; by default as after. */
  readonly before?: Readonly<Record<number, Copied>>;
  readonly architecture?: Architecture;
}

const encoder = new TextEncoder();

/** A piece of text (without the NUL that ends it) or bytes, of which nothing was cut. */
function captured(of: Copied): CapturedPiece {
  const bytes = typeof of === "string" ? encoder.encode(of) : of instanceof Uint8Array ? of : null;
  if (bytes !== null) return { bytes, fault: false, truncated: false, length: bytes.length };
  const piece = { bytes: new Uint8Array(), fault: false, truncated: false, ...of as object };
  return { length: piece.bytes.length, ...piece };
}

/** A call of a name as {@linkcode syscallName} writes it. Where memory is given, a register that is 0 is not. */
export function madeUpCall(name: string, made: MadeUp = {}): RawCall {
  const { words = [], result = 0, memory = {}, before = {}, architecture = "x86_64" } = made;
  const call = syscallOf(name, architecture);
  if (call === undefined) throw new Error(`${architecture} has no ${name}`);
  const pieces = piecesOf(name, architecture);
  return {
    ...call,
    arg: (index) => {
      const word = BigInt.asUintN(64, BigInt(words[index] ?? 0));
      return word === 0n && index in memory ? 0x7ffe_0000n + BigInt(index) : word;
    },
    result: result === null ? undefined : BigInt(result),
    piece: (index) => {
      const { arg = -1, when = "enter" } = pieces[index] ?? {};
      const of = (when === "enter" ? before[arg] : undefined) ?? memory[arg];
      return of === undefined ? undefined : captured(of);
    },
  };
}

/** Little-endian bytes of words of some widths: `bytes([2, 443], [4, 1n])`. */
export function bytesOf(...fields: readonly (readonly [width: 1 | 2 | 4 | 8, bigint | number])[]) {
  return Uint8Array.from(
    fields.flatMap(([width, value]) =>
      Array.from({ length: width }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn))
    ),
  );
}
