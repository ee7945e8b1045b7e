import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy } from "./shared/programs.ts";

const paths = [
  "**/.ssh/authorized_keys",
  "**/.ssh/authorized_keys2",
  "**/.ssh/rc",
  "/etc/ssh/authorized_keys/",
];

export default defineRule({
  id: "authorized-keys-write",
  title: "A key was added that lets somebody log in",
  severity: "warning",
  tags: ["mitre:T1098.004", "persistence"],
  description: "A line in authorized_keys is a way back in without a password.\n\n" +
    "False positives: servers of Git and SFTP that keep the keys of their users so.\n\n" +
    "Cost: a dear one: every openat that succeeds, decoded where it writes.",
  recommended: true,
  syscalls: [...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
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
