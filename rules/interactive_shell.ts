import { defineRule, isFault, z } from "tallyman";
import { executedArguments, executedNames, nameAmong, shells } from "./shared/programs.ts";

/** Whether a shell that is called so reads what somebody types: no script, no -c. */
function readsTerminal(args: readonly string[]): boolean {
  const isOption = (argument: string) => /^[-+]/.test(argument);
  if (args.some((each) => /^-[a-z]*c/.test(each))) return false;
  return args.some((each) => /^-[a-z]*i/.test(each)) || args.every(isOption);
}

export default defineRule({
  id: "interactive-shell",
  title: "An interactive shell was started on a terminal",
  severity: "notice",
  tags: ["mitre:T1059.004", "shell"],
  description:
    "Somebody sits at a terminal in the container: `docker exec -it`, or an intruder who has made " +
    "a reverse shell comfortable. A shell that runs a script or a command (-c) is none.\n\n" +
    "False positives: your own debugging.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    shells: z.array(z.string()).default([...shells]).describe("Names of shells"),
  }),
  limit: { burst: 5, per: "1m" },
  evaluate({ event, options, alert }) {
    const { tty } = event.process;
    if (tty === undefined || isFault(event.args.argv)) return;
    const shell = nameAmong(executedNames(event), options.shells);
    if (shell === undefined || !readsTerminal(executedArguments(event))) return;
    alert(`${event.process.comm} started ${shell} on ${tty}`, { tty });
  },
});
