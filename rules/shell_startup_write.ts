import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

const paths = [
  "/etc/profile",
  "/etc/profile.d/",
  "/etc/bash.bashrc",
  "/etc/zsh/",
  "/etc/environment",
  "~/.bashrc",
  "~/.bash_profile",
  "~/.bash_login",
  "~/.bash_logout",
  "~/.profile",
  "~/.zshrc",
  "~/.zshenv",
  "~/.zprofile",
  "~/.config/fish/",
];

export default defineRule({
  id: "shell-startup-write",
  title: "A file that every shell runs was written",
  severity: "notice",
  tags: ["mitre:T1546.004", "persistence"],
  description:
    "What stands in .bashrc or /etc/profile.d is run by the next one who opens a shell, as that user.\n\n" +
    "False positives: installers that add to PATH, and whoever makes users; it is not on by default.\n\n" +
    "Cost: a dear one: every openat that succeeds, decoded where it writes.",
  recommended: false,
  syscalls: [...changeCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    paths: z.array(z.string()).default(paths)
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default([...packageManagers, "useradd", "adduser"])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = changedPath(event);
    if (!isAmong(path, options.paths) || isRunBy(event.process, options.trusted)) return;
    alert(`${event.process.comm} wrote ${path}`, { path });
  },
});
