/**
 * What the kernel is to send of calls.
 *
 * @module
 */
import { type Call, type CallCondition, type CallSpec, constants } from "../../kernel/mod.ts";
import { piecesOf } from "../../syscalls/arguments/mod.ts";
import { syscallName, syscallNumber } from "../../syscalls/mod.ts";

/** Calls that do not return as others do: their events are sent at their enter. */
const sentAtEnter = new Set(["exit", "exit_group", "rt_sigreturn", "sigreturn"]);

/**
 * The calls of these names, of the machine's own table and of 32-bit code's, with all of their memory.
 *
 * @param only Which of a name's calls are sent; by default all.
 */
export function callSpecs(
  names: Iterable<string>,
  only: (name: string, call: Call) => CallCondition | undefined = () => undefined,
): Map<Call, CallSpec> {
  const specs = new Map<Call, CallSpec>();
  for (const name of names) {
    for (const abi of ["native", "compat"] as const) {
      const nr = syscallNumber(name, abi);
      if (nr === undefined || nr >= constants.CALL_OTHER) continue;
      const call: Call = { nr, abi };
      const pieces = piecesOf(syscallName(nr, abi));
      specs.set(call, { pieces, sentAtEnter: sentAtEnter.has(name), only: only(name, call) });
    }
  }
  return specs;
}
