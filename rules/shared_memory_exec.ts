import { defineRule, z } from "tallyman";
import { argumentsOf, execCalls } from "./shared/calls.ts";
import { placeCalls } from "./shared/file_changes.ts";
import { isAmong, pathOf } from "./shared/paths.ts";

const directories = ["/dev/shm/", "/run/shm/", "/dev/mqueue/", "/run/lock/"];

export default defineRule({
  id: "shared-memory-exec",
  title: "A program was run from a directory in memory",
  severity: "warning",
  tags: ["mitre:T1059", "mitre:T1036.005", "defense-evasion"],
  description:
    "/dev/shm is writable for everybody and gone with the container: a good place for what is not " +
    "to be found later, and no place for programs. /tmp/ and /var/tmp/ can be added to the " +
    "directories where nothing unpacks and runs there, as installers and `go run` do.\n\n" +
    "False positives: few.\n\n" +
    "Cost: execve, one event for each program that is started; chdir, which is rare.",
  recommended: true,
  syscalls: [...execCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    directories: z.array(z.string()).default(directories)
      .describe("Where nothing is to be run from; a folder ends with /"),
  }),
  evaluate({ event, options, alert }) {
    const args = argumentsOf(event, execCalls);
    if (args === undefined) return;
    const { executed, process } = event;
    const asked = pathOf(event, args.path, "dirfd" in args ? args.dirfd : undefined);
    const path = [asked, executed?.exe].find((each) => isAmong(each, options.directories));
    if (path !== undefined) alert(`${process.comm} ran ${path}`, { path });
  },
});
