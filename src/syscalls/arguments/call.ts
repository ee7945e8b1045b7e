/**
 * A row: one system call's arguments, in their order, what it returns, and what it leaves in their memory.
 *
 * @module
 */
import type { Kind, ValueOf, Word } from "./kinds/kind.ts";

/** Arguments by name; their order is that of the names. */
export type Arguments = Readonly<Record<string, Kind<unknown>>>;

/**
 * What the kernel has made of an argument's memory when the call returns, where what the caller had put there is
 * worth knowing as well: it has a name of its own beside the arguments.
 */
export interface Outcome<T = unknown> {
  /** The argument that points to it. */
  readonly of: string;
  readonly kind: Kind<T>;
  /**
   * What stands before it in brackets behind the result: `= 1 (left {tv_sec=0, …})`; "": nothing. undefined: it
   * stands behind the argument, `[2] => [7]`.
   */
  readonly word?: string;
}

/** Outcomes by name, in the order in which they are written. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/** What is known of a system call. */
export interface Row<A extends Arguments = Arguments, R = unknown, O extends Outcomes = Outcomes> {
  readonly arguments: A;
  readonly result: Word<R>;
  /** Of a call that has succeeded with another result than 0. */
  readonly outcomes: O;
}

/** What a call's arguments are read as. */
export type Values<A extends Arguments> = { readonly [Name in keyof A]: ValueOf<A[Name]> };

/** What its outcomes are read as. */
export type OutcomeValues<O extends Outcomes> = {
  readonly [Name in keyof O]: ValueOf<O[Name]["kind"]> | undefined;
};

/** A row of a table of calls. */
export function call<const A extends Arguments, R>(
  parameters: A,
  result: Word<R>,
): Row<A, R, Record<never, never>>;
export function call<const A extends Arguments, R, const O extends Outcomes>(
  parameters: A,
  result: Word<R>,
  outcomes: O,
): Row<A, R, O>;
export function call(parameters: Arguments, result: Word<unknown>, outcomes: Outcomes = {}): Row {
  return { arguments: parameters, result, outcomes };
}

/** Rows by the names of calls. */
export type Rows = Readonly<Record<string, Row>>;
