import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./ptrace.ts";

const process = { comm: "x", exe: "/tmp/x", containerPid: 20 };

Deno.test("ptrace: of another process, also an attempt", () => {
  const inputs = [
    event("ptrace", { request: "PTRACE_ATTACH", pid: 1 }, { process }),
    event("ptrace", { request: "PTRACE_SEIZE", pid: 1 }, { process, error: "EPERM" }),
    event("process_vm_writev", { pid: 1 }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "x called PTRACE_ATTACH of process 1",
    "x called PTRACE_SEIZE of process 1, which failed: EPERM",
    "x called process_vm_writev of process 1",
  ]);
});

Deno.test("ptrace: not debuggers, not what they go on with, not itself", () => {
  const inputs = [
    event("ptrace", { request: "PTRACE_TRACEME" }, { process }),
    event("ptrace", { request: "PTRACE_CONT", pid: 1 }, { process }),
    event("ptrace", { request: "PTRACE_ATTACH", pid: 1 }, { process: { exe: "/usr/bin/gdb" } }),
    event("process_vm_writev", { pid: 20 }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
