/**
 * `monitor.ts events`: a line, or a record, for each call of some syscalls.
 *
 * @module
 */
import { Monitor, Selection } from "../engine/mod.ts";
import type { PluginSet } from "../engine/plugins/mod.ts";
import { callSpecs } from "../events/decoded/mod.ts";
import { type ContainerLoss, displayName, JsonlSink, printable, type Tick } from "../sinks/mod.ts";
import { withEngines } from "./engines.ts";
import { EventOutput } from "./event_output.ts";
import { say } from "./exit.ts";
import { chooseOutputs, type OutputOptions, Outputs } from "./output.ts";
import { lastNames, MANY, PAUSE } from "./pace.ts";
import { openEventSettings } from "./plugins/events.ts";
import { openPlugins } from "./plugins/open.ts";
import { ProcessRecords } from "./process_records.ts";
import { seesAllCloses, selectCalls } from "./selected_calls.ts";
import { ShownEvents } from "./shown_events.ts";
import { Stop } from "./stop.ts";
import { Unfinished } from "./unfinished.ts";
import { writer } from "./versions.ts";
import { monitorOptions } from "./watch.ts";

/** The command's options, as parsed. */
export interface EventsOptions extends OutputOptions {
  /** Names, globs and groups, after `!` or not. */
  readonly calls: readonly string[];
  readonly containers: readonly string[];
  readonly duration: number | undefined;
  readonly outcome: "all" | "ok" | "failed";
  readonly rate: number;
  readonly bytes: number;
  readonly inFlight: boolean;
  readonly processes: boolean;
  readonly plugins: readonly string[];
  readonly config: string | undefined;
  readonly host: boolean;
  readonly slots: number | undefined;
  readonly verbose: boolean;
}

/** The counts are read, and losses told, this often. */
const TICK = 1000;

/** The monitor hands over so many events before others have their turn: what has been handed over is written. */
const DRAINED_AT_ONCE = 1024;

/** Rounds of that before the clock is looked at. */
const ROUNDS = 64;

/** Drains at the end: a full ring has fewer events than these. */
const LAST_DRAINS = 16;

/** Engines get this long to say names before the first containers are told of. */
const NAMES_WITHIN = 60;

/** What is said at the end. */
class Totals {
  #lost = 0;
  #selected = 0;
  #others = 0;

  /** A tick's losses and containers. */
  add({ losses, tallies, unselected = 0 }: Tick): void {
    this.#selected += tallies.length;
    this.#others = unselected;
    // What plugins have left out is meant.
    for (const { count, plugin } of losses) if (plugin === undefined) this.#lost += count;
  }

  /** @param written Events that were written. */
  text(written: number): string {
    return `${written} event${written === 1 ? "" : "s"}${
      this.#lost > 0 ? `, ${this.#lost} lost` : ""
    }${this.#noneText()}`;
  }

  #noneText(): string {
    if (this.#selected > 0 || this.#others === 0) return "";
    return `: no container was one that was asked for; ${this.#others} other${
      this.#others === 1 ? " runs" : "s run"
    }, see \`monitor.ts containers\``;
  }
}

/** Who takes part in a run. */
interface Parts {
  readonly monitor: Monitor;
  readonly shown: ShownEvents;
  readonly output: EventOutput;
  /** Where all other records go. */
  readonly sinks: readonly JsonlSink[];
  /** Whether losses are told to people, too. */
  readonly isText: boolean;
  readonly plugins: PluginSet;
  readonly processes: ProcessRecords | undefined;
  readonly selection: Selection;
  readonly unfinished: Unfinished | undefined;
}

/** What is done again and again. */
class Run {
  readonly #parts: Parts;
  readonly #totals = new Totals();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Shows what has come. @returns how many records there were. */
  async drain(): Promise<number> {
    const { shown, output } = this.#parts;
    let all = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const taken = shown.drain(DRAINED_AT_ONCE);
      all += taken;
      output.flush();
      this.#tellProcesses();
      if (taken < DRAINED_AT_ONCE) break;
      await output.ready();
    }
    return all;
  }

