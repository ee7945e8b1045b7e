/**
 * What `watch` does again and again: it counts, and has rules look at events.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { IsolatedRules } from "../engine/isolate/mod.ts";
import type { Monitor, Selection } from "../engine/mod.ts";
import type { PluginSet, PluginsSink } from "../engine/plugins/mod.ts";
import type { LiveRules, RestingHeap } from "../engine/rules/mod.ts";
import { sum } from "../sinks/mod.ts";
import { drainUntil, lastNames } from "./pace.ts";
import type { ProcessRecords } from "./process_records.ts";
import type { Stop } from "./stop.ts";

/** Records between two ticks that are as good as none: who wrote them can wait for some 50 ms. */
const FEW = 100;

/** Rules at work, wherever they run. */
export type RunningRules = LiveRules | IsolatedRules;

/** Who takes part in a run. */
export interface WatchParts {
  readonly monitor: Monitor;
  readonly sink: PluginsSink;
  readonly plugins: PluginSet;
  readonly processes: ProcessRecords | undefined;
  readonly selection: Selection;
}

/** When it is done. */
export interface WatchPace {
  /** ms between ticks. */
  readonly interval: number;
  /** ms, when the run began: ticks do not drift. */
  readonly start: number;
  /** Is collected when little happens. */
  readonly heap: RestingHeap | undefined;
}

/** A run. */
export class WatchRun {
  readonly #parts: WatchParts;
  /** Undefined: none, or none yet. */
  rules: RunningRules | undefined;
  #calls = 0;
  readonly #containers = new Set<Container>();
  #heard = 0;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  readonly #drain = (): number => {
    const { monitor, sink, processes } = this.#parts;
    const taken = this.rules?.drain() ?? (processes === undefined ? 0 : monitor.drain(() => {}));
    if (processes !== undefined) sink.records(processes.take());
    this.#heard += taken;
    return taken;
  };

  /** Reads the counts; rules hear of them, and they are shown. */
  tick(): void {
    const { monitor, sink, plugins, selection } = this.#parts;
    const read = monitor.tick();
    const losses = this.rules?.takeLosses() ?? [];
    const tick = losses.length === 0 ? read : { ...read, losses: [...read.losses, ...losses] };
    for (const { container, new: calls } of tick.tallies) {
      if (calls.size > 0) this.#containers.add(container);
      this.#calls += sum(calls);
    }
    this.rules?.tick(plugins.kept(tick));
    sink.write(selection.apply(tick));
  }

  /** Goes on until it is time to stop, and tells the rest. */
  async until(stop: Stop, { interval, start, heap }: WatchPace): Promise<void> {
    const { monitor, sink, processes } = this.#parts;
    while (!stop.isRequested) {
      // Counted from the start: those that were slept through are left out.
      const next = performance.now() + interval - (performance.now() - start) % interval;
      if (this.rules === undefined && processes === undefined) {
        await stop.wait(next - performance.now());
      } else {
        await drainUntil(next, monitor, this.#drain, stop);
      }
      if (!stop.isRequested) this.tick();
      if (this.#heard < FEW) heap?.rest(performance.now());
      this.#heard = 0;
    }
    await lastNames(monitor, this.rules);
    this.#drain();
    this.tick();
    await this.rules?.end();
    sink.end();
  }

  /** `1234 calls in 2 containers`. */
  get counted(): string {
    return `${this.#calls} calls in ${this.#containers.size} containers`;
  }
}
