/**
 * `monitor.ts events`: a line, or a record, for each call of some syscalls.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { Monitor, Patterns, SelectedContainers, Selection } from "../engine/mod.ts";
import { callSpecs, Event } from "../events/decoded/mod.ts";
import type { CallEvent } from "../events/mod.ts";
import {
  Batch,
  type ContainerLoss,
  displayName,
  JsonlSink,
  printable,
  single,
} from "../sinks/mod.ts";
import { closingCalls } from "../processes/follow/mod.ts";
import { type EventFacts, JsonlEvents, TextEvents } from "../sinks/events/mod.ts";
import { groupCalls, groupNames } from "../syscalls/arguments/mod.ts";
import { EventGate } from "../engine/waiting/mod.ts";
import {
  globToRegExp,
  isPattern,
  suggestNames,
  suggestPatterns,
  syscallName,
  syscallNames,
} from "../syscalls/mod.ts";
import { withEngines } from "./engines.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import { chooseOutputs, type OutputOptions, Outputs } from "./output.ts";
import { openEventSettings } from "./plugins/events.ts";
import { openPlugins } from "./plugins/open.ts";
import { lastNames, MANY, PAUSE } from "./pace.ts";
import { Stop } from "./stop.ts";
import { Unfinished } from "./unfinished.ts";
import { ProcessRecords } from "./process_records.ts";
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
  const { rate, outcome, bytes } = options;
  using monitor = Monitor.open({
    ...monitorOptions(options),
    engines: engines.for,
    followsCloses: closingCalls.every((name) => calls.includes(name)) &&
      options.containers.length === 0 && outcome === "all",
    events: { outcome, bufferBytes: bytes, rate },
    ...(processes !== undefined && { onProcess: processes.hear }),
  });
  processes?.follow(monitor);
  await using outputs = Outputs.open(choice, stop);
  await plugins.start();
  const { records } = outputs;
  const others = plugins.openSinks(options.queue);
  const changes = plugins.eventChanges;
  const sinks = [records, others].flatMap((each) =>
    each === undefined ? [] : [new JsonlSink(each)]
  );
  const format = records === undefined
    ? new TextEvents(changes?.rewrites)
    : new JsonlEvents(changes);
  const outlet = records ?? outputs.text;
  const lines = new Batch(outlet, "event");
  const recorded = others === undefined ? undefined : new JsonlEvents(changes ?? {});
  const named = new SelectedContainers(options.containers);
  const keeps = (container: Container) => plugins.keeps(container);
  const selection = new Selection(options.containers, [], keeps);
  const tell = (state: "started" | "stopped") => {
    const time = monitor.bootNow + monitor.bootTime;
    if (self !== undefined) {
      for (const sink of sinks) {
        sink.status({ state, time, writer: self });
      }
    }
  };
  const event = new Event(monitor.processes, monitor.bootTime);
  const gate = new EventGate(event, monitor, named, plugins);
  const containers = { met: 0, others: 0 };
  const totals = { shown: 0, dropped: 0, lost: 0 };
  const put = (event: Event, facts?: EventFacts) => {
    // As they are told of, should they be dropped.
    const owner = changes?.rewrites?.container(event.container) ?? event.container;
    if (others?.accepts("event") === false) others.skip("event", owner);
    else if (others !== undefined && recorded !== undefined) {
      others.put(single("event", recorded.line(event, { ...facts, isFollowed: true }), owner));
    }
    if (!outlet.accepts("event")) {
      // Nobody would see it: it is followed and counted, and no line is made of it.
      if (facts?.inFlight === undefined) event.follow();
      outlet.skip("event", owner);
      totals.dropped++;
      return;
    }
    lines.add((into) => format.write(event, into, facts), owner);
    totals.shown++;
  };
  const undecoded = (call: CallEvent, container: Container, error: unknown) => {
    const name = syscallName(call.nr, call.abi);
    monitor.undecoded(container, name);
    if (options.verbose) say(`${name}: ${error}`);
  };
  const show = (call: CallEvent, container: Container, facts?: EventFacts) => {
    const isOver = facts?.inFlight === undefined;
    // One that is not over is told of again when it is.
    if (!(isOver ? gate.mayHave(container) : gate.has(container))) return;
    try {
      event.show(call, container);
      if (gate.passes(isOver)) put(event, facts);
    } catch (error) {
      undecoded(call, container, error);
    }
  };
  const showLate = (event: Event) => {
    try {
      put(event);
    } catch (error) {
      undecoded(event.call, event.container, error);
    }
  };
  /** @returns how many records there were. */
  const drain = async () => {
    let all = 0;
    for (let round = 0; round < ROUNDS; round++) {
      gate.release(showLate);
      const taken = monitor.drain(show, DRAINED_AT_ONCE);
      all += taken;
      lines.flush();
      if (processes !== undefined) {
        const told = plugins.records(processes.take());
        for (const sink of sinks) sink.records(told);
      }
      if (taken < DRAINED_AT_ONCE) break;
      await (outlet.ready?.() ?? new Promise((resolve) => setImmediate(resolve)));
    }
    return all;
  };
  const unfinished = options.inFlight ? new Unfinished(monitor, specs.keys()) : undefined;
  const tick = () => {
    const read = monitor.tick();
    const unheard = gate.takeLosses(read.time);
    const all = { ...read, losses: [...read.losses, ...unheard] };
    const { losses, ...rest } = plugins.tick(selection.apply(all));
    containers.met += rest.tallies.length;
    containers.others = rest.unselected ?? 0;
    totals.lost += losses.filter(({ plugin }) => plugin === undefined)
      .reduce((all, { count }) => all + count, 0);
    if (records === undefined) { for (const loss of losses) say(lossText(loss)); }
    for (const sink of sinks) sink.write({ ...rest, losses, tallies: [] });
    unfinished?.tell(show);
    lines.flush();
  };
  tell("started");
  await monitor.metadataSettled(60);
  monitor.want(specs, (container) => gate.has(container));
  stop.endAfter(options.duration);
  // Containers are told of before their events.
  tick();
  let ticked = performance.now();
  while (!stop.isRequested) {
    const taken = await drain();
    if (performance.now() - ticked >= TICK) {
      ticked += TICK;
      tick();
    }
    const left = Math.max(0, ticked + TICK - performance.now());
    if (taken === 0) await stop.until(monitor.eventReady(left));
    else await stop.wait(taken < MANY ? PAUSE : 0);
  }
  await lastNames(monitor, gate);
  // What the ring holds, and no more: a container that goes on calling would go on for ever.
  for (let i = 0; i < LAST_DRAINS && await drain() >= ROUNDS * DRAINED_AT_ONCE;) i++;
  tick();
  tell("stopped");
  await outputs.close();
  if (outputs.isReaderGone) say("stdout was closed by its reader.");
  const unmet = containers.met > 0 || containers.others === 0
    ? ""
    : `: no container was one that was asked for; ${containers.others} other${
      containers.others === 1 ? " runs" : "s run"
    }, see ` +
      "`monitor.ts containers`";
  say(
    `${totals.shown} event${totals.shown === 1 ? "" : "s"}${
      totals.lost > 0 ? `, ${totals.lost} lost` : ""
    }${unmet}`,
  );
}

