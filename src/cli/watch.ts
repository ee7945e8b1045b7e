/**
 * `monitor.ts watch`: what every container calls, tick by tick.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { Monitor, type MonitorOptions, Selection } from "../engine/mod.ts";
import type { LiveRules } from "../engine/rules/mod.ts";
import type { RuleFlags, Settings } from "../engine/config/mod.ts";
import { JsonlSink, LiveTerminal, PlainTerminal, type Sink, sum } from "../sinks/mod.ts";
import { say } from "./exit.ts";
import { withEngines } from "./engines.ts";
import { type OutputOptions, Outputs, textOutput } from "./output.ts";
import { DEFAULT_RATE, LISTEN, MANY, PAUSE } from "./pace.ts";
import { openRules, openSettings, printableLines } from "./rules/settings.ts";
import { Stop } from "./stop.ts";

/** The command's options, as parsed. */
export interface WatchOptions extends RuleFlags, OutputOptions {
  readonly interval: number;
  readonly duration: number | undefined;
  readonly linger: number;
  readonly top: number;
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
  const { interval } = options;
  const settings = await openSettings(options);
  const { hasRules } = settings;
  using stop = new Stop();
  using engines = withEngines({ events: true });
  using monitor = Monitor.open({
    ...monitorOptions(options),
    engines: engines.for,
    ...(hasRules && { events: { rate: DEFAULT_RATE } }),
  });
  await using outputs = Outputs.open(options, stop);
  using sink = openSink(options, outputs);
  const counted = { calls: 0, containers: new Set<Container>() };
  const selection = new Selection(options.containers, options.syscalls);
  let rules: LiveRules | undefined;
  const tick = () => {
    const tick = monitor.tick();
    for (const { container, new: calls } of tick.tallies) {
      if (calls.size > 0) counted.containers.add(container);
      counted.calls += sum(calls);
    }
    rules?.tick(tick);
    sink.write(selection.apply(tick));
  };
  const start = performance.now();
  stop.endAfter(options.duration);
  await monitor.metadataSettled(NAMES_WITHIN);
  tick();
  // Not before the first counts are seen: it takes its time.
  if (hasRules) rules = await startRules(settings, monitor, sink);
  while (!stop.isRequested) {
    // Counted from the start: ticks do not drift, and those that were slept through are left out.
    const next = performance.now() + interval - (performance.now() - start) % interval;
    if (rules === undefined) {
      await stop.wait(next - performance.now());
    } else {
      await drainUntil(next, monitor, rules, stop);
    }
    if (!stop.isRequested) tick();
  }
  rules?.drain();
  tick();
  rules?.end();
  await outputs.close();
  if (outputs.isReaderGone) {
    const { calls, containers } = counted;
    say(
      `stdout was closed by its reader. Counted: ${calls} calls in ${containers.size} containers.`,
    );
  }
}

async function drainUntil(
  end: number,
  monitor: Monitor,
  rules: LiveRules,
  stop: Stop,
): Promise<void> {
  for (let left = end - performance.now(); left > 0 && !stop.isRequested;) {
    const taken = rules.drain();
    if (taken === 0) await monitor.eventReady(Math.min(left, LISTEN));
    else await stop.wait(taken < MANY ? Math.min(left, PAUSE) : 0);
    left = end - performance.now();
  }
}

/** Loads the rules, and sets them to work. */
async function startRules(settings: Settings, monitor: Monitor, sink: Sink): Promise<LiveRules> {
  const chosen = await openRules(settings);
  const { LiveRules } = await import("../engine/rules/mod.ts");
  const active = chosen.filter(({ isOn }) => isOn).map((each) => each.active);
  return new LiveRules(monitor, active, {
    ...(settings.ruleTimeout !== undefined && { timeout: settings.ruleTimeout }),
    onAlert: (alert) => sink.alert(alert),
    onProblem: ({ rule, message, isOff }) =>
      say(`rule ${rule}: ${printableLines(message)}${isOff ? "; it is switched off" : ""}`),
  });
}

function openSink(options: WatchOptions, outputs: Outputs): Sink {
  const { records, isText } = outputs;
  const json = records === undefined ? undefined : new JsonlSink(records);
  if (!isText && json !== undefined) return json;
  const view = openView(options, outputs);
  if (json === undefined) return view;
  return {
    write: (tick) => [view, json].forEach((sink) => sink.write(tick)),
    alert: (alert) => [view, json].forEach((sink) => sink.alert(alert)),
    [Symbol.dispose]: () => view[Symbol.dispose](),
  };
}

function openView({ top, linger }: WatchOptions, { text }: Outputs): Sink {
  const blocks = { top, linger };
  if (!Deno.stdout.isTerminal()) return new PlainTerminal(textOutput(text), blocks);
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
