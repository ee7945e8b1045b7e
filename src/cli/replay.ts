/**
 * `monitor.ts replay`: a recording, looked at as if it were now. Needs no root, no kernel and no libbpf.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { Selection } from "../engine/mod.ts";
import { PluginsSink } from "../engine/plugins/mod.ts";
import { RecordedFile, Replay } from "../engine/recording/mod.ts";
import { LiveRules } from "../engine/rules/mod.ts";
import { RecordingError, Torn } from "../events/recording/mod.ts";
import { JsonlSink, type Outlet, printable } from "../sinks/mod.ts";
import { DEFAULT_LINGER, DEFAULT_QUEUE } from "./defaults.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import { FixtureWriter, openFixture } from "./fixture.ts";
import { openPlugins } from "./plugins/open.ts";
import { liveRulesAtWork } from "./rules/at_work.ts";
import { refuseIsolated } from "./rules/in_process.ts";
import { activeRules, openRules, openSettings } from "./rules/settings.ts";
import type { Settings } from "../engine/config/mod.ts";
import { Stop } from "./stop.ts";
import { openSink, type WatchOptions } from "./watch.ts";

/** The command's options, as parsed. */
export interface ReplayOptions extends
  Pick<
    WatchOptions,
    | "rules"
    | "noDefaultRules"
    | "ruleOn"
    | "ruleOff"
    | "plugins"
    | "showNoise"
    | "config"
    | "ruleTimeout"
    | "jsonl"
    | "containers"
    | "syscalls"
    | "top"
  > {
  readonly file: string;
  readonly asFixture: boolean;
  readonly first: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** "1": as fast as it was recorded. */
  readonly speed: "1" | "max";
}

/** ms between two looks whether a plugin's sink has room again. */
const PAUSE = 5;

/** Nothing is lost by waiting here: what was recorded can be read later. */
async function room(outlet: Outlet | undefined, stop: Stop): Promise<void> {
  while (outlet?.accepts("event") === false && !stop.isRequested) await stop.wait(PAUSE);
}

/** Time passes as it did when the recording was made, or not at all. */
class Pace {
  #began: { readonly recorded: bigint; readonly now: number } | undefined;

  constructor(readonly speed: ReplayOptions["speed"], readonly stop: Stop) {}

  /** Waits until it is time for what happened then. */
  async until(time: bigint): Promise<void> {
    // Others get their turn: a signal is to be heard.
    if (this.speed === "max") return await this.stop.wait(0);
    this.#began ??= { recorded: time, now: performance.now() };
    const { recorded, now } = this.#began;
    await this.stop.wait(now + Number(time - recorded) / 1e6 - performance.now());
  }
}

/** Replays until the recording is over, or a signal comes. */
export async function replay(options: ReplayOptions): Promise<void> {
  const settings = await openSettings(options);
  refuseIsolated(settings);
  using file = new RecordedFile(options.file);
  const told = (error: RecordingError) => `${printable(options.file)}: ${error.message}`;
  try {
    const replay = new Replay(file);
    const end =
      await (options.asFixture ? write(replay, options) : play(replay, settings, options));
    if (end instanceof Torn) {
      say(`${told(end)}: the recorder was stopped while it wrote; all before that was replayed`);
    } else if (end === "stopped before its end") {
      say(`${printable(options.file)}: the recorder was stopped; all that it wrote was replayed`);
    }
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new Failure(ExitCode.failed, told(error), { cause: error });
  }
}

/** @returns how the recording ends. */
async function play(
  replay: Replay,
  settings: Settings,
  options: ReplayOptions,
): Promise<Torn | "whole" | "stopped before its end" | "not all"> {
  using stop = new Stop();
  await using plugins = await openPlugins(settings);
  await plugins.start();
  const others = plugins.openSinks(DEFAULT_QUEUE);
  using sink = new PluginsSink(plugins, [
    openSink({ ...options, linger: DEFAULT_LINGER }),
    ...(others === undefined ? [] : [new JsonlSink(others)]),
  ]);
  const keeps = (container: Container) => plugins.keeps(container);
  const selection = new Selection(options.containers, options.syscalls, keeps);
  const pace = new Pace(options.speed, stop);
  let rules: LiveRules | undefined;
  let hasBegun = false;
  const step = async () => {
    if (replay.isAtTick) {
      const tick = replay.tick();
      if (tick === undefined) return;
      await pace.until(tick.time);
      rules?.tick(plugins.kept(tick));
      sink.write(selection.apply(tick));
      await room(others, stop);
      // As live: rules begin behind the first tick.
      if (!hasBegun && settings.hasRules) {
        const atWork = liveRulesAtWork(options.containers, sink, settings, plugins);
        rules = new LiveRules(replay, activeRules(await openRules(settings)), atWork);
      }
      hasBegun = true;
    } else if (rules === undefined) replay.drain(() => {});
    else rules.drain();
  };
  // The recorder's: it is its run that is told again.
  const { writer, header: { began } } = replay;
  sink.status?.({ state: "started", time: began, writer });
  const end = await readAll(replay, stop, step);
  rules?.end();
  sink.end();
  const { stopped } = replay;
  if (stopped !== undefined) sink.status?.({ state: "stopped", time: stopped, writer });
  tellMissing(options.file, "calls that were not recorded", replay.missing);
  tellMissing(options.file, "calls of which only some were recorded", replay.partial);
  return end;
}

function tellMissing(file: string, what: string, calls: readonly string[]): void {
  // 32-bit code's calls go with the others.
  const names = calls.filter((name) => !name.includes(":"));
  if (names.length > 0) say(`${printable(file)}: rules look at ${what}: ${names.join(", ")}`);
}

/** Writes a stretch as a fixture. */
async function write(replay: Replay, options: ReplayOptions) {
  using stop = new Stop();
  const writer = new FixtureWriter(replay, await openFixture(), options);
  const end = await readAll(replay, stop, () => Promise.resolve(writer.step(replay)));
  writer.end();
  return end;
}

async function readAll(replay: Replay, stop: Stop, step: () => Promise<void>) {
  try {
    while (!stop.isRequested && replay.read()) {
      while (replay.isPending && !stop.isRequested) await step();
    }
  } catch (error) {
    if (error instanceof Torn) return error;
    throw error;
  }
  if (stop.isRequested) return "not all";
  return replay.isEnded ? "whole" : "stopped before its end";
}
