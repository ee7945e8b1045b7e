import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./shell_startup_write.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/root" };
const flags = ["O_WRONLY", "O_APPEND"] as const;

Deno.test("shell-startup-write: of one user, of all", () => {
  const inputs = [
    event("openat", { path: ".bashrc", flags }, { process }),
    event("openat", { path: "/etc/profile.d/x.sh", flags: ["O_WRONLY", "O_CREAT"] }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh wrote /root/.bashrc",
    "sh wrote /etc/profile.d/x.sh",
  ]);
});

Deno.test("shell-startup-write: not reading, not who makes users", () => {
  const inputs = [
    event("openat", { path: "/root/.bashrc", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/home/eve/.bashrc", flags }, { process: { exe: "/sbin/useradd" } }),
    event("openat", { path: "/srv/.bashrc", flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("shell-startup-write: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("openat", { path: ".bashrc", flags }, { process, error: "EROFS" })]),
    [],
  );
});
