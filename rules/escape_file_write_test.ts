import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./escape_file_write.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/sys/fs/cgroup/rdma" };
const flags = ["O_WRONLY", "O_TRUNC"] as const;

Deno.test("escape-file-write: what makes the kernel run programs, also attempts", () => {
  const inputs = [
    event("openat", { path: "release_agent", flags }, { process }),
    event("openat", { path: "/tmp/cg/release_agent", flags }, { process, error: "EACCES" }),
    event("openat", { path: "/proc/sys/kernel/core_pattern", flags }, { process, error: "EROFS" }),
    event("openat", { path: "/proc/self/../sys//kernel/core_pattern", flags }, { process }),
    event("openat", { path: "/host/proc/sysrq-trigger", flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh wrote /sys/fs/cgroup/rdma/release_agent",
    "sh wrote /tmp/cg/release_agent",
    "sh wrote /proc/sys/kernel/core_pattern",
    "sh wrote /proc/sys/kernel/core_pattern",
    "sh wrote /host/proc/sysrq-trigger",
  ]);
});

Deno.test("escape-file-write: not reading, not the engine, not another file", () => {
  const runc = { comm: "runc:[2:INIT]", exe: "/usr/bin/runc" };
  const inputs = [
    event("openat", { path: "/proc/sys/kernel/core_pattern", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/sys/fs/cgroup/devices/devices.allow", flags }, { process: runc }),
    event("openat", { path: "/proc/sys/kernel/hostname", flags }, { process }),
    event("openat", { path: fault(), flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
