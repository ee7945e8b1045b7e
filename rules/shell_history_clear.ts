import { defineRule, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import {
  changeCalls,
  changedPath,
  cutPath,
  placeCalls,
  renamedFrom,
} from "./shared/file_changes.ts";
import { isAmong, pathOf } from "./shared/paths.ts";

const histories = [
  "~/.bash_history",
  "~/.zsh_history",
  "~/.ash_history",
  "~/.sh_history",
  "~/.history",
  "~/.python_history",
  "~/.mysql_history",
  "~/.psql_history",
  "~/.local/share/fish/fish_history",
];

const unlinkCalls = ["unlink", "unlinkat"] as const;

export default defineRule({
  id: "shell-history-clear",
  title: "A shell's history was removed",
  severity: "warning",
  tags: ["mitre:T1070.003", "defense-evasion"],
  description:
    "Whoever removes, empties, moves away or replaces by a link the history of a shell has typed " +
    "something that nobody is to see.\n\n" +
    "False positives: an older bash that shortens a history which has become too long.\n\n" +
    "Cost: unlink and rename; openat, which is dear, decoded where it cuts a file.",
  recommended: true,
  syscalls: [...unlinkCalls, ...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default(histories).describe("Files; ~/ is anybody's home"),
  }),
  evaluate({ event, options, alert }) {
    const removed = argumentsOf(event, unlinkCalls);
    const linked = argumentsOf(event, ["symlink", "symlinkat", "link", "linkat"]);
    const path = removed !== undefined
      ? pathOf(event, removed.path, "dirfd" in removed ? removed.dirfd : undefined)
      : linked !== undefined
      ? changedPath(event)
      : renamedFrom(event) ?? cutPath(event);
    if (isAmong(path, options.paths)) alert(`${event.process.comm} cleared ${path}`, { path });
  },
});
