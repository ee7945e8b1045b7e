import { defineRule, z } from "tallyman";
import { openCalls, placeCalls, readPath } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { programOf } from "./shared/programs.ts";
import { secrets } from "./shared/secrets.ts";

/** Programs whose work it is to look at passwords. */
const trusted = [
  "chage",
  "chpasswd",
  "cron",
  "crond",
  "groupadd",
  "login",
  "newusers",
  "passwd",
  "pwck",
  "pwconv",
  "sshd",
  "su",
  "sudo",
  "unix_chkpwd",
  "useradd",
  "userdel",
  "usermod",
  "vipw",
  "visudo",
];

export default defineRule({
  id: "sensitive-file-read",
  title: "A file that holds secrets was opened",
  severity: "warning",
  tags: ["mitre:T1003.008", "mitre:T1552.001", "file"],
  description:
    "Passwords, private keys and credentials are what an intruder looks for first. The file is meant " +
    "however its name is written (/etc//shadow, ../etc/shadow, /proc/self/root/etc/shadow); links " +
    "that the container made itself are not followed: see sensitive-link.\n\n" +
    "False positives: ssh clients that read their own key, cloud tools their own credentials; name " +
    "them in `trusted`.\n\n" +
    "Cost: a dear one: every openat that succeeds, its path decoded.",
  recommended: true,
  syscalls: [...openCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default([...secrets])
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default(trusted)
      .describe("Programs that may, by the names of their files"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = readPath(event);
    if (!isAmong(path, options.paths) || options.trusted.includes(programOf(event.process))) return;
    alert(`${event.process.comm} opened ${path}`, { path });
  },
});
