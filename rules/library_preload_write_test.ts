import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./library_preload_write.ts";

const process = { comm: "sh", cwd: "/etc" };

Deno.test("library-preload-write: also when it fails", () => {
  const inputs = [
    event("openat", { path: "/etc/ld.so.preload", flags: ["O_WRONLY", "O_CREAT"] }, { process }),
    event("open", { path: "ld.so.preload", flags: ["O_RDWR"] }, { process, error: "EACCES" }),
    event("rename", { oldpath: "x", newpath: "/etc//ld.so.preload" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), Array(3).fill("sh wrote /etc/ld.so.preload"));
});

Deno.test("library-preload-write: not what every program does", () => {
  const inputs = [
    event("access", { path: "/etc/ld.so.preload" }, { process, error: "ENOENT" }),
    event("openat", { path: "/etc/ld.so.preload", flags: ["O_RDONLY", "O_CLOEXEC"] }, { process }),
    event("openat", { path: "/etc/ld.so.cache", flags: ["O_WRONLY"] }, { process }),
    event("openat", { path: fault(), flags: ["O_WRONLY"] }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
