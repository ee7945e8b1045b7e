import { defineRule, z } from "tallyman";
import { programOf, runtimes } from "./shared/programs.ts";

const kinds = [
  "CLONE_NEWCGROUP",
  "CLONE_NEWIPC",
  "CLONE_NEWNET",
  "CLONE_NEWNS",
  "CLONE_NEWPID",
  "CLONE_NEWUSER",
  "CLONE_NEWUTS",
];

export default defineRule({
  id: "namespace-make",
  title: "A process made a namespace for itself",
  severity: "notice",
  tags: ["mitre:T1611", "privilege-escalation"],
  description:
    "In a user namespace of its own a process has all capabilities, and with them more of the kernel " +
    "to attack: many exploits begin so. An attempt counts.\n\n" +
    "False positives: sandboxes of browsers, bubblewrap, systemd, rootless builds; it is not on by " +
    "default.\n\n" +
    "Not seen: namespaces that come with a process (clone).\n\n" +
    "Cost: unshare, which is rare.",
  recommended: false,
  syscalls: ["unshare"],
  options: z.object({
    kinds: z.array(z.string()).default(kinds).describe("Kinds of namespaces"),
    trusted: z.array(z.string()).default([...runtimes, "dockerd", "containerd", "podman"])
      .describe("Programs that may"),
  }),
  limit: { burst: 3, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const made = event.args.flags.names.filter((each) => options.kinds.includes(each));
    if (made.length === 0 || options.trusted.includes(programOf(event.process))) return;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} made ${made.join(", ")}${outcome}`, { kinds: made });
  },
});
