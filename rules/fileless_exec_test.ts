import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./fileless_exec.ts";

Deno.test("fileless-exec: from memory, by what runs and by the descriptor", () => {
  const process = { comm: "loader", pid: 70 };
  const inputs = [
    event("execve", { path: "/proc/self/fd/3" }, {
      process,
      executed: { exe: "/memfd:x (deleted)" },
    }),
    event("execveat", { dirfd: 4, path: "", flags: "AT_EMPTY_PATH" }, {
      process,
      descriptors: { 4: "/memfd:y (deleted)" },
    }),
    event("memfd_create", { name: "z" }, { process, result: 9 }),
    event("execve", { path: "/dev/fd/9" }, { process }),
    event("execve", { path: "/dev/fd/9" }, {
      process: { comm: "child", pid: 71, ancestors: [process] },
    }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "loader ran a file in memory, memfd:x",
    "loader ran a file in memory, memfd:y",
    "loader ran a file in memory, memfd:z",
    "child ran a file in memory, memfd:z",
  ]);
});

Deno.test("fileless-exec: not files, not runc, not what failed", () => {
  const process = { comm: "x", pid: 72 };
  const inputs = [
    event("execve", { path: "/usr/bin/x" }, { process }),
    event("execve", { path: "/proc/self/fd/3" }, { process, descriptors: { 3: "/usr/bin/x" } }),
    event("execve", { path: "/proc/self/fd/4" }, { process }),
    event("execve", { path: "x" }, {
      process,
      executed: { exe: "/memfd:runc_cloned:/proc/self/exe" },
    }),
    event("execve", { path: "/dev/fd/3" }, {
      process,
      descriptors: { 3: "/memfd:x" },
      error: "EACCES",
    }),
    event("memfd_create", { name: fault() }, { process }),
    event("execve", { path: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("fileless-exec: a file that was unlinked before, by its descriptor", () => {
  const facts = { process: { comm: "sh", pid: 73 }, executed: { exe: "/tmp/x (deleted)" } };
  const inputs = [
    event("execve", { path: "/proc/self/fd/3", argv: ["x"] }, facts),
    event("execve", { path: "/tmp/x (deleted)", argv: ["x"] }, facts),
  ];
  deepStrictEqual(messages(rule, inputs), ["sh ran /tmp/x (deleted)"]);
});
