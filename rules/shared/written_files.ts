/**
 * Rules on files that only some programs have any business to write: what all of them have in common.
 *
 * @module
 */
import { type EventContext, type RuleEvent, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./file_changes.ts";
import { isAmong } from "./paths.ts";
import { isRunBy } from "./programs.ts";

const calls = [...changeCalls, ...placeCalls] as const;

type Call = typeof calls[number];

function optionsOf(paths: readonly string[], trusted: readonly string[]) {
  return z.object({
    paths: z.array(z.string()).default([...paths])
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default([...trusted])
      .describe("Programs that may, as may those that they start"),
  });
}

type Options = z.output<ReturnType<typeof optionsOf>>;

/**
 * The parts of a rule that finds who writes files.
 *
 * @param paths Which; a configuration may name others.
 * @param trusted Programs that may.
 */
export function writesOf(paths: readonly string[], trusted: readonly string[] = []) {
  return {
    syscalls: calls,
    options: optionsOf(paths, trusted),
    limit: { burst: 5, per: "1m", by: (event: RuleEvent) => event.process.exe },
    evaluate({ event, options, alert }: EventContext<Call, Options>) {
      const path = changedPath(event);
      if (!isAmong(path, options.paths) || isRunBy(event.process, options.trusted)) return;
      alert(`${event.process.comm} wrote ${path}`, { path });
    },
  };
}
