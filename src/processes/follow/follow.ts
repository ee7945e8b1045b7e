/**
 * Following what calls do: which descriptors they open, duplicate and close, and where they take a process.
 *
 * @module
 */
import type { RawCall } from "../../syscalls/arguments/mod.ts";
import { type Abi, type Architecture, bareName } from "../../syscalls/mod.ts";
import type { Process } from "../process.ts";
import type { ProcessTable } from "../table.ts";
import { Caller } from "./caller.ts";
import { type Effect, effects } from "./calls.ts";

/** Calls that say what a descriptor is, or where a process is: by name, without the prefix of 32-bit code. */
export const followedCalls: readonly string[] = [...effects.keys()];

/**
 * Calls that make what is known of a descriptor wrong. Where all of them are captured, of every container, what
 * other calls told stands: `followsCloses` of the table.
 */
export const closingCalls: readonly string[] = ["close", "close_range", "dup2", "dup3"];

/** include/uapi/asm-generic/errno.h */
const EINPROGRESS = -115n;

/**
 * Calls that do what they do in spite of an error: close(2) gives the number free whatever else goes wrong
 * (or it wasn't open: EBADF), and connect(2) goes on behind its caller's back.
 */
const evenIfFailed = new Map<string, (result: bigint) => boolean>([
  ["close", () => true],
  ["connect", (result) => result === EINPROGRESS],
]);

/** Names that 32-bit code has for calls that have a row. */
const aliases: ReadonlyMap<string, string> = new Map([["fcntl64", "fcntl"]]);

/** What is done about a call. */
interface Followed {
  readonly effect: Effect;
  /** Whether it is done in spite of an error. */
  readonly evenIf: ((result: bigint) => boolean) | undefined;
}

function followedOf(nr: number, abi: Abi, architecture: Architecture): Followed | undefined {
  const own = bareName(nr, abi, architecture);
  const name = aliases.get(own) ?? own;
  const effect = effects.get(name);
  return effect && { effect, evenIf: evenIfFailed.get(name) };
}

/** Most calls do nothing that is followed, which is asked of each event: null. Low numbers, by the machine's ABI. */
const low: { readonly [A in Architecture]: Readonly<Record<Abi, (Followed | null)[]>> } = {
  x86_64: { native: [], compat: [] },
  aarch64: { native: [], compat: [] },
};
const LOW = 512;

function lowFollowed(nr: number, abi: Abi, architecture: Architecture): Followed | null {
  return low[architecture][abi][nr] ??= followedOf(nr, abi, architecture) ?? null;
}

/** Whether a call may do something that is followed. */
export function isFollowed(
  { nr, abi }: Pick<RawCall, "nr" | "abi">,
  architecture: Architecture = Deno.build.arch,
): boolean {
  return followedAs(nr, abi, architecture) !== null;
}

function followedAs(nr: number, abi: Abi, architecture: Architecture): Followed | null {
  if (nr >= 0 && nr < LOW) return lowFollowed(nr, abi, architecture);
  return followedOf(nr, abi, architecture) ?? null;
}

/**
 * Takes in what a call did. To be called once for each call, in the order of their events: after its arguments
 * were described (a closed descriptor is none any more) and before its result is.
 *
 * @param process Who called.
 */
export function follow(
  call: RawCall,
  process: Process,
  table: ProcessTable,
  architecture: Architecture = Deno.build.arch,
): void {
  const followed = followedAs(call.nr, call.abi, architecture);
  if (followed === null) return;
  const { result } = call;
  if (result === undefined || (result < 0n && followed.evenIf?.(result) !== true)) return;
  followed.effect(call, new Caller(process, table), architecture);
}
