import { defineRule, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { cutPath, openCalls, placeCalls } from "./shared/file_changes.ts";
import { isAmong, pathOf } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

const unlinkCalls = ["unlink", "unlinkat"] as const;
const rotators = ["journalctl", "logrotate", "newsyslog", "rsyslogd", "savelog", "syslog-ng"];
const paths = ["/var/log/", "/run/log/", "/var/run/utmp", "/run/utmp"];

export default defineRule({
  id: "log-clear",
  title: "A log was emptied or removed",
  severity: "warning",
  tags: ["mitre:T1070.002", "defense-evasion"],
  description: "Logs tell who was there; whoever cuts or removes one may have been.\n\n" +
    "False positives: programs that begin a new log when they start, and builds that tidy up; it is " +
    "not on by default. Programs that turn logs over are left out.\n\n" +
    "Cost: unlink; openat, which is dear, decoded where it cuts a file.",
  recommended: false,
  syscalls: [...unlinkCalls, ...openCalls, "creat", "truncate", ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default(paths).describe("Files, and folders that end with /"),
    trusted: z.array(z.string()).default([...rotators, ...packageManagers])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 3, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const removed = argumentsOf(event, unlinkCalls);
    const path = removed === undefined
      ? cutPath(event)
      : pathOf(event, removed.path, "dirfd" in removed ? removed.dirfd : undefined);
    if (!isAmong(path, options.paths) || isRunBy(event.process, options.trusted)) return;
    alert(`${event.process.comm} ${removed === undefined ? "emptied" : "removed"} ${path}`, {
      path,
    });
  },
});
