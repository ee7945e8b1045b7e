import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./account_file_write.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/etc" };
const flags = ["O_WRONLY", "O_APPEND"] as const;

Deno.test("account-file-write: shadow, sudoers, PAM", () => {
  const inputs = [
    event("openat", { path: "/etc/shadow", flags }, { process }),
    event("openat", { path: "./sudoers.d/eve", flags: ["O_WRONLY", "O_CREAT"] }, { process }),
    event("rename", { oldpath: "/tmp/x", newpath: "/etc/pam.d/sshd" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh wrote /etc/shadow",
    "sh wrote /etc/sudoers.d/eve",
    "sh wrote /etc/pam.d/sshd",
  ]);
});

Deno.test("account-file-write: not passwd by default, not useradd, not reading", () => {
  const useradd = { comm: "useradd", exe: "/usr/sbin/useradd" };
  const inputs = [
    event("openat", { path: "/etc/passwd", flags }, { process }),
    event("openat", { path: "/etc/shadow", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/etc/shadow", flags }, { process: useradd }),
    event("openat", { path: fault(), flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("account-file-write: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("openat", { path: "/etc/shadow", flags }, { process, error: "EACCES" })]),
    [],
  );
});