  #tellProcesses(): void {
    const { processes, plugins, sinks } = this.#parts;
    if (processes === undefined) return;
    const told = plugins.records(processes.take());
    for (const sink of sinks) sink.records(told);
  }

  /** Tells of containers, losses and calls that have not returned. */
  tick(): void {
    const { monitor, shown, output, sinks, isText, plugins, selection, unfinished } = this.#parts;
    const read = monitor.tick();
    const losses = [...read.losses, ...shown.gate.takeLosses(read.time)];
    const told = plugins.tick(selection.apply({ ...read, losses }));
    this.#totals.add(told);
    if (isText) { for (const loss of told.losses) say(lossText(loss)); }
    for (const sink of sinks) sink.write({ ...told, tallies: [] });
    unfinished?.tell(shown.call);
    output.flush();
  }

  /** Both, until it is time to stop. */
  async until(stop: Stop): Promise<void> {
    const { monitor, shown: { gate } } = this.#parts;
    // Containers are told of before their events.
    this.tick();
    let ticked = performance.now();
    while (!stop.isRequested) {
      const taken = await this.drain();
      if (performance.now() - ticked >= TICK) {
        ticked += TICK;
        this.tick();
      }
      const left = Math.max(0, ticked + TICK - performance.now());
      if (taken === 0) await stop.until(monitor.eventReady(left));
      else await stop.wait(taken < MANY ? PAUSE : 0);
    }
    await lastNames(monitor, gate);
    // What the ring holds, and no more: a container that goes on calling would go on for ever.
    for (let i = 0; i < LAST_DRAINS && await this.drain() >= ROUNDS * DRAINED_AT_ONCE;) i++;
    this.tick();
  }

  /** What is said at the end. */
  get summary(): string {
    return this.#totals.text(this.#parts.output.written);
  }
}

/** Shows events until a signal comes or the duration is over. */
export async function events(options: EventsOptions): Promise<void> {
  const calls = selectCalls(options.calls);
  const specs = callSpecs(calls);
  const settings = await openEventSettings(options);
  const choice = await chooseOutputs(options, settings);
  const processes = ProcessRecords.of(options, choice);
  await using plugins = await openPlugins(settings);
  const self = choice.sinks.length > 0 ? writer() : undefined;
  using stop = new Stop();
  using engines = withEngines({ events: true });
  const { rate, outcome, bytes, containers } = options;
  using monitor = Monitor.open({
    ...monitorOptions(options),
    engines: engines.for,
    followsCloses: seesAllCloses(calls, options),
    events: { outcome, bufferBytes: bytes, rate },
    ...(processes !== undefined && { onProcess: processes.hear }),
  });
  processes?.follow(monitor);
  await using outputs = Outputs.open(choice, stop);
  await plugins.start();
  const pluginSinks = plugins.openSinks(options.queue);
  const output = new EventOutput(outputs, pluginSinks, plugins.eventChanges);
  const sinks = [outputs.records, pluginSinks]
    .flatMap((each) => each === undefined ? [] : [new JsonlSink(each)]);
  const shown = new ShownEvents(monitor, {
    containers,
    plugins,
    show: (event, facts) => output.put(event, facts),
    onUndecoded: (syscall, error) => {
      if (options.verbose) say(`${syscall}: ${error}`);
    },
  });
  const tell = (state: "started" | "stopped") => {
    if (self === undefined) return;
    const time = monitor.bootNow + monitor.bootTime;
    for (const sink of sinks) sink.status({ state, time, writer: self });
  };
  const selection = new Selection(containers, [], (container) => plugins.keeps(container));
  const unfinished = options.inFlight ? new Unfinished(monitor, specs.keys()) : undefined;
  const isText = outputs.records === undefined;
  const parts = { monitor, shown, output, sinks, isText, plugins, processes, selection };
  const run = new Run({ ...parts, unfinished });
  tell("started");
  await monitor.metadataSettled(NAMES_WITHIN);
  monitor.want(specs, (container) => shown.gate.has(container));
  stop.endAfter(options.duration);
  await run.until(stop);
  tell("stopped");
  await outputs.close();
  if (outputs.isReaderGone) say("stdout was closed by its reader.");
  say(run.summary);
}

function lossText({ container, reason, syscall, plugin, count }: ContainerLoss): string {
  const of = syscall === undefined ? "events" : `events of ${syscall}`;
  const what = plugin === undefined ? `lost: ${reason}` : `left out by ${plugin}`;
  return `${printable(displayName(container))}: ${count} ${of} ${what}`;
}
