/**
 * What a named difference is: one way in which strace's line and ours may differ, on purpose or of need.
 *
 * @module
 */
import type { Pair } from "./compare.ts";
import type { Line } from "./parse.ts";

/** What a difference is looked for in. */
export interface Context extends Pair {
  /** The call's. */
  readonly name: string;
  /** `openat.2`: its third argument; `poll.result`. */
  readonly place: string;
  /** The number that strace gives beside the argument's names. */
  readonly number: bigint | undefined;
}

/** Both texts of an argument or a result, as they'd be without a difference, and what of its details they had. */
export type TextChange = (
  theirs: string,
  ours: string,
  context: Context,
) => readonly [theirs: string, ours: string, ...details: string[]];

/** Both lines, as they'd be without a difference; undefined if they have it not. */
export type LineChange = (
  theirs: Line,
  ours: Line,
  context: Context,
) => readonly [theirs: Line, ours: Line] | undefined;

/** One named difference. */
export interface Difference {
  readonly name: string;
  readonly why: string;
  /** Calls, arguments and results that have it: each is met in the test, or the test fails. */
  readonly where: readonly string[] | "anywhere";
  /** What else it is about, each of which must be met as well: names, fields. */
  readonly details?: readonly string[];
  readonly text?: TextChange;
  readonly line?: LineChange;
}
