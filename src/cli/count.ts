/**
 * `monitor.ts count`: totals at the end, like `strace -c`, for all containers or for one command.
 *
 * @module
 */
import { delimiter, join } from "node:path";
import { Workload } from "../containers/mod.ts";
import { Monitor, type MonitorOptions, Selection } from "../engine/mod.ts";
import {
  type ContainerTally,
  keyOf,
  type Output,
  printable,
  sum,
  type Tick,
  writeAll,
} from "../sinks/mod.ts";
import { countsJson, countTables } from "./count_text.ts";
import { withEngines } from "./engines.ts";
import { Failure, say } from "./exit.ts";
import { Stop } from "./stop.ts";
import { monitorOptions } from "./watch.ts";

/** The command's options, as parsed. */
export interface CountOptions {
  readonly duration: number | undefined;
  readonly json: boolean;
  /** A file for the result. */
  readonly output: string | undefined;
  readonly containers: readonly string[];
  readonly syscalls: readonly string[];
  readonly host: boolean;
  readonly slots: number | undefined;
  readonly verbose: boolean;
  readonly latency: boolean;
  readonly errors: boolean;
  /** What to run; empty for all containers. */
  readonly command: readonly string[];
}

/** Rows are read this often, so that slots of containers that have ended are free again. */
const READ_EVERY = 1000;

/** @returns the exit code: the command's own, if there is one. */
export async function count(options: CountOptions): Promise<number> {
  const [program, ...args] = options.command;
  const command = program === undefined ? undefined : [resolveProgram(program), ...args] as const;
  // Now, not when all has been counted: a file that can't be written is told at once.
  using file = openFile(options.output);
  const named = options.output === "-" ? Deno.stdout : file;
  if (command === undefined) return await countContainers(options, named ?? Deno.stdout);
  // As strace and perf do: the command's own output is alone on standard output.
  return await countCommand(options, command, named ?? Deno.stderr);
}

function openFile(name: string | undefined): Deno.FsFile | undefined {
  if (name === undefined || name === "-") return undefined;
  return Deno.openSync(name, { write: true, create: true, truncate: true });
}

async function countContainers(options: CountOptions, output: Output): Promise<number> {
  using stop = new Stop();
  using engines = withEngines({ events: true });
  const { latency, errors } = options;
  using monitor = Monitor.open({
    ...monitorOptions(options),
    engines: engines.for,
    latency,
    errors,
  });
  const selection = new Selection(options.containers, options.syscalls);
  const totals = new Totals();
  stop.endAfter(options.duration);
  totals.take(selection.apply(monitor.tick()));
  while (!stop.isRequested) {
    await stop.wait(READ_EVERY);
    totals.take(selection.apply(monitor.tick()));
  }
  await monitor.metadataSettled(2000);
  totals.take(selection.apply(monitor.tick()));
  await write(options, output, totals);
  return 0;
}

async function countCommand(
  options: CountOptions,
  command: readonly [string, ...string[]],
  output: Output,
): Promise<number> {
  const name = `count-${Deno.pid}`;
  const { latency, errors } = options;
  const own: MonitorOptions = {
    ...monitorOptions({ ...options, host: false }),
    latency,
    errors,
  };
  // First: from here on a signal ends the command, and we end after it.
  using stop = new Stop();
  using workload = await Workload.start({ name, command, stdin: "inherit", stdout: "inherit" });
  using monitor = Monitor.open(own);
  const selection = new Selection([name], options.syscalls);
  const totals = new Totals();
  const ended = workload.status();
  workload.resume();
  stop.endAfter(options.duration);
  void stop.requested.then((reason) => {
    // A terminal has sent Ctrl-C to the command too.
    if (reason === "SIGINT" && Deno.stdin.isTerminal()) return;
    workload.kill(reason === "duration" || reason === "closed" ? "SIGTERM" : reason);
  });
  const timer = setInterval(() => totals.take(selection.apply(monitor.tick())), READ_EVERY);
  const { code, left } = await ended;
  clearInterval(timer);
  totals.take(selection.apply(monitor.tick()));
  if (left > 0) {
    say(
      `${program(command)} left ${left} process${
        left === 1 ? "" : "es"
      } running: not counted any more`,
    );
  }
  await write(options, output, totals);
  return code;
}

function program(command: readonly [string, ...string[]]): string {
  return printable(command[0]);
}

/** The last word on each container. */
class Totals {
  readonly #tallies = new Map<string, ContainerTally>();
  /** Calls that were counted, but for whose time or errno there was no room. */
  unmeasured = 0n;

  take({ tallies, unmeasured }: Tick): void {
    this.unmeasured = unmeasured;
    for (const tally of tallies) {
      // The counts go on changing under the map: what stands at the end is right.
      this.#tallies.set(keyOf(tally.container), tally);
    }
  }

  all(): ContainerTally[] {
    return [...this.#tallies.values()].filter(({ total }) => total.size > 0)
      .sort((a, b) => sum(b.total) - sum(a.total));
  }
}

async function write(options: CountOptions, output: Output, totals: Totals): Promise<void> {
  // Errors' names come with all that is known of arguments: that takes its time to load.
  const nameOf = options.errors
    ? (await import("../syscalls/arguments/mod.ts")).errorName
    : undefined;
  const named = (errno: number) => nameOf?.(BigInt(-errno)) ?? String(errno);
  const all = totals.all();
  writeAll(output, options.json ? countsJson(all, named) : countTables(all, named));
  if (totals.unmeasured > 0n) {
    say(
      `${totals.unmeasured} calls were counted, but there was no room for their time or error: choose fewer containers`,
    );
  }
}

/**
 * Finds a program as a shell does.
 *
 * @throws {Failure} 127 if there is none, 126 if it can't be executed, as POSIX has it.
 */
function resolveProgram(name: string): string {
  const candidates = name.includes("/")
    ? [name]
    : (Deno.env.get("PATH") ?? "/usr/bin:/bin").split(delimiter).map((folder) =>
      join(folder, name)
    );
  let unfit: string | undefined;
  for (const candidate of candidates) {
    try {
      const { isFile, mode } = Deno.statSync(candidate);
      if (isFile && ((mode ?? 0) & 0o111) !== 0) return candidate;
      unfit ??= candidate;
    } catch (error) {
      if (error instanceof Deno.errors.PermissionDenied) unfit ??= candidate;
      else if (
        !(error instanceof Deno.errors.NotFound) && !(error instanceof Deno.errors.NotADirectory)
      ) throw error;
    }
  }
  if (unfit !== undefined) throw new Failure(126, `${printable(unfit)}: not a program`);
  throw new Failure(127, `${printable(name)}: not found`);
}
