import { defineRule, isFault } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";

export default defineRule({
  id: "kernel-module",
  title: "A container loads a module into the kernel, or another kernel",
  severity: "critical",
  tags: ["mitre:T1547.006", "mitre:T1014", "escape"],
  description:
    "There is one kernel for the machine and all containers: who loads code into it is out. An " +
    "attempt counts, whether it succeeds or not.\n\n" +
    "False positives: containers that bring drivers (GPU operators, Cilium, Falco's own driver).\n\n" +
    "Cost: init_module, finit_module, kexec_load and the like, which are never called otherwise.",
  recommended: true,
  syscalls: ["init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load"],
  evaluate({ event, alert }) {
    const file = argumentsOf(event, ["finit_module"]);
    const removed = argumentsOf(event, ["delete_module"]);
    const what = file !== undefined
      ? event.describe(file.fd)?.text
      : removed === undefined || isFault(removed.name)
      ? undefined
      : removed.name;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${event.process.comm} called ${event.syscall} ${what ?? ""}`.trimEnd() + outcome);
  },
});
