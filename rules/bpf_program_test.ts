import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./bpf_program.ts";

Deno.test("bpf-program: a program, also an attempt", () => {
  const process = { comm: "x", exe: "/tmp/x" };
  const inputs = [
    event("bpf", { cmd: "BPF_PROG_LOAD" }, { process, result: 3 }),
    event("bpf", { cmd: "BPF_PROG_LOAD" }, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "x loads a BPF program",
    "x loads a BPF program, which failed: EPERM",
  ]);
});

Deno.test("bpf-program: not maps, not who is trusted", () => {
  const inputs = [
    event("bpf", { cmd: "BPF_MAP_CREATE" }, { process: { exe: "/tmp/x" } }),
    event("bpf", { cmd: "BPF_PROG_LOAD" }, { process: { exe: "/usr/lib/systemd/systemd" } }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
