/**
 * The calls that `--syscall` selects, where their events are shown or recorded.
 *
 * @module
 */
import { formatMessage } from "@optique/core/message";
import { Patterns } from "../engine/mod.ts";
import { closingCalls } from "../processes/follow/mod.ts";
import { printable } from "../sinks/mod.ts";
import { groupCalls, groupNames } from "../syscalls/arguments/mod.ts";
import { globToRegExp, isPattern, syscallNames } from "../syscalls/mod.ts";
import { ExitCode, Failure } from "./exit.ts";
import { unknownCall } from "./unknown_call.ts";

/**
 * The names that a list of names, globs and groups selects, each after `!` or not.
 *
 * @throws {Failure} if one of them is none, or nothing is left.
 */
export function selectCalls(list: readonly string[]): string[] {
  if (list.length === 0) {
    throw new Failure(
      ExitCode.usage,
      "Name the calls to show: --syscall openat,execve or --syscall %network.",
    );
  }
  const globs = list.flatMap(withoutGroups);
  const known = syscallNames();
  for (const glob of globs) {
    const name = glob.replace(/^!/, "");
    const isKnown = isPattern(name)
      ? known.some((each) => globToRegExp(name).test(each))
      : known.includes(name);
    if (isKnown) continue;
    throw new Failure(
      ExitCode.usage,
      printable(formatMessage(unknownCall(name), { quotes: false })),
    );
  }
  const patterns = new Patterns(globs);
  const calls = known.filter((name) => patterns.select([name]));
  if (calls.length > 0) return calls;
  throw new Failure(
    ExitCode.usage,
    `--syscall ${printable(list.join(","))} leaves no system call.`,
  );
}

/** The calls of a group, or what is none. */
function withoutGroups(part: string): readonly string[] {
  const not = part.startsWith("!") ? "!" : "";
  const name = part.slice(not.length);
  if (!name.startsWith("%")) return [part];
  const group = groupCalls(name);
  if (group !== undefined) return group.map((call) => not + call);
  throw new Failure(
    ExitCode.usage,
    `There is no group ${printable(name)}: there are ${groupNames.join(", ")}.`,
  );
}

/** What of these calls' events is taken. */
interface Taken {
  readonly containers: readonly string[];
  readonly outcome: "all" | "ok" | "failed";
}

/** Whether each close of a descriptor is among the events: nobody else need tell of it then. */
export function seesAllCloses(
  calls: readonly string[],
  { containers, outcome }: Taken,
): boolean {
  return closingCalls.every((name) => calls.includes(name)) && containers.length === 0 &&
    outcome === "all";
}
