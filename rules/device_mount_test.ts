import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./device_mount.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/dev" };

Deno.test("device-mount: disks, and what the kernel shows", () => {
  const inputs = [
    event("mount", { source: "/dev/sda1", target: "/mnt", type: "ext4" }, { process }),
    event("mount", { source: "./sda1", target: "/mnt", type: "ntfs" }, { process }),
    event("mount", { source: "none", target: "/mnt", type: "debugfs" }, {
      process,
      error: "EPERM",
    }),
    event("fsopen", { type: "cgroup" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh mounted /dev/sda1",
    "sh mounted /dev/sda1",
    "sh mounted debugfs, which failed: EPERM",
    "sh mounted cgroup",
  ]);
});

Deno.test("device-mount: not tmpfs, not binding, not engines", () => {
  const inputs = [
    event("mount", { source: "tmpfs", target: "/mnt", type: "tmpfs" }, { process }),
    event("mount", { source: "/dev/null", target: "/mnt", flags: "MS_BIND" }, { process }),
    event("mount", { source: "cgroup", target: "/c", type: "cgroup" }, {
      process: { exe: "/usr/bin/runc" },
    }),
    event("mount", { source: fault(), target: "/mnt", type: fault() }, { process }),
    event("fsopen", { type: "tmpfs" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
