/**
 * A command in a container of its own, watched by strace and by our monitor at the same time.
 *
 * @module
 */
import { Workload } from "../../../src/containers/mod.ts";
import { Monitor } from "../../../src/engine/mod.ts";
import type { CallEvent } from "../../../src/events/mod.ts";
import type { Call, CallSpec } from "../../../src/kernel/mod.ts";
import { displayName } from "../../../src/sinks/mod.ts";
import { piecesOf } from "../../../src/syscalls/arguments/mod.ts";
import { syscallName } from "../../../src/syscalls/mod.ts";
import { until } from "../../kernel/fixture.ts";
import { inContainer } from "./commands.ts";

/** What both saw of a command. */
export interface Traced {
  /** Our events, by thread, in order. */
  readonly events: ReadonlyMap<number, readonly CallEvent[]>;
  /** strace's lines, by thread, in order. */
  readonly lines: ReadonlyMap<number, readonly string[]>;
  /** The thread that strace was attached to. */
  readonly first: number;
  /** Events that the monitor says it lost. */
  readonly lost: number;
  /** What was written to standard error. */
  readonly errors: string;
  /** What was written to the file that the script knows as $LOG. */
  readonly log: string;
}

/** Calls that do not return as others do. */
const sentAtEnter = ["exit", "exit_group", "rt_sigreturn", "i386:sigreturn", "i386:rt_sigreturn"];

/** Every number that can be wanted. */
function everyCall(): Map<Call, CallSpec> {
  const specs = new Map<Call, CallSpec>();
  for (const abi of ["native", "compat"] as const) {
    for (let nr = 0; nr < 511; nr++) {
      const name = syscallName(nr, abi);
      const pieces = piecesOf(name);
      specs.set({ nr, abi }, { pieces, sentAtEnter: sentAtEnter.includes(name) });
    }
  }
  return specs;
}

/** What our containers' names begin with: others', of a second run of this test as well, may not fill the ring. */
const prefix = `strace-${Deno.pid}-`;

/** Opens a monitor that sends our containers' every call, with as much of its memory as strace is told to show. */
export function openMonitor(): Monitor {
  const monitor = Monitor.open({ events: { bufferBytes: 4096, ringBytes: 64 * 2 ** 20 } });
  monitor.want(everyCall(), (container) => displayName(container).startsWith(prefix));
  return monitor;
}

/** What strace is told: all of it, by names and numbers, a file for each thread. */
const options = "-ff -v -yy -X verbose -s 4096".split(" ");

/** How long a command may take, in ms. */
const patience = 30_000;

/** How often the monitor looks for containers and losses, in ms. */
const interval = 100;

/** Runs a script to its end, under strace and the monitor. */
export async function trace(monitor: Monitor, called: string, script: string): Promise<Traced> {
  const name = prefix + called;
  using folders = new Folders();
  const [log, errors] = [`${folders.path}/log`, `${folders.path}/errors`];
  const place = { folder: folders.make("work"), errors };
  const command = inContainer(`LOG=${log}; ${script}`, place);
  using work = await Workload.start({ name, command, stdin: "null", stdout: "null" });
  const strace = attach(work.pid, folders.make("lines"));
  const events = new Map<number, CallEvent[]>();
  const drain = () => {
    while (
      monitor.drain((event, container) => {
        if (displayName(container) !== name) return;
        const own = events.get(event.tid);
        if (own === undefined) events.set(event.tid, [event.copy()]);
        else own.push(event.copy());
      }) === 4096
    );
  };
  await until("strace to attach", () => tracerOf(work.pid) !== 0);
  work.resume();
  const end = performance.now() + patience;
  let isOver = false;
  let lost = 0;
  const tick = () => {
    for (const { container, count } of monitor.tick().losses) {
      if (displayName(container) === name) lost += count;
    }
  };
  let next = 0;
  // Not the workload's own end: it would move processes that are just ending.
  const over = strace.end.finally(() => isOver = true);
  while (!isOver) {
    drain();
    const now = performance.now();
    if (now > next) {
      tick();
      next = now + interval;
    }
    if (now > end) work.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await over;
  await work.status();
  drain();
  tick();
  return {
    events,
    lines: readLines(`${folders.path}/lines`),
    first: work.pid,
    lost,
    errors: read(errors),
    log: read(log),
  };
}

/** Attaches strace to a process that is stopped; it ends when the last of what it follows does. */
function attach(pid: number, folder: string): { readonly end: Promise<void> } {
  const strace = new Deno.Command("strace", {
    args: [...options, "-o", `${folder}/of`, "-p", String(pid)],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(strace.stderr).text();
  const end = async () => {
    const { success } = await strace.status;
    const text = await said;
    if (!success) throw new Error(`strace: ${text}`);
  };
  return { end: end() };
}

function tracerOf(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^TracerPid:\s+(\d+)$/m.exec(status)?.[1]);
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** strace's files are called by the threads' numbers. */
function readLines(folder: string): Map<number, string[]> {
  return new Map(
    [...Deno.readDirSync(folder)].map(({ name }) => [
      Number(name.slice("of.".length)),
      Deno.readTextFileSync(`${folder}/${name}`).split("\n").filter(Boolean),
    ]),
  );
}

/** A folder for what a command needs and leaves, gone with it. */
class Folders implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "tm-strace-" });

  make(name: string): string {
    const path = `${this.path}/${name}`;
    Deno.mkdirSync(path);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
