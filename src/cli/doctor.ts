/**
 * `monitor.ts doctor`: what this machine has and lacks, and what to do.
 *
 * @module
 */
import { Cgroups, scan } from "../containers/mod.ts";
import { Capture, Libbpf, Libc, objectPath } from "../kernel/mod.ts";
import { printable, writeAll } from "../sinks/mod.ts";
import { withEngines } from "./engines.ts";
import { ExitCode, explain } from "./exit.ts";

/** "falls back": it runs, by a slower or poorer way. */
type State = "ok" | "falls back" | "lacks";

/** What was found of one thing. */
export interface Finding {
  readonly what: string;
  readonly state: State;
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** One thing to look at. A look that throws is a lack. */
type Check = () => Finding[] | Promise<Finding[]>;

/** The ring buffer and what else the programs need came with 5.8: commit 457f44363a88. */
const OLDEST_KERNEL = [5, 8] as const;

/** include/uapi/linux/capability.h */
const capabilities = {
  CAP_SYS_PTRACE: 19,
  CAP_SYS_ADMIN: 21,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
} as const;

const checks: readonly Check[] = [
  architecture,
  kernel,
  privileges,
  btf,
  libbpf,
  programs,
  cgroups,
  pidNamespace,
  engines,
  clock,
];

/** @returns the exit code: 3 if the monitor can't run here. */
export async function doctor(options: { readonly json: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...await check());
  writeAll(Deno.stdout, options.json ? json(findings) : table(findings));
  return findings.some(({ state }) => state === "lacks") ? ExitCode.machine : ExitCode.done;
}

function json(findings: readonly Finding[]): string {
  return `${JSON.stringify(findings, undefined, 2)}\n`;
}

const marks: Readonly<Record<State, string>> = {
  "ok": "ok",
  "falls back": "so-so",
  "lacks": "LACKS",
};

function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings.map(({ what, state, found, advice }) => {
    const line = `${marks[state].padEnd(6)} ${what.padEnd(width)}  ${printable(found)}\n`;
    return advice === undefined ? line : `${line}${" ".repeat(width + 9)}-> ${advice}\n`;
  }).join("");
}

function architecture(): Finding[] {
  const { arch, os } = Deno.build;
  const what = "architecture";
  try {
    Deno.statSync(objectPath());
    return [{ what, state: "ok", found: `${os} ${arch}` }];
  } catch {
    return [{
      what,
      state: "lacks",
      found: `${os} ${arch}: there is no BPF object for it`,
      advice: "tallyman runs on Linux on x86-64 and arm64",
    }];
  }
}

function kernel(): Finding[] {
  return [kernelFinding(Deno.osRelease())];
}

/** What is to be said of a kernel by its release: `6.1.0-56-amd64`. */
export function kernelFinding(release: string): Finding {
  const [major = 0, minor = 0] = release.split(".").map((part) => parseInt(part, 10));
  const [oldestMajor, oldestMinor] = OLDEST_KERNEL;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { what: "kernel", state: "ok", found: release };
  }
  return {
    what: "kernel",
    state: "lacks",
    found: `${release} is too old`,
    advice: `a kernel of ${
      OLDEST_KERNEL.join(".")
    } or later is needed; 5.10 is the oldest that is tested`,
  };
}

function privileges(): Finding[] {
  const what = "privileges";
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(Deno.readTextFileSync("/proc/self/status"));
  const effective = BigInt(`0x${line?.[1] ?? "0"}`);
  const has = (capability: keyof typeof capabilities) =>
    (effective >> BigInt(capabilities[capability]) & 1n) === 1n;
  const user = Deno.uid() === 0 ? "root" : `user ${Deno.uid()}`;
  const missing = has("CAP_SYS_ADMIN")
    ? []
    : (["CAP_BPF", "CAP_PERFMON"] as const).filter((capability) => !has(capability));
  if (missing.length > 0) {
    return [{
      what,
      state: "lacks",
      found: `${user}, without ${missing.join(" and ")}`,
      advice: "run as root, or give the process CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE",
    }];
  }
  if (!has("CAP_SYS_PTRACE")) {
    return [{
      what,
      state: "falls back",
      found: `${user}, without CAP_SYS_PTRACE`,
      advice: "other users' plain containers that run already can't be told from the host: add it",
    }];
  }
  return [{ what, state: "ok", found: `${user}, with the capabilities that are needed` }];
}

