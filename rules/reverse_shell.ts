import { defineRule, type RuleEvent, type RuleProcess, z } from "tallyman";
import { argumentsOf, execCalls } from "./shared/calls.ts";
import { executedNames, nameAmong, programOf, shells } from "./shared/programs.ts";
import { Remembered } from "./shared/remembered.ts";

const dupCalls = ["dup", "dup2", "dup3"] as const;
const acceptCalls = ["accept", "accept4"] as const;

/** Sockets of the internet, by process and number. */
const sockets = new Remembered<true>();
/** Processes that read or write a socket where their terminal should be. */
const redirected = new Remembered<true>();

/** A process, and those that forked it, which gave it what they had open. */
function* lineage(process: RuleProcess): Generator<number> {
  yield process.pid;
  let generations = 2;
  for (const ancestor of process.ancestors()) {
    if (generations-- === 0) return;
    yield ancestor.pid;
  }
}

/** Whether a descriptor is a socket of the internet. */
function isInternet(event: RuleEvent, fd: number): boolean {
  const text = event.describe(fd)?.text;
  if (text !== undefined && /^(?:TCP|UDP)/.test(text)) return true;
  // /proc says that it is a socket, and not which.
  if (text !== undefined && !text.startsWith("socket")) return false;
  for (const pid of lineage(event.process)) if (sockets.get(`${pid} ${fd}`)) return true;
  return false;
}

/** Takes in a new socket; its number may have been another file's. */
function take(event: RuleEvent): void {
  const made = argumentsOf(event, ["socket"]);
  const accepted = argumentsOf(event, acceptCalls);
  const family = made?.family.name;
  const isOurs = made === undefined
    ? accepted !== undefined && isInternet(event, accepted.fd)
    : family === "AF_INET" || family === "AF_INET6";
  const key = `${event.process.pid} ${event.result}`;
  if (isOurs) sockets.set(key, true);
  else sockets.delete(key);
}

export default defineRule({
  id: "reverse-shell",
  title: "A shell speaks to the network",
  severity: "critical",
  tags: ["mitre:T1059.004", "mitre:T1071", "shell", "network"],
  description:
    "A shell whose input or output is an internet connection is run by whoever is at the other end: " +
    "`bash -i >& /dev/tcp/…`, `nc -e`, and the like of every language. It is told by what the " +
    "descriptors are, not by words in arguments. Sockets of one machine (AF_UNIX), which many " +
    "programs give their children, don't count.\n\n" +
    "False positives: servers that hand connections to scripts (inetd).\n\n" +
    "Not seen: a shell behind a pipe or a terminal that another process connects to the network; and " +
    "a socket from before the monitor began.\n\n" +
    "Cost: socket, accept, dup and execve: some events for each connection and program.",
  recommended: true,
  syscalls: [...execCalls, ...dupCalls, ...acceptCalls, "socket"],
  filter: { outcome: "ok" },
  options: z.object({
    shells: z.array(z.string()).default([...shells]).describe("Names of shells"),
  }),
  limit: { burst: 2, per: "1m" },
  evaluate({ event, options, alert }) {
    const { process } = event;
    const duplicated = argumentsOf(event, dupCalls);
    if (duplicated !== undefined) {
      const to = Number(event.result);
      const key = `${process.pid} ${to}`;
      if (!isInternet(event, duplicated.fd)) return sockets.delete(key);
      sockets.set(key, true);
      if (to > 2) return;
      redirected.set(`${process.pid}`, true);
      const own = programOf(process);
      if (options.shells.includes(own)) {
        alert(`${own} speaks to the network by its descriptor ${to}`, { fd: to });
      }
    } else if (argumentsOf(event, execCalls) !== undefined) {
      const shell = nameAmong(executedNames(event), options.shells);
      if (shell === undefined) return;
      for (const pid of lineage(process)) {
        if (redirected.get(`${pid}`)) {
          return alert(`${process.comm} ran ${shell}, which speaks to the network`, { shell });
        }
      }
    } else {
      take(event);
    }
  },
});
