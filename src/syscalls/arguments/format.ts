/**
 * A call as one line, as strace writes it. All of it is printable ASCII: nothing that a container named gets
 * to a terminal as it is.
 *
 * @module
 */
import { type Architecture, syscallName } from "../mod.ts";
import { compiledOf } from "./compile.ts";
import type { RawCall } from "./contract.ts";
import { errorName, errorText, isError, isRestart } from "./errors.ts";
import type { FormatOptions } from "./kinds/kind.ts";

/** How a line is written. */
export interface LineOptions extends FormatOptions {
  /** Whose numbers the call has. */
  readonly architecture?: Architecture;
}

/** `AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC` */
export function formatArguments(call: RawCall, options: LineOptions = {}): string {
  const { slots } = compiledOf(call, options.architecture);
  const parts: string[] = [];
  for (const slot of slots) {
    const text = slot.kind.format(call, slot, options);
    if (text !== undefined) parts.push(text);
  }
  return parts.join(", ");
}

/** `5`, `-1 ENOENT (No such file or directory)`, `? ERESTARTSYS (…)`, or `?` of a call that has not returned. */
export function formatResult(call: RawCall, options: LineOptions = {}): string {
  const { result } = call;
  if (result === undefined) return "?";
  if (isError(result)) {
    const text = errorText(result);
    return `${isRestart(result) ? "?" : "-1"} ${errorName(result)}${
      text === undefined ? "" : ` (${text})`
    }`;
  }
  return compiledOf(call, options.architecture).result.text(result, options);
}

/** `openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 5` */
export function formatCall(call: RawCall, options: LineOptions = {}): string {
  const name = syscallName(call.nr, call.abi, options.architecture);
  return `${name}(${formatArguments(call, options)}) = ${formatResult(call, options)}`;
}
