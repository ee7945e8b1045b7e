import { defineRule, type RuleEvent, z } from "tallyman";
import { argumentsOf, execCalls } from "./shared/calls.ts";
import { changeCalls, changedPath, placeCalls, renamedFrom } from "./shared/file_changes.ts";
import { pathOf } from "./shared/paths.ts";
import { isRunBy, packageManagers, programOf } from "./shared/programs.ts";
import { Remembered } from "./shared/remembered.ts";

/** Who wrote what, by container and path. */
const written = new Remembered<string>(16_384);

const chmodCalls = ["chmod", "fchmod", "fchmodat", "fchmodat2"] as const;

const builders = [
  "as",
  "cargo",
  "cc1",
  "collect2",
  "g++",
  "gcc",
  "go",
  "javac",
  "ld",
  "ld.bfd",
  "ld.gold",
  "link",
  "lld",
  "make",
  "mold",
  "ninja",
  "objcopy",
  "rustc",
  "strip",
  "tcc",
];

function keyOf(event: RuleEvent, path: string): string {
  return `${event.container.id} ${path}`;
}

/** The file that a call makes executable, if it does. */
function madeExecutable(event: RuleEvent): string | undefined {
  const args = argumentsOf(event, chmodCalls);
  if (args === undefined || (args.mode & 0o111) === 0) return undefined;
  if (!("path" in args)) return event.describe(args.fd)?.text;
  return pathOf(event, args.path, "dirfd" in args ? args.dirfd : undefined);
}

/** Takes in that a file was written, by whom it was, or has another name. */
function take(event: RuleEvent, trusted: readonly string[]): void {
  const path = madeExecutable(event) ?? changedPath(event);
  if (path === undefined) return;
  const from = renamedFrom(event);
  const writer = from === undefined ? programOf(event.process) : written.get(keyOf(event, from));
  if (writer === undefined) return;
  if (from === undefined && isRunBy(event.process, trusted)) return;
  written.set(keyOf(event, path), writer);
}

export default defineRule({
  id: "dropped-executable",
  title: "A program was run that the container had written itself",
  severity: "critical",
  tags: ["mitre:T1105", "mitre:T1059", "drift"],
  description:
    "An image has its programs. One that was written, or made executable, while the container ran " +
    "and is then run is a download, an upload through a hole in a web application, or unpacked " +
    "malware. What compilers, linkers and package managers have written is left out.\n\n" +
    "False positives: entrypoints that make scripts and run them by name; self-updating programs.\n\n" +
    "Not seen: a script that is given to its interpreter (`sh x.sh`).\n\n" +
    "Cost: a dear one: openat and the like of every container, decoded where they write.",
  recommended: true,
  syscalls: [...execCalls, ...changeCalls, ...chmodCalls, ...placeCalls],
  filter: { outcome: "ok" },
  options: z.object({
    trusted: z.array(z.string()).default([...builders, ...packageManagers])
      .describe("Programs that write programs: what they, or who they start, write may be run"),
  }),
  limit: { burst: 5, per: "10m" },
  evaluate({ event, options, alert }) {
    const args = argumentsOf(event, execCalls);
    if (args === undefined) return take(event, options.trusted);
    const { executed, process } = event;
    const asked = pathOf(event, args.path, "dirfd" in args ? args.dirfd : undefined);
    for (const path of [asked, executed?.filename, executed?.exe]) {
      const writer = path === undefined ? undefined : written.get(keyOf(event, path));
      if (writer === undefined) continue;
      return alert(`${process.comm} ran ${path}, which ${writer} had written`, { path, writer });
    }
  },
});
