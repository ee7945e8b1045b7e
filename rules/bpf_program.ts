import { defineRule, z } from "tallyman";
import { programOf, runtimes } from "./shared/programs.ts";

export default defineRule({
  id: "bpf-program",
  title: "A container loads a BPF program into the kernel",
  severity: "warning",
  tags: ["mitre:T1014", "mitre:T1205.002", "escape"],
  description:
    "BPF programs see and change what others do: network packets, system calls, memory. Rootkits and " +
    "back doors are made of them. An attempt counts.\n\n" +
    "False positives: Cilium, agents of observability, systemd in a container: name them in `trusted`.\n\n" +
    "Cost: bpf; few programs call it, but tracing agents do often.",
  recommended: true,
  syscalls: ["bpf"],
  options: z.object({
    trusted: z.array(z.string()).default([...runtimes, "systemd"]).describe("Programs that may"),
  }),
  limit: { burst: 2, per: "10m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    if (event.args.cmd.name !== "BPF_PROG_LOAD") return;
    if (options.trusted.includes(programOf(event.process))) return;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} loads a BPF program${outcome}`);
  },
});
