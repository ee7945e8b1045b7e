import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./etc_write.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/etc" };
const flags = ["O_WRONLY", "O_CREAT", "O_APPEND"] as const;

Deno.test("etc-write: below /etc", () => {
  const inputs = [
    event("openat", { path: "/etc/profile", flags }, { process }),
    event("openat", { path: "nginx/x.conf", flags }, { process }),
    event("renameat", { oldpath: "/tmp/x", newpath: "/etc/passwd" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh wrote /etc/profile",
    "sh wrote /etc/nginx/x.conf",
    "sh wrote /etc/passwd",
  ]);
});

Deno.test("etc-write: not elsewhere, reading, what engines write, package managers", () => {
  const apt = { comm: "apt", exe: "/usr/bin/apt" };
  const inputs = [
    event("openat", { path: "/srv/etc/x", flags }, { process }),
    event("openat", { path: "/etc/profile", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/etc/hosts", flags }, { process }),
    event("openat", { path: "/etc/apt/x", flags }, { process: apt }),
    event("creat", { path: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("etc-write: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("openat", { path: "/etc/profile", flags }, { process, error: "EROFS" })]),
    [],
  );
});
