import { defineRule, z } from "tallyman";
import { executedArguments, executedNames, nameAmong } from "./shared/programs.ts";

const wipers = [
  "blkdiscard",
  "mkfs",
  "mke2fs",
  "mkfs.ext4",
  "mkfs.xfs",
  "shred",
  "srm",
  "wipe",
  "wipefs",
];

export default defineRule({
  id: "data-wiper",
  title: "A program was run that destroys data",
  severity: "warning",
  tags: ["mitre:T1485", "mitre:T1561", "mitre:T1070.004", "impact"],
  description:
    "shred, wipefs and mkfs have no work in a container: what they do is not to be undone.\n\n" +
    "False positives: containers that prepare disks (CSI drivers).\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    programs: z.array(z.string()).default(wipers).describe("Names of programs"),
  }),
  evaluate({ event, options, alert }) {
    const name = nameAmong(executedNames(event), options.programs);
    if (name === undefined) return;
    alert(
      `${event.process.comm} ran ${[name, ...executedArguments(event)].join(" ").slice(0, 200)}`,
    );
  },
});
