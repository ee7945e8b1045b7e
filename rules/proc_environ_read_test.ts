import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./proc_environ_read.ts";

const process = { comm: "cat", containerPid: 12 };

Deno.test("proc-environ-read: of another process", () => {
  const inputs = [
    event("openat", { path: "/proc/1/environ" }, { process }),
    event("openat", { path: "/proc//7/task/7/mem" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "cat opened the environ of process 1",
    "cat opened the mem of process 7",
  ]);
});

Deno.test("proc-environ-read: not its own, not other files, not what failed", () => {
  const inputs = [
    event("openat", { path: "/proc/self/environ" }, { process }),
    event("openat", { path: "/proc/12/environ" }, { process }),
    event("openat", { path: "/proc/1/status" }, { process }),
    event("openat", { path: "/proc/1/environ" }, { process, error: "EACCES" }),
    event("openat", { path: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
