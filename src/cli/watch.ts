/**
 * `monitor.ts watch`: what every container calls, tick by tick.
 *
 * @module
 */
import { Monitor, type MonitorOptions, Selection } from "../engine/mod.ts";
import type { RuleLoader } from "../engine/rules/mod.ts";
import type { RuleFlags, Settings } from "../engine/config/mod.ts";
import { openVersionedCode } from "../engine/code/mod.ts";
import {
  type AlertFormat,
  type AlertFormatName,
  JsonlSink,
  type Output,
  PlainTerminal,
  type Sink,
  type Writer,
  writtenAtOnce,
} from "../sinks/mod.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import { withEngines } from "./engines.ts";
import { chooseOutputs, type OutputOptions, Outputs, textOutput } from "./output.ts";
import { DEFAULT_RATE } from "./defaults.ts";
import { ProcessRecords } from "./process_records.ts";
import { type PluginSet, PluginsSink } from "../engine/plugins/mod.ts";
import { openPlugins } from "./plugins/open.ts";
import { liveRulesAtWork, rulesAtWork } from "./rules/at_work.ts";
import { config } from "./rules/deno.ts";
import {
  activeRules,
  openRules,
  openSettings,
  orFailure,
  printableLines,
} from "./rules/settings.ts";
import { shippedRules } from "./rules/shipped.ts";
import { LiveView } from "./live_view.ts";
import { Stop } from "./stop.ts";
import { writer } from "./versions.ts";
import { type RunningRules, WatchRun } from "./watch_run.ts";

