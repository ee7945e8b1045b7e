/**
 * Which program a process runs, by name, and which programs are which.
 *
 * @module
 */
import { isFault, type RuleEvent, type RuleProcess } from "tallyman";
import { argumentsOf, execCalls } from "./calls.ts";
import { baseName } from "./paths.ts";

/** Shells, as their files are called. */
export const shells: readonly string[] = [
  "sh",
  "bash",
  "rbash",
  "dash",
  "ash",
  "zsh",
  "ksh",
  "mksh",
  "csh",
  "tcsh",
  "fish",
];

/** Programs that install others. */
export const packageManagers: readonly string[] = [
  "apk",
  "apt",
  "apt-get",
  "aptitude",
  "dnf",
  "dnf5",
  "dpkg",
  "dpkg-deb",
  "microdnf",
  "pacman",
  "rpm",
  "tdnf",
  "update-alternatives",
  "yum",
  "zypper",
];

/** Programs that set containers up, partly from within. */
export const runtimes: readonly string[] = [
  "conmon",
  "containerd-shim-runc-v2",
  "crun",
  "lxc-attach",
  "lxc-start",
  "runc",
  "systemd-nspawn",
  "youki",
];

/** One file that is many programs. */
const multicall = new Set(["busybox", "toybox", "coreutils"]);

/** What names of tools have around them: `x86_64-linux-gnu-gcc-12` is gcc. */
const AROUND = /^(?:aarch64|arm|i686|x86_64)-linux-[a-z]+-|-\d+(?:\.\d+)*$/g;

/** The name of the file that a process runs; of one that is many programs, or unknown, the process's own. */
export function programOf({ exe, comm }: Pick<RuleProcess, "exe" | "comm">): string {
  if (exe === undefined) return comm;
  // runc seals itself: runc_cloned:/proc/self/exe
  if (/^\/memfd:runc_cloned/.test(exe) || /^\/proc\/self\/exe$/.test(exe)) {
    return comm.split(":")[0]!;
  }
  const name = baseName(exe).replace(AROUND, "");
  return multicall.has(name) ? comm : name;
}

/**
 * Whether a process runs one of some programs, or was started by one within a few generations. Who started the
 * container is not asked: all in it would be trusted.
 */
export function isRunBy(
  process: RuleProcess,
  programs: readonly string[],
  generations = 4,
): boolean {
  if (programs.includes(programOf(process))) return true;
  let { containerPid } = process;
  for (const ancestor of process.ancestors()) {
    if (containerPid === 1 || generations-- <= 0) return false;
    if (programs.includes(programOf(ancestor))) return true;
    ({ containerPid } = ancestor);
  }
  return false;
}

/** All names that a program goes by which an execve has begun: what was asked for, and what runs. */
export function executedNames(event: RuleEvent): Set<string> {
  const args = argumentsOf(event, execCalls);
  if (args === undefined) return new Set();
  const { path, argv } = args;
  const { executed } = event;
  const names = new Set<string>();
  if (!isFault(path)) names.add(baseName(path));
  if (executed?.exe !== undefined) names.add(baseName(executed.exe));
  const [zeroth = "", applet = ""] = isFault(argv) ? [] : argv;
  // Of a login shell it begins with a dash.
  names.add(baseName(zeroth.replace(/^-/, "")));
  if ([...names].some((name) => multicall.has(name))) names.add(applet);
  names.delete("");
  return names;
}

/** The arguments of what an execve has begun, without its name. */
export function executedArguments(event: RuleEvent): readonly string[] {
  const argv = argumentsOf(event, execCalls)?.argv;
  if (argv === undefined || isFault(argv)) return [];
  const isApplet = multicall.has(baseName(argv[0] ?? ""));
  return argv.slice(isApplet ? 2 : 1);
}

/** The one of some names that a program goes by. */
export function nameAmong(names: ReadonlySet<string>, some: readonly string[]): string | undefined {
  return some.find((name) => names.has(name));
}
