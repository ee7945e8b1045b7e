import { defineRule } from "tallyman";
import { packageManagers } from "./shared/programs.ts";
import { writesOf } from "./shared/written_files.ts";

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
  filter: { outcome: "ok" },
  ...writesOf(paths, [...packageManagers, ...accountTools]),
});
