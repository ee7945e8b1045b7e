import { defineRule, z } from "tallyman";
import { changeCalls, changedPath, placeCalls } from "./shared/file_changes.ts";
import { isAmong } from "./shared/paths.ts";
import { programOf, runtimes } from "./shared/programs.ts";

const paths = [
  "**/release_agent",
  "**/notify_on_release",
  "**/devices.allow",
  "**/sys/kernel/core_pattern",
  "**/sys/kernel/modprobe",
  "**/sys/kernel/hotplug",
  "**/sys/kernel/poweroff_cmd",
  "**/sys/fs/binfmt_misc/**",
  "**/sysrq-trigger",
  "/sys/kernel/uevent_helper",
  "/sys/class/**/uevent",
];

export default defineRule({
  id: "escape-file-write",
  title: "A file was opened for writing that makes the kernel run programs",
  severity: "critical",
  tags: ["mitre:T1611", "escape"],
  description:
    "The kernel runs what stands in these files as root of the machine, outside of any container: the " +
    "release_agent of a cgroup, the program that takes core dumps, the one that loads modules, the " +
    "interpreters of binary formats; devices.allow lets a container at all devices. An attempt is " +
    "the sign, whether it succeeds or not.\n\n" +
    "False positives: a privileged container that sets a machine up (node tuning agents).\n\n" +
    "Cost: a dear one: every openat, decoded where it writes.",
  recommended: true,
  syscalls: [...changeCalls, ...placeCalls],

  options: z.object({
    paths: z.array(z.string()).default(paths)
      .describe("Files; folders end with /; ~/ is anybody's home; * any part of a name"),
    trusted: z.array(z.string()).default([...runtimes])
      .describe("Programs that may"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const path = changedPath(event);
    if (!isAmong(path, options.paths) || options.trusted.includes(programOf(event.process))) return;
    alert(`${event.process.comm} wrote ${path}`, { path });
  },
});
