import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

const paths = [
  "/etc/shadow",
  "/etc/gshadow",
  "/etc/sudoers",
  "/etc/sudoers.d/",
  "/etc/pam.d/",
  "/etc/security/",
];

const accountTools = [
  "chage",
  "chpasswd",
  "groupadd",
  "groupdel",
  "groupmod",
  "gpasswd",
  "newusers",
  "passwd",
  "pwconv",
  "useradd",
  "userdel",
  "usermod",
  "visudo",
  "adduser",
  "addgroup",
  "deluser",
];

export default defineRule({
  id: "account-file-write",
  title: "A file that says who may do what was written",
  severity: "warning",
  tags: ["mitre:T1098", "mitre:T1136.001", "persistence"],
  description:
    "Who can write the passwords, the sudoers or how users are recognized (PAM) has made itself a way " +
    "back in. /etc/passwd and /etc/group can be added where no entrypoint writes them, as those of " +
    "OpenShift images do.\n\n" +
    "False positives: tools of yours that make users and are not among the trusted.\n\n" +
    "Cost: a dear one: every openat that succeeds, decoded where it writes.",
  recommended: true,
  syscalls: [...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default(paths)
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default([...packageManagers, ...accountTools])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = changedPath(event);
    if (!isAmong(path, options.paths) || isRunBy(event.process, options.trusted)) return;
    alert(`${event.process.comm} wrote ${path}`, { path });
  },
});
