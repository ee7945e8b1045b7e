/**
 * Other tools that tell of each call of a container, printing the same: time, process, command, call, result.
 *
 * @module
 */
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchCgroup } from "./cgroups.ts";
import { type LineFormat, LineReader } from "./line_reader.ts";
import type { Load } from "./load.ts";
import { monitorCommand } from "./monitor_process.ts";
import { type Receiver, UNLIMITED } from "./sinks.ts";

/** One of them. */
export interface Tracer {
  readonly name: string;
  readonly program: string;
  /** Its command line, for people. */
  readonly example: string;
  /** Its command line, for the calls of one cgroup. */
  readonly command: (cgroup: BenchCgroup) => readonly string[];
  /** Lines that are calls. */
  readonly format: LineFormat;
  /** How many events a line that is none says are lost. */
  readonly lost: (line: string) => number;
}

/** The tracepoints have their numbers in tracefs, which is mounted for the tool alone. */
function withTracefs(...command: readonly string[]): string[] {
  const mount =
    'mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing; exec "$@"';
  return ["unshare", "--mount", "sh", "-c", mount, "sh", ...command];
}

/** The number in the first match, or 0. */
function numberIn(line: string, pattern: RegExp): number {
  return Number(pattern.exec(line)?.[1] ?? 0);
}

/** What bpftrace is to print of each call, where the kernel has a tracepoint for each. */
export function bpftraceScript(cgroup: bigint): string {
  const print = 'printf("%llu %d %s getppid %d\\n", nsecs, pid, comm, args->ret)';
  return `tracepoint:syscalls:sys_exit_getppid /cgroup == ${cgroup}/ { ${print}; }`;
}

/** `Lost 27 events`, since it said so last. */
export function bpftraceLost(line: string): number {
  return numberIn(line, /^Lost (\d+) events/);
}

/** `LOST 27 events!`, likewise. */
export function perfLost(line: string): number {
  return numberIn(line, /^LOST (\d+) events!/);
}

/** A cgroup as perf wants it: from its hierarchy's root. */
export function cgroupPath(folder: string): string {
  return folder.slice(folder.lastIndexOf("/tallyman-") + 1);
}

const bpftrace: Tracer = {
  name: "bpftrace",
  program: "bpftrace",
  example: `bpftrace -e '${bpftraceScript(0n).replace(" 0/", " ID/")}'`,
  command: ({ key }) => withTracefs("bpftrace", "-e", bpftraceScript(key.id)),
  format: { text: " getppid ", time: "boottime" },
  lost: bpftraceLost,
};

const perfTrace: Tracer = {
  name: "perf trace",
  program: "perf",
  example: "perf trace -a -e getppid -G CGROUP",
  command: ({ folder }) => {
    const perf = ["perf", "trace", "-a", "-e", "getppid", "-G", cgroupPath(folder)];
    return withTracefs("sh", "-c", 'exec "$@" 2>&1', "sh", ...perf);
  },
  // It says how many ms have passed since it began.
  format: { text: "getppid()", time: "none" },
  lost: perfLost,
};

/** All but strace, which runs the program itself. */
export const tracers: readonly Tracer[] = [bpftrace, perfTrace];

/** Ours, with lines for people, which say the same. */
export const ourLines: Tracer = {
  name: "ours, lines to a pipe",
  program: "deno",
  example: "deno run -A monitor.ts events -s getppid -c NAME --rate 100000000",
  command: ({ folder }) =>
    monitorCommand(["events", "-s", "getppid", "-c", basename(folder), ...UNLIMITED]),
  format: { text: " getppid() = ", time: "none" },
  lost: (line) => numberIn(line, /: (\d+) events of getppid lost/),
};

/** ms that a tool may take until its first line. */
const PATIENCE = 10_000;

/** A tool at work. */
export interface RunningTracer extends Receiver {
  /** Events that it has said are lost, so far. */
  readonly lost: number;
}

/**
 * Starts a tool, and waits until it prints what the container calls.
 *
 * @throws {Error} if it ends, or has printed nothing for ten seconds.
 */
export async function startTracer(tracer: Tracer, load: Load): Promise<RunningTracer> {
  await using resources = new AsyncDisposableStack();
  const command = tracer.command(load.cgroup);
  const reader = resources.use(await LineReader.start(command, tracer.format));
  const controller = new AbortController();
  const calling = (async () => {
    const until = performance.now() + PATIENCE;
    while (!controller.signal.aborted) {
      if (performance.now() > until) throw new Error(`${tracer.name} printed nothing`);
      await load.make({ rate: 1000, milliseconds: 5, threads: 1 });
      await delay(50);
    }
  })();
  try {
    await Promise.race([reader.seen(), calling]);
  } finally {
    controller.abort();
  }
  await calling;
  await reader.take();
  const lost = () => reader.others.reduce((sum, line) => sum + tracer.lost(line), 0);
  const owned = resources.move();
  return {
    pid: reader.pid,
    get lost() {
      return lost();
    },
    take: async () => {
      const { lines, ...taken } = await reader.take();
      return { events: lines, ...taken };
    },
    end: async () => {
      const { lines } = await reader.end();
      return { late: lines, lost: new Map([["lost", lost()]]), counted: undefined };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Runs a program as its tracer does, writing what the others print to a file. */
export function straceCommand(file: string): string[] {
  return ["strace", "-f", "-ttt", "-e", "trace=getppid", "-o", file];
}
