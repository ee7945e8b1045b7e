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
  displayName,
  keyOf,
  type Output,
  printable,
  shortId,
  sum,
  type Tick,
  writeAll,
} from "../sinks/mod.ts";
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
  using monitor = Monitor.open({ ...monitorOptions(options), engines: engines.for });
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
  write(options, output, totals.all());
  return 0;
}

async function countCommand(
  options: CountOptions,
  command: readonly [string, ...string[]],
  output: Output,
): Promise<number> {
  const name = `count-${Deno.pid}`;
  const own: MonitorOptions = monitorOptions({ ...options, host: false });
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
    workload.kill(reason === "duration" ? "SIGTERM" : reason);
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
  write(options, output, totals.all());
  return code;
}

function program(command: readonly [string, ...string[]]): string {
  return printable(command[0]);
}

/** The last word on each container. */
class Totals {
  readonly #tallies = new Map<string, ContainerTally>();

  take({ tallies }: Tick): void {
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

function write(options: CountOptions, output: Output, tallies: readonly ContainerTally[]): void {
  writeAll(output, options.json ? json(tallies) : tables(tallies));
}

function byCalls(tally: ContainerTally): [string, number][] {
  return [...tally.total].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function json(tallies: readonly ContainerTally[]): string {
  const containers = tallies.map((tally) => {
    const { container: { identity, metadata } } = tally;
    const description = metadata.state === "known" ? metadata.description : undefined;
    return {
      container: {
        id: identity.id,
        name: description?.name,
        runtime: description?.runtime ?? identity.runtime,
        image: description?.image,
      },
      calls: sum(tally.total),
      total: Object.fromEntries(byCalls(tally)),
    };
  });
  return `${JSON.stringify(containers, undefined, 2)}\n`;
}

const decimal = new Intl.NumberFormat("en-US", { useGrouping: false });

function tables(tallies: readonly ContainerTally[]): string {
  if (tallies.length === 0) return "no calls\n";
  return tallies.map((tally) => {
    const { container } = tally;
    const calls = sum(tally.total);
    const name = displayName(container);
    const id = shortId(container.identity.id);
    const heading = [name, ...(id === name ? [] : [id]), container.identity.runtime];
    const rule = "------ ----------- ----------------";
    const rows = byCalls(tally).map(([syscall, n]) => {
      const share = (100 * n / calls).toFixed(2);
      return `${share.padStart(6)} ${decimal.format(n).padStart(11)} ${printable(syscall)}`;
    });
    return [
      heading.map(printable).join("  "),
      "% calls       calls syscall",
      rule,
      ...rows,
      rule,
      `100.00 ${decimal.format(calls).padStart(11)} total`,
      "",
    ].join("\n");
  }).join("\n");
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