/** The names that a list of names, globs and groups selects. */
export function selectCalls(list: readonly string[]): string[] {
  if (list.length === 0) {
    throw new Failure(
      ExitCode.usage,
      "Name the calls to show: --syscall openat,execve or --syscall %network.",
    );
  }
  const globs = list.flatMap((part): readonly string[] => {
    const not = part.startsWith("!") ? "!" : "";
    const name = part.slice(not.length);
    if (!name.startsWith("%")) return [part];
    const group = groupCalls(name);
    if (group !== undefined) return group.map((call) => not + call);
    throw new Failure(
      ExitCode.usage,
      `There is no group ${printable(name)}: there are ${groupNames.join(", ")}.`,
    );
  });
  const known = syscallNames();
  for (const glob of globs) {
    const name = glob.replace(/^!/, "");
    const isAPattern = isPattern(name);
    if (isAPattern ? known.some((each) => globToRegExp(name).test(each)) : known.includes(name)) {
      continue;
    }
    const [closest] = isAPattern ? suggestPatterns(name) : suggestNames(name);
    throw new Failure(
      ExitCode.usage,
      `There is no system call ${printable(name)}.` +
        (closest === undefined ? "" : ` Did you mean ${closest}?`),
    );
  }
  const patterns = new Patterns(globs);
  const calls = known.filter((name) => patterns.select([name]));
  if (calls.length > 0) return calls;
  throw new Failure(
    ExitCode.usage,
    `--syscall ${printable(list.join(","))} leaves no system call.`,
  );
}

function lossText({ container, reason, syscall, plugin, count }: ContainerLoss): string {
  const of = syscall === undefined ? "events" : `events of ${syscall}`;
  const what = plugin === undefined ? `lost: ${reason}` : `left out by ${plugin}`;
  return `${printable(displayName(container))}: ${count} ${of} ${what}`;
}
