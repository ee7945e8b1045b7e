import { defineRule, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { openCalls, openedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong, pathOf } from "./shared/paths.ts";

const mknodCalls = ["mknod", "mknodat"] as const;

const devices = [
  "/dev/sd*",
  "/dev/hd*",
  "/dev/vd*",
  "/dev/xvd*",
  "/dev/nvme*",
  "/dev/mmcblk*",
  "/dev/dm-*",
  "/dev/mapper/*",
  "/dev/md*",
  "/dev/mem",
  "/dev/kmem",
  "/dev/port",
];

export default defineRule({
  id: "disk-device-open",
  title: "A disk or the machine's memory was opened as a device",
  severity: "critical",
  tags: ["mitre:T1611", "mitre:T1006", "escape"],
  description:
    "Through the device of a disk (debugfs, dd) a container reads and changes every file of the " +
    "machine. Only a privileged one can; making such a device (mknod) is the way there, and an " +
    "attempt at that counts.\n\n" +
    "False positives: containers that manage disks: CSI drivers, backup and monitoring agents.\n\n" +
    "Cost: a dear one: every openat, its path decoded.",
  recommended: true,
  syscalls: [...openCalls, ...mknodCalls, ...placeCalls],
  options: z.object({
    devices: z.array(z.string()).default(devices).describe("Paths of devices"),
  }),
  evaluate({ event, options, alert }) {
    const { comm } = event.process;
    const made = argumentsOf(event, mknodCalls);
    if (made !== undefined) {
      if (made.mode.type !== "S_IFBLK") return;
      const path = pathOf(event, made.path, "dirfd" in made ? made.dirfd : undefined);
      alert(`${comm} made the block device ${path ?? "(unreadable)"}`, { path });
      return;
    }
    // To look for one that isn't there is no harm.
    if (!event.ok) return;
    const path = openedPath(event);
    if (isAmong(path, options.devices)) alert(`${comm} opened ${path}`, { path });
  },
});
