import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./disk_device_open.ts";

const process = { comm: "debugfs", cwd: "/dev" };

Deno.test("disk-device-open: opened, or made", () => {
  const block = { type: "S_IFBLK", permissions: 0o600 };
  const inputs = [
    event("openat", { path: "/dev/sda1" }, { process }),
    event("open", { path: "nvme0n1p1", flags: ["O_RDWR"] }, { process }),
    event("openat", { path: "/dev/mem" }, { process }),
    event("mknodat", { path: "/tmp/x", mode: block, device: 0x801 }, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "debugfs opened /dev/sda1",
    "debugfs opened /dev/nvme0n1p1",
    "debugfs opened /dev/mem",
    "debugfs made the block device /tmp/x",
  ]);
});

Deno.test("disk-device-open: not other devices, not one that isn't there", () => {
  const inputs = [
    event("openat", { path: "/dev/null" }, { process }),
    event("openat", { path: "/dev/sda" }, { process, error: "ENOENT" }),
    event("openat", { path: "/srv/dev/sda" }, { process }),
    event("mknod", { path: "/tmp/p", mode: { type: "S_IFIFO", permissions: 0o600 } }, { process }),
    event("openat", { path: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
