import { defineRule, z } from "tallyman";
import { argumentsOf } from "./shared/calls.ts";
import { placeCalls } from "./shared/file_changes.ts";
import { pathOf } from "./shared/paths.ts";
import { isRunBy, packageManagers } from "./shared/programs.ts";

/** linux/stat.h */
const S_ISUID = 0o4000;
const S_ISGID = 0o2000;
const S_IXGRP = 0o010;

const chmodCalls = ["chmod", "fchmod", "fchmodat", "fchmodat2"] as const;

export default defineRule({
  id: "setuid-bit",
  title: "A program was made to run with its owner's rights",
  severity: "warning",
  tags: ["mitre:T1548.001", "privilege-escalation"],
  description:
    "A copy of a shell with the set-user-id bit is the oldest way back to root. Package managers, and " +
    "what they start, are left out.\n\n" +
    "False positives: unpacking of archives that have such files. The set-group-id bit (`setgid`) " +
    "is not looked at by default: on a folder it means something else, and a call does not say " +
    "which it is about.\n\n" +
    "Not seen: the bit of a file that is made with it (open with mode 4755).\n\n" +
    "Cost: chmod, some events in builds, hardly any otherwise.",
  recommended: true,
  syscalls: [...chmodCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    setgid: z.boolean().default(false).describe("The set-group-id bit of programs as well"),
    trusted: z.array(z.string()).default([...packageManagers])
      .describe("Programs that may, as may those that they start"),
  }),
  limit: { burst: 5, per: "1m", by: (event) => event.process.exe },
  evaluate({ event, options, alert }) {
    const args = argumentsOf(event, chmodCalls);
    if (args === undefined) return;
    const isGroup = options.setgid && (args.mode & S_ISGID) !== 0 && (args.mode & S_IXGRP) !== 0;
    if ((args.mode & S_ISUID) === 0 && !isGroup) return;
    if (isRunBy(event.process, options.trusted)) return;
    const path = "path" in args
      ? pathOf(event, args.path, "dirfd" in args ? args.dirfd : undefined)
      : event.describe(args.fd)?.text;
    const mode = args.mode.toString(8);
    alert(`${event.process.comm} set mode ${mode} of ${path ?? "(unknown)"}`, { path, mode });
  },
});
