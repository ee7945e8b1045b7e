/**
 * `monitor.ts watch`: what every container calls, tick by tick.
 *
 * @module
 */
import { Monitor, type MonitorOptions, Selection } from "../engine/mod.ts";
import { JsonlSink, LiveTerminal, PlainTerminal, type Sink } from "../sinks/mod.ts";
import { say } from "./exit.ts";
import { withEngines } from "./engines.ts";
import { Stop } from "./stop.ts";

/** The command's options, as parsed. */
export interface WatchOptions {
  readonly interval: number;
  readonly duration: number | undefined;
  readonly linger: number;
  readonly top: number;
  /** A file's name, or `-`; undefined for blocks. */
  readonly jsonl: string | undefined;
  readonly containers: readonly string[];
  readonly syscalls: readonly string[];
  readonly host: boolean;
  readonly slots: number | undefined;
  readonly verbose: boolean;
}

/** Engines get this long to say names before the first blocks are shown without. */
const NAMES_WITHIN = 60;

/** The options of a monitor that follow from those of a command. */
export function monitorOptions(
  { host, slots, verbose }: Pick<WatchOptions, "host" | "slots" | "verbose">,
): MonitorOptions {
  return {
    countHost: host,
    ...(slots !== undefined && { slots }),
    ...(verbose && { onMessage: (level, text) => say(`libbpf: ${level}: ${text}`) }),
  };
}

/** Runs until a signal comes or the duration is over. */
export async function watch(options: WatchOptions): Promise<void> {
  using stop = new Stop();
  using engines = withEngines({ events: true });
  using monitor = Monitor.open({ ...monitorOptions(options), engines: engines.for });
  using sink = openSink(options);
  const selection = new Selection(options.containers, options.syscalls);
  const write = () => sink.write(selection.apply(monitor.tick()));
  const start = performance.now();
  stop.endAfter(options.duration);
  await monitor.metadataSettled(NAMES_WITHIN);
  while (!stop.isRequested) {
    write();
    // Counted from the start: ticks do not drift, and those that were slept through are left out.
    const elapsed = performance.now() - start;
    await stop.wait(options.interval - elapsed % options.interval);
  }
  write();
}

function openSink({ jsonl, top, linger }: WatchOptions): Sink {
  if (jsonl === "-") return new JsonlSink(Deno.stdout);
  if (jsonl !== undefined) {
    return new JsonlSink(
      Deno.openSync(jsonl, { append: true, create: true, mode: 0o600 }),
    );
  }
  const blocks = { top, linger };
  if (!Deno.stdout.isTerminal()) return new PlainTerminal(Deno.stdout, blocks);
  return new LiveTerminal(Deno.stdout, blocks, terminalSize);
}

function terminalSize() {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : undefined;
  } catch {
    // Not every terminal says how large it is.
    return undefined;
  }
}
