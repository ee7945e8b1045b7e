import { defineRule, z } from "tallyman";
import { executedArguments, executedNames, nameAmong } from "./shared/programs.ts";

const netcats = ["nc", "ncat", "nc.traditional", "nc.openbsd", "netcat"];

/** Whether netcat is told to run something for who connects. */
function runsForPeer(args: readonly string[]): boolean {
  return args.some((each) => /^-[a-z46]*[ec]$/i.test(each) || /^--(?:sh-)?exec/.test(each));
}

export default defineRule({
  id: "netcat-exec",
  title: "netcat or socat was told to run a program for the network",
  severity: "critical",
  tags: ["mitre:T1059", "mitre:T1571", "network"],
  description:
    "`nc -e /bin/sh`, `ncat --exec`, `socat … EXEC:sh`: a back door, or a shell that calls home. " +
    "reverse-shell finds the same by what it does, and where socat puts a terminal between them " +
    "this does.\n\n" +
    "False positives: hardly any.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    netcats: z.array(z.string()).default(netcats).describe("Names of netcat"),
  }),
  evaluate({ event, options, alert }) {
    const names = executedNames(event);
    const args = executedArguments(event);
    const netcat = nameAmong(names, options.netcats);
    const isNetcat = netcat !== undefined && runsForPeer(args);
    const isSocat = names.has("socat") &&
      args.some((each) => /^(?:exec|system|shell):/i.test(each));
    if (!isNetcat && !isSocat) return;
    const line = [netcat ?? "socat", ...args].join(" ").slice(0, 200);
    alert(`${event.process.comm} ran ${line}`);
  },
});