/** The command's options, as parsed. */
export interface WatchOptions extends RuleFlags, OutputOptions {
  readonly interval: number;
  readonly duration: number | undefined;
  readonly linger: number;
  readonly top: number;
  /** How alerts are written; anything but `json` writes them alone. */
  readonly format: AlertFormatName | undefined;
  readonly containers: readonly string[];
  readonly syscalls: readonly string[];
  readonly host: boolean;
  readonly processes: boolean;
  readonly slots: number | undefined;
  readonly verbose: boolean;
  /** Whether what is edited takes effect. */
  readonly watch: boolean;
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

/**
 * Runs until a signal comes or the duration is over.
 *
 * @param onCounting Called when every call counts.
 */
export async function watch(options: WatchOptions, onCounting?: () => void): Promise<void> {
  const { interval } = options;
  using code = options.watch ? await openVersionedCode() : undefined;
  const settings = await openSettings(options, code);
  const choice = await chooseOutputs(options, settings);
  const processes = ProcessRecords.of(options, choice);
  // Who edits may come to write one.
  const hasRules = settings.hasRules || options.watch;
  await using plugins = await openPlugins(settings);
  const self = choice.sinks.length > 0 ? writer() : undefined;
  const format = await openFormat(options.format, self);
  using stop = new Stop();
  using engines = withEngines({ events: true });
  using monitor = Monitor.open({
    ...monitorOptions(options),
    engines: engines.for,
    ...(plugins.needs.has("terminal") && { terminal: true }),
    ...((hasRules || processes !== undefined) && { events: { rate: DEFAULT_RATE } }),
    ...(processes !== undefined && { onProcess: processes.hear }),
  });
  processes?.follow(monitor);
  onCounting?.();
  await using outputs = Outputs.open(choice, stop);
  await plugins.start();
  const others = plugins.openSinks(options.queue);
  using sink = new PluginsSink(plugins, [
    ...openSinks(options, outputs, format),
    ...(others === undefined ? [] : [new JsonlSink(others)]),
  ]);
  const selection = new Selection(
    options.containers,
    options.syscalls,
    (container) => plugins.keeps(container),
  );
  const tell = (state: "started" | "stopped") => {
    const time = monitor.bootNow + monitor.bootTime;
    if (self !== undefined) sink.status({ state, time, writer: self });
  };
  const run = new WatchRun({ monitor, sink, plugins, processes, selection });
  const start = performance.now();
  tell("started");
  await monitor.metadataSettled(NAMES_WITHIN);
  run.tick();
  const { RestingHeap } = hasRules ? await import("../engine/rules/mod.ts") : {};
  const heap = RestingHeap && new RestingHeap(performance.now());
  // Not before the first counts are seen: it takes its time.
  using edits = code && new (await import("./edits.ts")).Edits(options, code);
  if (hasRules) {
    const { containers } = options;
    const loader = edits?.loader;
    run.rules = await startRules(settings, monitor, sink, { plugins, containers, loader });
  }
  if (run.rules !== undefined) edits?.follow(settings, run.rules);
  // A short run on a busy machine would be over before its rules are at work.
  stop.endAfter(options.duration);
  await run.until(stop, { interval, start, heap });
  tell("stopped");
  await outputs.close();
  if (outputs.isReaderGone) say(`stdout was closed by its reader. Counted: ${run.counted}.`);
}

/** Loads the rules, and sets them to work. */
async function startRules(
  settings: Settings,
  monitor: Monitor,
  sink: Sink,
  { plugins, containers, loader }: {
    readonly plugins: PluginSet;
    readonly containers: readonly string[];
    readonly loader: RuleLoader | undefined;
  },
): Promise<RunningRules> {
  if (settings.isolate) {
    const { IsolatedRules } = await import("../engine/isolate/mod.ts");
    const onNotice = (text: string) => say(printableLines(text));
    const where = { shipped: shippedRules, config };
    const filter = plugins.events.isEmpty ? undefined : plugins;
    return await orFailure(() =>
      IsolatedRules.start(monitor, settings, {
        ...rulesAtWork(containers, sink),
        ...where,
        filter,
        onNotice,
      })
    );
  }
  const chosen = await openRules(settings, false, loader);
  const { collectGarbage, LiveRules } = await import("../engine/rules/mod.ts");
  const active = activeRules(chosen);
  collectGarbage();
  return new LiveRules(monitor, active, liveRulesAtWork(containers, sink, settings, plugins));
}

/** Records go to a file, or to standard output, when they come: for who may wait for their reader. */
export function openJsonl(name: string): Sink {
  const output = name === "-"
    ? Deno.stdout
    : Deno.openSync(name, { append: true, create: true, mode: 0o600 });
  return new JsonlSink(writtenAtOnce(output));
}

/** Where the ticks and alerts of a command go that may wait for its reader. */
export function openSink(
  { jsonl, ...view }: Pick<WatchOptions, "jsonl" | "top" | "linger">,
): Sink {
  return jsonl === undefined ? openView(view, Deno.stdout) : openJsonl(jsonl);
}

/** For people, as records, or both. */
function openSinks(
  options: WatchOptions,
  outputs: Outputs,
  format: AlertFormat | undefined,
): Sink[] {
  const { records, isText } = outputs;
  return [
    ...(isText ? [openView(options, textOutput(outputs.text))] : []),
    ...(records === undefined ? [] : [new JsonlSink(records, format)]),
  ];
}

function openView(
  { top, linger }: Pick<WatchOptions, "top" | "linger">,
  output: Output,
): Sink {
  const blocks = { top, linger };
  if (!Deno.stdout.isTerminal()) return new PlainTerminal(output, blocks);
  return new LiveView(Deno.stdout, blocks, terminalSize, Deno.stderr.isTerminal());
}

/** How alerts are written, if not as records. */
async function openFormat(
  name: AlertFormatName | undefined,
  writer: Writer | undefined,
): Promise<AlertFormat | undefined> {
  if (name === undefined) return undefined;
  if (writer === undefined) {
    throw new Failure(
      ExitCode.usage,
      "--format is of lines: add --jsonl, --jsonl FILE or --sink URL.",
    );
  }
  if (name === "json") return undefined;
  const { ecsAlert, falcoAlert } = await import("../sinks/formats/mod.ts");
  return { ecs: ecsAlert, falco: falcoAlert }[name](writer);
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
