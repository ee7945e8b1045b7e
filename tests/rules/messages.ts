/**
 * What a rule says to some inputs: the messages of its alerts, in their order.
 *
 * @module
 */
import type { Rule } from "tallyman";
import { type Input, run, type RunOptions } from "tallyman/testing";

/** Runs a rule; what a limit has held back is not among the messages. */
export function messages(
  rule: Rule,
  inputs: readonly Input[],
  options: RunOptions = {},
): string[] {
  const limit = { burst: 1000, per: "1m" };
  return run(rule, inputs, { limit, ...options }).map(({ message }) => message);
}
