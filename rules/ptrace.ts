import { defineRule, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { programOf } from "./shared/programs.ts";

const requests = ["PTRACE_ATTACH", "PTRACE_SEIZE", "PTRACE_POKETEXT", "PTRACE_POKEDATA"];
const debuggers = ["gdb", "gdbserver", "lldb-server", "rr", "strace", "ltrace", "dlv"];

export default defineRule({
  id: "ptrace",
  title: "A process took hold of another, or wrote into it",
  severity: "warning",
  tags: ["mitre:T1055.008", "mitre:T1055", "privilege-escalation"],
  description:
    "Who traces a process reads its secrets and makes it do what he likes. An attempt counts.\n\n" +
    "False positives: debuggers (those that are known are left out), crash reporters; MPI libraries " +
    "write into each other's memory.\n\n" +
    "Cost: ptrace and process_vm_writev, which only tracers call, but those often.",
  recommended: true,
  syscalls: ["ptrace", "process_vm_writev"],
  options: z.object({
    requests: z.array(z.string()).default(requests).describe("Requests of ptrace that count"),
    trusted: z.array(z.string()).default(debuggers).describe("Programs that may"),
  }),
  limit: { burst: 2, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const { pid } = event.args;
    const { comm, containerPid } = event.process;
    const request = argumentsOf(event, ["ptrace"])?.request;
    if (request !== undefined && !options.requests.includes(request.toString())) return;
    // Its own memory is nobody else's.
    if (pid === containerPid || options.trusted.includes(programOf(event.process))) return;
    const outcome = event.ok ? "" : `, which failed: ${event.error}`;
    alert(`${comm} called ${request ?? event.syscall} of process ${pid}${outcome}`, { pid });
  },
});
