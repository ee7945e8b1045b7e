import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy } from "./shared/programs.ts";

const paths = ["/etc/ld.so.preload"];

export default defineRule({
  id: "library-preload-write",
  title: "A library was set to be loaded into every program",
  severity: "critical",
  tags: ["mitre:T1574.006", "persistence", "defense-evasion"],
  description:
    "What /etc/ld.so.preload names is loaded into each program that starts: rootkits of user space hide " +
    "themselves so. An attempt counts as well.\n\n" +
    "False positives: hardly any.\n\n" +
    "Cost: a dear one: every openat, decoded where it writes.",
  recommended: true,
  syscalls: [...changeCalls, ...placeCalls],

  options: z.object({
    paths: z.array(z.string()).default(paths)
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default([])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = changedPath(event);
    if (!isAmong(path, options.paths) || isRunBy(event.process, options.trusted)) return;
    alert(`${event.process.comm} wrote ${path}`, { path });
  },
});
