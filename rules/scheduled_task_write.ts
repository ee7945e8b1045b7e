import { defineRule } from "tallyman";
import { packageManagers } from "./shared/programs.ts";
import { writesOf } from "./shared/written_files.ts";

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
  filter: { outcome: "ok" },
  ...writesOf(paths, [...packageManagers, "systemctl"]),
});