function btf(): Finding[] {
  const path = "/sys/kernel/btf/vmlinux";
  const what = "BTF";
  try {
    const { size } = Deno.statSync(path);
    return [{ what, state: "ok", found: `${path}, ${(size / 2 ** 20).toFixed(1)} MiB` }];
  } catch {
    return [{
      what,
      state: "lacks",
      found: `${path} is not there`,
      advice:
        "the kernel has to be built with CONFIG_DEBUG_INFO_BTF=y, as distributions' kernels are",
    }];
  }
}

/** What to do about it: what it is stands above. */
function adviceOn(error: unknown): string {
  return explain(error).text.replace(`${messageOf(error)}. `, "");
}

function libbpf(): Finding[] {
  const what = "libbpf";
  try {
    using library = Libbpf.open(() => {});
    return [{ what, state: "ok", found: library.version }];
  } catch (error) {
    return [{ what, state: "lacks", found: messageOf(error), advice: adviceOn(error) }];
  }
}

function programs(): Finding[] {
  const what = "BPF programs";
  try {
    using capture = Capture.open();
    if (capture.refused === undefined) {
      return [{ what, state: "ok", found: `load and attach as ${capture.attachment}` }];
    }
    return [{
      what,
      state: "falls back",
      found: `attach as ${capture.attachment}: ${capture.refused.message}`,
      advice: "counts are as exact; each call costs a little more than on kernels from 5.11 on",
    }];
  } catch (error) {
    return [{
      what,
      state: "lacks",
      found: messageOf(error),
      advice: adviceOn(error).replaceAll("\n", `\n${" ".repeat(12)}`),
    }];
  }
}

function cgroups(): Finding[] {
  const what = "cgroups";
  const hierarchies = Cgroups.read();
  const { layout } = hierarchies;
  const { found, v1Controller } = scan(hierarchies);
  const containers = `${found.length} container${found.length === 1 ? "" : "s"} now`;
  if (layout === "none") {
    return [{
      what,
      state: "lacks",
      found: "none are mounted",
      advice: "mount cgroup2 at /sys/fs/cgroup",
    }];
  }
  const names = v1Controller === undefined || layout === "v2"
    ? layout
    : `${layout}; where v2 says nothing, by the v1 controller ${v1Controller}`;
  return [{ what, state: "ok", found: `${names}; ${containers}` }];
}

function pidNamespace(): Finding[] {
  const what = "pid namespace";
  // init's threads are children of nobody; kthreadd, pid 2, is in the first namespace only.
  const isFirst = isKernelThread(2);
  if (isFirst) return [{ what, state: "ok", found: "the machine's own" }];
  return [{
    what,
    state: "falls back",
    found: "not the machine's own: the monitor runs in a container",
    advice:
      "calls are counted all the same, but give the monitor the host's pid namespace (--pid=host), or containers that run already are found late",
  }];
}

function isKernelThread(pid: number): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/comm`) === "kthreadd\n";
  } catch {
    return false;
  }
}

async function engines(): Promise<Finding[]> {
  using opened = withEngines({ events: false });
  return await Promise.all(opened.all.map(async (engine): Promise<Finding> => {
    const what = `engine ${engine.name}`;
    const status = await engine.status();
    switch (status.state) {
      case "reached":
        return {
          what,
          state: "ok",
          found: [status.where, status.version].filter(Boolean).join(", "),
        };
      case "absent":
        return { what, state: "ok", found: `not here (${shortened(status.where)})` };
      case "failed":
        return {
          what,
          state: "falls back",
          found: `${status.where}: ${status.reason}`,
          advice: "its containers are counted, and shown by their ids",
        };
    }
  }));
}

/** The first places of a list of them. */
function shortened(places: string): string {
  const all = [...new Set(places.split(", "))];
  return all.length <= 3
    ? all.join(", ")
    : `${all.slice(0, 2).join(", ")} and ${all.length - 2} more places`;
}

function clock(): Finding[] {
  using libc = Libc.open();
  const time = new Temporal.Instant(libc.now("realtime")).toString();
  if (libc.isClockSynchronised()) return [{ what: "clock", state: "ok", found: time }];
  return [{
    what: "clock",
    state: "falls back",
    found: `${time}, which nothing keeps right`,
    advice:
      "run an NTP client: times in records are as wrong as the clock; counts are not affected",
  }];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
