/**
 * Processes made up for the tests of this folder: records, and a /proc that says what it is told to say.
 *
 * @module
 */
import type { ExecFacts, ExitFacts, ProcessFacts } from "./facts.ts";
import type { ProcFile, ProcReader } from "./proc_files.ts";
import { TICK } from "./proc_texts.ts";

const encoder = new TextEncoder();

/** What a made-up /proc says of a process. */
export interface Shown {
  /** ns of CLOCK_BOOTTIME. */
  readonly start: bigint;
  readonly parent?: number;
  readonly comm?: string | Uint8Array;
  readonly state?: string;
  readonly threads?: number;
  readonly session?: number;
  readonly tty?: number;
  readonly argvAddress?: bigint;
  readonly exitCode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly loginUid?: number;
  readonly containerPid?: number;
  readonly capabilities?: bigint;
  readonly cmdline?: string | Uint8Array;
  /** `exe`, `cwd`, `fd/3` */
  readonly links?: Readonly<Record<string, string>>;
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

function concat(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...bytesOf(part)]));
}

/** /proc/PID/stat: proc_pid_stat(5). */
export function statFile(pid: number, shown: Shown): Uint8Array {
  const fields: (string | number | bigint)[] = Array.from({ length: 50 }, () => 0);
  const set = (number: number, value: string | number | bigint) => fields[number - 3] = value;
  set(3, shown.state ?? "S");
  set(4, shown.parent ?? 1);
  set(6, shown.session ?? pid);
  set(7, shown.tty ?? 0);
  set(20, shown.threads ?? 1);
  set(22, shown.start / TICK);
  set(48, shown.argvAddress ?? 0x7ffc_0000n);
  set(52, shown.exitCode ?? 0);
  return concat(`${pid} (`, shown.comm ?? "sh", `) ${fields.join(" ")}\n`);
}

/** Only status escapes a name: fs/proc/array.c, proc_task_name(). */
function escaped(comm: string | Uint8Array): Uint8Array {
  return Uint8Array.from(
    [...bytesOf(comm)].flatMap((byte) => byte === 10 ? [92, 110] : byte === 92 ? [92, 92] : [byte]),
  );
}

/** /proc/PID/status: proc_pid_status(5). */
export function statusFile(pid: number, shown: Shown): Uint8Array {
  const { comm = "sh", uid = 0, gid = 0, containerPid, capabilities = 0n } = shown;
  const pids = containerPid === undefined ? `${pid}` : `${pid}\t${containerPid}`;
  return concat(
    "Name:\t",
    escaped(comm),
    `\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t${pid}
Uid:\t1000\t${uid}\t0\t0
Gid:\t1000\t${gid}\t0\t0
Groups:\t0 \nNSpid:\t${pids}
CapInh:\t0000000000000000
CapEff:\t${capabilities.toString(16).padStart(16, "0")}
Threads:\t1\n`,
  );
}

/** A /proc that says what it is told to, and counts how often it is asked. */
export class FakeProc implements ProcReader {
  readonly processes = new Map<number, Shown>();
  /** `12/stat`, in the order in which they were asked for. */
  readonly asked: string[] = [];
  /** Hears of each question before it is answered. */
  onAsk: (question: string) => void = () => {};

  #ask(pid: number, name: string): Shown | undefined {
    this.asked.push(`${pid}/${name}`);
    this.onAsk(`${pid}/${name}`);
    return this.processes.get(pid);
  }

  file(pid: number, name: ProcFile, most?: number): Uint8Array | undefined {
    const shown = this.#ask(pid, name);
    if (shown === undefined) return undefined;
    const files: Readonly<Record<ProcFile, () => Uint8Array>> = {
      stat: () => statFile(pid, shown),
      status: () => statusFile(pid, shown),
      loginuid: () => bytesOf(`${shown.loginUid ?? 4294967295}`),
      cmdline: () => bytesOf(shown.cmdline ?? ""),
    };
    return files[name]().subarray(0, most);
  }

  link(pid: number, name: string): string | undefined {
    return this.#ask(pid, name)?.links?.[name];
  }

  pids(): number[] {
    return [...this.processes.keys()];
  }
}

/** What a record of a fork says; a child of pid 1 unless it is said. */
export function forked(pid: number, facts: Partial<ProcessFacts> = {}): ProcessFacts {
  return {
    pid,
    start: startOf(pid),
    parent: 1,
    parentStart: startOf(1),
    containerPid: pid,
    comm: "sh",
    uid: 0,
    gid: 0,
    loginUid: undefined,
    session: 1,
    tty: 0,
    capabilities: 0n,
    time: startOf(pid),
    ...facts,
  };
}

/** What a record of an exec says: of `/bin/ls -l`, unless it is said. */
export function executed(pid: number, facts: Partial<ExecFacts> = {}): ExecFacts {
  const { filename = "/bin/ls", argv = ["ls", "-l"] } = facts;
  return {
    ...forked(pid),
    comm: "ls",
    filename,
    interpreter: filename,
    argv,
    argvBytes: argv.join("\0").length + 1,
    truncated: false,
    argvAddress: 0x7ffd_0000n,
    ...facts,
  };
}

/** What a record of an exit says. */
export function exited(pid: number, facts: Partial<ExitFacts> = {}): ExitFacts {
  return { pid, start: startOf(pid), exitCode: 0, time: startOf(pid) + 1n, ...facts };
}

/** When a made-up process started: not at a clock tick, and each at another. */
export function startOf(pid: number): bigint {
  return BigInt(pid) * 7n * TICK + 1_234_567n;
}
