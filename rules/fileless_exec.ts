import { type ArgumentsOf, defineRule, isFault, type RuleEvent, z } from "tallyman";
import { argumentsOf, execCalls } from "./shared/calls.ts";
import { Remembered } from "./shared/remembered.ts";

/** Descriptors of files in memory, by process and number. */
const memfds = new Remembered<string>();

/** A path that is a descriptor: /proc/self/fd/3, /dev/fd/3, /proc/12/fd/3. */
const BY_DESCRIPTOR = /^\/(?:proc\/[^/]+(?:\/task\/\d+)?|dev)\/fd\/(\d+)$/;

/** The descriptor that is run, if it is one and not a name. */
function descriptorOf(args: ArgumentsOf<typeof execCalls[number]>): number | undefined {
  if (isFault(args.path)) return undefined;
  if ("dirfd" in args && args.path === "" && args.flags.has("AT_EMPTY_PATH")) return args.dirfd;
  const [, fd] = BY_DESCRIPTOR.exec(args.path) ?? [];
  return fd === undefined ? undefined : Number(fd);
}

/** The file in memory that a descriptor is; who forked the caller may have made it. */
function memfdOf(event: RuleEvent, fd: number): string | undefined {
  const described = event.describe(fd)?.text;
  if (described !== undefined) return /^\/memfd:(.*?)(?: \(deleted\))?$/s.exec(described)?.[1];
  const own = memfds.get(`${event.process.pid} ${fd}`);
  if (own !== undefined) return own;
  const [parent] = event.process.ancestors();
  return parent === undefined ? undefined : memfds.get(`${parent.pid} ${fd}`);
}

export default defineRule({
  id: "fileless-exec",
  title: "A program was run that is in no directory",
  severity: "critical",
  tags: ["mitre:T1620", "defense-evasion"],
  description:
    "A program that was written into memory (memfd_create) or unlinked before it was run leaves " +
    "nothing to scan: loaders of malware do that, and hardly anybody else.\n\n" +
    "False positives: runc and crun run themselves from memory where a container begins; the names " +
    "of their files in memory are left out. Who takes such a name is left out with them.\n\n" +
    "Cost: execve, one event for each program that is started; memfd_create, which is rare.",
  recommended: true,
  syscalls: [...execCalls, "memfd_create"],
  filter: { outcome: "ok" },
  options: z.object({
    trustedNames: z.array(z.string()).default(["runc_cloned:/proc/self/exe", "crun_cloned"])
      .describe("Names of files in memory that may be run"),
  }),
  evaluate({ event, options, alert }) {
    const { executed, process } = event;
    const made = argumentsOf(event, ["memfd_create"]);
    if (made !== undefined) {
      if (!isFault(made.name)) memfds.set(`${process.pid} ${event.result}`, made.name);
      return;
    }
    const args = argumentsOf(event, execCalls);
    const fd = args && descriptorOf(args);
    const exe = executed?.exe;
    const name = exe?.startsWith("/memfd:")
      ? exe.slice("/memfd:".length).replace(/ \(deleted\)$/, "")
      : fd === undefined
      ? undefined
      : memfdOf(event, fd);
    if (name !== undefined) {
      if (!options.trustedNames.includes(name)) {
        alert(`${process.comm} ran a file in memory, memfd:${name}`, { memfd: name });
      }
      return;
    }
    // By a name it can't have been found any more.
    if (fd !== undefined && exe?.endsWith(" (deleted)")) alert(`${process.comm} ran ${exe}`);
  },
});
