import { defineRule, z } from "tallyman";
import { programOf, runtimes } from "./shared/programs.ts";

export default defineRule({
  id: "namespace-enter",
  title: "A process entered another namespace",
  severity: "error",
  tags: ["mitre:T1611", "escape"],
  description:
    "setns is how nsenter gets from a container to the machine, or into another container. An attempt " +
    "counts. Engines, which enter containers by it, are left out.\n\n" +
    "False positives: containers that set networks up (CNI), container engines in containers.\n\n" +
    "Cost: setns, which is rare.",
  recommended: true,
  syscalls: ["setns"],
  options: z.object({
    trusted: z.array(z.string()).default([...runtimes, "dockerd", "containerd", "podman"])
      .describe("Programs that may"),
  }),
  limit: { burst: 3, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    if (options.trusted.includes(programOf(event.process))) return;
    const { fd, flags } = event.args;
    const what = event.describe(fd)?.text ?? flags.toString();
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} entered ${what}${outcome}`, { namespace: what });
  },
});
