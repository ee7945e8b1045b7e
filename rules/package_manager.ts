import { defineRule, z } from "tallyman";
import { executedArguments, executedNames, nameAmong } from "./shared/programs.ts";

/** What makes each of them change something; pacman's and rpm's and dpkg's are options. */
const changing = z.record(z.string(), z.array(z.string()));

const commands: z.infer<typeof changing> = {
  apk: ["add", "del", "fix", "upgrade", "update"],
  apt: ["install", "remove", "purge", "upgrade", "full-upgrade", "dist-upgrade", "update"],
  "apt-get": ["install", "remove", "purge", "upgrade", "dist-upgrade", "update", "build-dep"],
  aptitude: ["install", "remove", "purge", "upgrade", "full-upgrade", "update"],
  dnf: ["install", "remove", "erase", "upgrade", "update", "reinstall", "downgrade"],
  dnf5: ["install", "remove", "upgrade", "reinstall", "downgrade"],
  microdnf: ["install", "remove", "update", "upgrade"],
  tdnf: ["install", "remove", "update", "upgrade"],
  yum: ["install", "remove", "erase", "upgrade", "update", "reinstall", "localinstall"],
  zypper: ["install", "in", "remove", "rm", "update", "up", "dist-upgrade", "dup"],
  dpkg: ["-i", "--install", "--unpack", "--configure", "-r", "--remove", "-P", "--purge"],
  rpm: ["-i", "-U", "-F", "-e", "--install", "--upgrade", "--freshen", "--erase"],
  pacman: ["-S", "-U", "-R", "--sync", "--upgrade", "--remove"],
};

/** Whether an argument is a command: `-ivh` is `-i`, `-Syu` is `-S`. */
function isCommand(argument: string, command: string): boolean {
  if (argument === command) return true;
  return /^-[^-]$/.test(command) && argument.startsWith(command) &&
    !/^-[SQ][a-z]*[siql]/.test(argument);
}

export default defineRule({
  id: "package-manager",
  title: "A package manager changed what is installed",
  severity: "warning",
  tags: ["mitre:T1072", "drift"],
  description:
    "A container that is as its image was built needs no package manager: what is installed later " +
    "is tools of whoever got in, or drift that the next image won't have. Only commands that " +
    "change something count; asking (`dpkg -l`, `apt list`) doesn't.\n\n" +
    "False positives: images that are built in containers on this machine.\n\n" +
    "Cost: execve, one event for each program that is started.",
  recommended: true,
  syscalls: ["execve", "execveat"],
  filter: { outcome: "ok" },
  options: z.object({
    commands: changing.default(commands)
      .describe("Names of package managers, and of each the arguments that change something"),
  }),
  limit: { burst: 3, per: "10m" },
  evaluate({ event, options, alert }) {
    const name = nameAmong(executedNames(event), Object.keys(options.commands));
    if (name === undefined) return;
    const changes = options.commands[name] ?? [];
    const command = executedArguments(event).find((argument) =>
      changes.some((each) => isCommand(argument, each))
    );
    if (command !== undefined) alert(`${event.process.comm} ran ${name} ${command}`);
  },
});
