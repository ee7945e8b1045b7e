import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

const paths = [
  "/etc/crontab",
  "/etc/cron.*/",
  "/etc/anacrontab",
  "/var/spool/cron/",
  "/var/spool/at/",
  "/var/spool/anacron/",
  "/etc/systemd/",
  "/usr/lib/systemd/",
  "/lib/systemd/",
  "/etc/init.d/",
  "/etc/rc.local",
];

export default defineRule({
  id: "scheduled-task-write",
  title: "A task was scheduled, or a service was made",
  severity: "warning",
  tags: ["mitre:T1053.003", "mitre:T1543.002", "persistence"],
  description:
    "cron, at and systemd run what lies in these folders, later and again and again: a way to stay.\n\n" +
    "False positives: images whose entrypoint writes its own crontab.\n\n" +
    "Cost: a dear one: every openat that succeeds, decoded where it writes.",
  recommended: true,
  syscalls: [...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default(paths)
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default([...packageManagers, "systemctl"])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = changedPath(event);
    if (!isAmong(path, options.paths) || isRunBy(event.process, options.trusted)) return;
    alert(`${event.process.comm} wrote ${path}`, { path });
  },
});
