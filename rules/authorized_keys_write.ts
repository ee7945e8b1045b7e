import { defineRule } from "tallyman";
import { writesOf } from "./shared/written_files.ts";

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
  filter: { outcome: "ok" },
  ...writesOf(paths),
});
