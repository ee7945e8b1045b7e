import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./shared_memory_exec.ts";

Deno.test("shared-memory-exec: by its path, from its folder, by a descriptor, by what runs", () => {
  const process = { comm: "sh", cwd: "/dev/shm" };
  const inputs = [
    event("execve", { path: "/dev/shm/x" }, { process }),
    event("execve", { path: "./x" }, { process }),
    event("execve", { path: "/tmp/..//dev/shm/x" }, { process }),
    event("execveat", { dirfd: 5, path: "x" }, {
      process: { comm: "sh" },
      descriptors: { 5: "/dev/shm" },
    }),
    event("execve", { path: "/tmp/link" }, { process, executed: { exe: "/dev/shm/x" } }),
  ];
  deepStrictEqual(messages(rule, inputs), Array(5).fill("sh ran /dev/shm/x"));
});

Deno.test("shared-memory-exec: not from elsewhere, not what isn't there", () => {
  const inputs = [
    event("execve", { path: "/usr/bin/x" }, { process: { cwd: "/dev/shm" } }),
    event("execve", { path: "/dev/shm/x" }, { error: "ENOENT" }),
    event("execve", { path: "/dev/shmx/x" }),
    event("execve", { path: "x" }),
    event("execve", { path: fault() }),
    event("chdir", { path: "/dev/shm" }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
