import { defineRule, isFault, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { isAmong, pathOf } from "./shared/paths.ts";
import { programOf, runtimes } from "./shared/programs.ts";

const types = [
  "bpf",
  "btrfs",
  "cgroup",
  "cgroup2",
  "configfs",
  "debugfs",
  "devtmpfs",
  "ext2",
  "ext3",
  "ext4",
  "f2fs",
  "securityfs",
  "tracefs",
  "vfat",
  "xfs",
  "zfs",
];

export default defineRule({
  id: "device-mount",
  title: "A disk or a file system of the kernel was mounted in a container",
  severity: "critical",
  tags: ["mitre:T1611", "escape"],
  description:
    "The machine's disk has its files; debugfs, cgroup and their like are handles of its kernel, and " +
    "known ways out (release_agent). Only a privileged container can; an attempt counts.\n\n" +
    "False positives: systemd or a container engine in a container, CSI drivers.\n\n" +
    "Cost: mount and fsopen, which are rare.",
  recommended: true,
  syscalls: ["mount", "fsopen"],
  options: z.object({
    types: z.array(z.string()).default(types).describe("Types of file systems"),
    devices: z.array(z.string()).default(["/dev/**"]).describe("Sources"),
    trusted: z.array(z.string()).default([...runtimes]).describe("Programs that may"),
  }),
  evaluate({ event, options, alert }) {
    const { comm } = event.process;
    const { type } = event.args;
    const isType = type !== null && !isFault(type) && options.types.includes(type);
    const mount = argumentsOf(event, ["mount"]);
    const { source = null } = mount ?? {};
    // `none`, `tmpfs`: what has no device is called somehow.
    const isPath = source !== null && !isFault(source) && source.includes("/");
    const device = isPath ? pathOf(event, source) : undefined;
    const isDevice = isAmong(device, options.devices);
    // Binding a file of /dev is no disk's mount.
    if (mount?.flags.has("MS_BIND") || mount?.flags.has("MS_REMOUNT")) return;
    if (!isType && !isDevice || options.trusted.includes(programOf(event.process))) return;
    const what = isDevice ? device : isType ? type : "?";
    alert(`${comm} mounted ${what}${event.ok ? "" : `, which failed: ${event.error}`}`);
  },
});
