/**
 * Which call an event is, for rules that look at several.
 *
 * @module
 */
import type { ArgumentsOf, CallName, RuleEvent } from "tallyman";

/** Calls that run a program. */
export const execCalls = ["execve", "execveat"] as const;

/** The arguments of an event if it is one of some calls, also of 32-bit code; undefined if it is another. */
export function argumentsOf<const Name extends CallName>(
  event: RuleEvent,
  names: readonly Name[],
): ArgumentsOf<Name> | undefined {
  const { syscall } = event;
  const prefix = syscall.indexOf(":");
  const own = prefix < 0 ? syscall : syscall.slice(prefix + 1);
  if (!names.some((name) => name === own)) return undefined;
  // It has one of the names: that is what its arguments are.
  return event.args as ArgumentsOf<Name>;
}
