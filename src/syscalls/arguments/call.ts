/**
 * A row: one system call's arguments, in their order, and what it returns.
 *
 * @module
 */
import type { Kind, ValueOf, Word } from "./kinds/kind.ts";

/** Arguments by name; their order is that of the names. */
export type Arguments = Readonly<Record<string, Kind<unknown>>>;

/** What is known of a system call. */
export interface Row<A extends Arguments = Arguments, R = unknown> {
  readonly arguments: A;
  readonly result: Word<R>;
}

/** What a call's arguments are read as. */
export type Values<A extends Arguments> = { readonly [Name in keyof A]: ValueOf<A[Name]> };

/** A row of a table of calls. */
export function call<const A extends Arguments, R>(
  parameters: A,
  result: Word<R>,
): Row<A, R> {
  return { arguments: parameters, result };
}

/** Rows by the names of calls. */
export type Rows = Readonly<Record<string, Row>>;
