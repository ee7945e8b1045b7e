/**
 * A call as one line, as strace writes it. All of it is printable ASCII: nothing that a container named gets
 * to a terminal as it is.
 *
 * @module
 */
import { type Architecture, syscallName } from "../mod.ts";
import { compiledOf, type OutcomeSlot } from "./compile.ts";
import type { RawCall } from "./contract.ts";
import { errorName, errorText, isError, isRestart } from "./errors.ts";
import type { FormatOptions } from "./kinds/kind.ts";

/** How a line is written. */
export interface LineOptions extends FormatOptions {
  /** Whose numbers the call has. */
  readonly architecture?: Architecture;
}

/** `AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC`; where the call has moved an offset on, `[2] => [7]`. */
export function formatArguments(call: RawCall, options: LineOptions = {}): string {
  const { slots, outcomes } = compiledOf(call, options.architecture);
  const parts: string[] = [];
  for (const slot of slots) {
    const text = slot.kind.format(call, slot, options);
    if (text === undefined) continue;
    const after = outcomes.find(({ arg, word }) => arg === slot.arg && word === undefined);
    const made = after?.kind.format(call, after, options);
    parts.push(made === undefined ? text : `${text} => ${made}`);
  }
  return parts.join(", ");
}

/** ` ([{fd=3, revents=POLLIN}], left {tv_sec=0, tv_nsec=5})`; nothing if there is nothing to say. */
function formatOutcomes(call: RawCall, outcomes: readonly OutcomeSlot[]): string {
  const parts: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.word === undefined) continue;
    const text = outcome.kind.format(call, outcome, {});
    if (text !== undefined && text !== "[]") parts.push(`${outcome.word} ${text}`.trimStart());
  }
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/**
 * `5`, `1 (in [3])`, `-1 ENOENT (No such file or directory)`, `? ERESTARTSYS (…)`, or `?` of a call that has not
 * returned.
 */
export function formatResult(call: RawCall, options: LineOptions = {}): string {
  const { result } = call;
  if (result === undefined) return "?";
  if (isError(result)) {
    const text = errorText(result);
    return `${isRestart(result) ? "?" : "-1"} ${errorName(result)}${
      text === undefined ? "" : ` (${text})`
    }`;
  }
  const compiled = compiledOf(call, options.architecture);
  return compiled.result.text(result, options) + formatOutcomes(call, compiled.outcomes);
}

/** `openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 5` */
export function formatCall(call: RawCall, options: LineOptions = {}): string {
  const name = syscallName(call.nr, call.abi, options.architecture);
  return `${name}(${formatArguments(call, options)}) = ${formatResult(call, options)}`;
}
