import { defineRule } from "tallyman";
import { packageManagers } from "./shared/programs.ts";
import { writesOf } from "./shared/written_files.ts";

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
  filter: { outcome: "ok" },
  ...writesOf(paths, [...packageManagers, "useradd", "adduser"]),
});
