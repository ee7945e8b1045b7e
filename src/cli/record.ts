/**
 * `monitor.ts record`: what rules and a selection want, into a file, to be looked at again by `replay`.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { Monitor, SelectedContainers, Selection } from "../engine/mod.ts";
import { Recorder, RecordingFile } from "../engine/recording/mod.ts";
import { type ActiveRule, type EventSource, LiveRules } from "../engine/rules/mod.ts";
import { callSpecs, Event } from "../events/decoded/mod.ts";
import {
  layoutFingerprint,
  type RecordingHeader,
  RecordingWriter,
} from "../events/recording/mod.ts";
import type { Call, CallSpec } from "../kernel/mod.ts";
import { printable } from "../sinks/mod.ts";
import { withEngines } from "./engines.ts";
import type { EventsOptions } from "./events.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import { drainUntil, lastNames } from "./pace.ts";
import { tellPlugins } from "./plugins/unused.ts";
import { liveRulesAtWork } from "./rules/at_work.ts";
import { refuseIsolated } from "./rules/in_process.ts";
import { activeRules, openRules, openSettings } from "./rules/settings.ts";
import { seesAllCloses, selectCalls } from "./selected_calls.ts";
import { Stop } from "./stop.ts";
import { writer } from "./versions.ts";
import { monitorOptions, openJsonl, type WatchOptions } from "./watch.ts";

/** The command's options, as parsed. */
export interface RecordOptions extends
  Pick<
    EventsOptions,
    "calls" | "containers" | "duration" | "jsonl" | "outcome" | "rate" | "bytes" | "host" | "slots"
  >,
  Pick<
    WatchOptions,
    "rules" | "noDefaultRules" | "ruleOn" | "ruleOff" | "config" | "ruleTimeout" | "verbose"
  > {
  readonly file: string;
}

/** Counts are read this often. */
const TICK = 1000;

/** Engines get this long to say names before the first tick. */
const NAMES_WITHIN = 60;

/** Records until a signal comes or the duration is over. */
export async function record(options: RecordOptions): Promise<void> {
  const calls = options.calls.length === 0 ? [] : selectCalls(options.calls);
  const settings = await openSettings(options);
  refuseIsolated(settings);
  tellPlugins(settings);
  const chosen = settings.hasRules ? await openRules(settings) : [];
  const active = activeRules(chosen);
  const selected = new SelectedContainers(options.containers);
  const selection = new Selection(options.containers, []);
  const { rate, outcome, bytes } = options;
  const recorder = new Recorder((container) => selected.has(container), outcome);
  const followsCloses = seesAllCloses(calls, options);
  using stop = new Stop();
  using engines = withEngines({ events: true });
  using monitor = Monitor.open({
    ...monitorOptions(options),
    engines: engines.for,
    followsCloses,
    terminal: true,
    witness: recorder,
    events: { outcome, bufferBytes: bytes, rate },
  });
  await using file = create(options.file);
  const self = writer();
  const now = () => monitor.bootNow + monitor.bootTime;
  const began = now();
  const recording = new RecordingWriter(file, {
    layout: layoutFingerprint(),
    architecture: Deno.build.arch,
    kernel: Deno.osRelease(),
    began,
    writer: self,
    boot_time: monitor.bootTime,
    follows_closes: followsCloses,
    selection: selectionOf(options, active),
  });
  recorder.begin(monitor, recording);
  using sink = options.jsonl === undefined ? undefined : openJsonl(options.jsonl);
  const source = selectedSource(monitor, recorder, calls);
  let rules: LiveRules | undefined;
  const tick = () => {
    const read = monitor.tick();
    const raw = { ...read, losses: [...read.losses, ...rules?.takeLosses() ?? []] };
    const tick = selection.apply(raw);
    recorder.tick(tick, raw.losses.length > 0);
    rules?.tick(tick);
    sink?.write(tick);
  };
  sink?.status?.({ state: "started", time: began, writer: self });
  await monitor.metadataSettled(NAMES_WITHIN);
  tick();
  stop.endAfter(options.duration);
  source.want(new Map());
  if (active.length > 0) {
    rules = new LiveRules(source, active, liveRulesAtWork(options.containers, sink, settings));
  }
  const drain = drainer(source, rules);
  const start = performance.now();
  while (!stop.isRequested) {
    const next = performance.now() + TICK - (performance.now() - start) % TICK;
    await drainUntil(next, monitor, drain, stop, () => file.isBehind);
    if (!stop.isRequested) tick();
  }
  await lastNames(monitor, rules);
  drain();
  tick();
  rules?.end();
  const ended = now();
  recorder.stopped(ended);
  sink?.status?.({ state: "stopped", time: ended, writer: self });
  recording.end();
  await file.settled();
  say(
    `${printable(options.file)}: ${recording.calls} events, ${recording.written} bytes` +
      (active.length + calls.length > 0
        ? ""
        : "; counts alone: --syscall and --rules say of which calls there are to be events"),
  );
}

/** What a recording says of what was asked for. */
function selectionOf(
  { calls, containers, outcome, rate, bytes, host }: RecordOptions,
  active: readonly ActiveRule[],
): RecordingHeader["selection"] {
  const rules = active.map(({ rule }) => rule.id);
  return { syscalls: calls, containers, outcome, rate, bytes, host, rules };
}

function create(path: string): RecordingFile {
  try {
    return RecordingFile.create(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Failure(
      ExitCode.usage,
      `${printable(path)} is there already, and no recording is written over: name another file.`,
    );
  }
}

/** A monitor whose rules hear of the containers that are recorded, and that sends the calls that were named, too. */
function selectedSource(
  monitor: Monitor,
  recorder: Recorder,
  calls: readonly string[],
): EventSource {
  const named = callSpecs(calls);
  const isNamed = new Set([...named.keys()].map(({ nr, abi }) => `${abi} ${nr}`));
  return {
    processes: monitor.processes,
    bootTime: monitor.bootTime,
    want(specs: ReadonlyMap<Call, CallSpec>, isOf: (container: Container) => boolean = () => true) {
      const others = [...specs].filter(([{ nr, abi }]) => !isNamed.has(`${abi} ${nr}`));
      const all = new Map([...named, ...others]);
      monitor.want(
        all,
        (container) => recorder.takes(container) && (named.size > 0 || isOf(container)),
      );
    },
    drain: (onEvent, most, onProcess) =>
      monitor.drain(
        (call, container) => {
          if (recorder.takes(container)) onEvent(call, container);
        },
        most,
        onProcess && ((event, container) => {
          if (recorder.takes(container)) onProcess(event, container);
        }),
      ),
  };
}

/** @returns what takes all events that there are, and says how many those were. */
function drainer(source: EventSource, rules: LiveRules | undefined): () => number {
  if (rules !== undefined) return () => rules.drain();
  const event = new Event(source.processes, source.bootTime);
  // What calls do to descriptors and directories is followed, so that /proc need not be asked.
  return () => source.drain((call, container: Container) => event.show(call, container).follow());
}
