/**
 * The plugins that run, in their order.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import {
  type Alert,
  Delivery,
  droppedLines,
  type Outlet,
  type Tick,
  toAll,
} from "../../sinks/mod.ts";
import type { EventChanges } from "../../sinks/events/mod.ts";
import type { RuleEvent } from "../rules/define.ts";
import { failureText } from "../rules/failure.ts";
import type { Verdict } from "../rules/event_filter.ts";
import { AlertHooks } from "./alerts.ts";
import type { PluginNeed } from "./define.ts";
import { ContainerFilters, EventFilters } from "./filters.ts";
import { Rewriter } from "./rewriter.ts";
import { type ActivePlugin, type Contain, type PluginProblem, Running } from "./running.ts";
import { checkedSink, targetOf } from "./sink_target.ts";
import { TallyHooks } from "./tallies.ts";

/** Where things go. */
export interface PluginSetOptions {
  readonly onProblem: (problem: PluginProblem) => void;
  /** ms that a hook may take; 1,000 by default. */
  readonly timeout?: number | undefined;
}

/** ms that what `start` and `stop` wait for may take. */
const START_WITHIN = 5000;
const STOP_WITHIN = 2000;

/** Plugins at work. */
export class PluginSet implements AsyncDisposable {
  readonly #plugins: readonly Running[];
  readonly #contain: Contain | undefined;
  readonly #timeout: number;
  readonly #started: Running[] = [];
  readonly #sinks: { readonly running: Running; readonly delivery: Delivery }[] = [];
  readonly containers: ContainerFilters;
  readonly events: EventFilters;
  readonly alerts: AlertHooks;
  readonly tallies: TallyHooks;
  readonly rewriter: Rewriter;

  private constructor(
    active: readonly ActivePlugin[],
    contain: Contain | undefined,
    { onProblem, timeout = 1000 }: PluginSetOptions,
  ) {
    this.#contain = contain;
    this.#timeout = timeout;
    this.#plugins = active.map((each) => new Running(each, { contain, timeout, onProblem }));
    this.containers = new ContainerFilters(this.#plugins);
    this.events = new EventFilters(this.#plugins, this.containers);
    this.alerts = new AlertHooks(this.#plugins);
    this.tallies = new TallyHooks(this.#plugins);
    this.rewriter = new Rewriter(this.#plugins);
  }

  /** Plugins, before any of their hooks has run. */
  static async open(
    active: readonly ActivePlugin[],
    options: PluginSetOptions,
  ): Promise<PluginSet> {
    if (active.every(isOurs)) return PluginSet.uncontained(active, options);
    const { Containment } = await import("./contain.ts");
    let set: PluginSet | undefined;
    const contain = new Containment((error, _, plugin) => set?.failedLater(error, plugin) ?? false);
    return set = new PluginSet(active, contain, options);
  }

  /** Plugins of which it is known that they return. */
  static uncontained(active: readonly ActivePlugin[], options: PluginSetOptions): PluginSet {
    return new PluginSet(active, undefined, options);
  }

  /** What the kernel must do for them. */
  get needs(): ReadonlySet<PluginNeed> {
    return new Set(this.#plugins.flatMap(({ plugin }) => plugin.needs ?? []));
  }

  /**
   * An error of code that nobody waits for; it is a plugin's if its stack says so.
   *
   * @param plugin Whose it is, if that is known.
   */
  failedLater(error: unknown, plugin?: string): boolean {
    const text = failureText(error);
    const running = this.#plugins.find(({ name }) => name === plugin) ??
      this.#plugins.find(({ active: { file } }) => file !== undefined && text.includes(file));
    running?.fail(error);
    return running !== undefined;
  }

  /** Calls their `start`, one after the other. */
  async start(): Promise<void> {
    for (const running of this.#plugins) {
      this.#started.push(running);
      const { start } = running.plugin;
      if (start === undefined) continue;
      const isReady = await running.wait((context) => start(context), START_WITHIN);
      if (!isReady) running.switchOff("did not start");
    }
  }

  /**
   * Opens the sinks of those that are one.
   *
   * @param limit Bytes that may wait for each of them.
   * @returns where records go to reach them; undefined: there are none.
   */
  openSinks(limit: number): Outlet | undefined {
    for (const running of this.#plugins) {
      const { sink: open } = running.plugin;
      if (open === undefined || running.isOff) continue;
      const say = (text: string) => running.tell(text);
      const sink = running.call(({ options }) => open(options, { tell: say }), checkedSink);
      if (sink === undefined) {
        running.switchOff("its sink did not open");
        continue;
      }
      const target = targetOf(running, sink);
      this.#sinks.push({
        running,
        delivery: new Delivery(target, { limit, say, dropped: droppedLines }),
      });
    }
    if (this.#sinks.length === 0) return undefined;
    return toAll(this.#sinks.map(({ delivery }) => delivery));
  }

  /** Whether a container is of interest to all. */
  keeps(container: Container): boolean {
    return this.containers.keeps(container);
  }

  /** A tick without what is not of interest. */
  kept(tick: Tick): Tick {
    if (this.containers.isEmpty) return tick;
    const isKept = ({ container }: { readonly container: Container }) => this.keeps(container);
    return {
      ...tick,
      changes: tick.changes.filter(isKept),
      tallies: tick.tallies.filter(isKept),
      losses: tick.losses.filter(isKept),
    };
  }

  /** Whether what happens to processes of a container is. */
  hears(container: Container, mayWait: boolean): Verdict {
    if (this.containers.isEmpty) return true;
    const ask = () => this.events.hears(container, mayWait);
    if (this.#contain === undefined) return ask();
    return this.#contain.run(ask, this.#timeout, (isBusy) => this.events.cut(isBusy)) ?? true;
  }

  /** Whether an event is of interest to all. */
  passes(syscall: string, event: RuleEvent, container: Container, mayWait: boolean): Verdict {
    if (this.events.isEmpty) return true;
    const ask = () => this.events.passes(syscall, event, container, mayWait);
    if (this.#contain === undefined) return ask();
    // Who did not return drops nothing.
    return this.#contain.run(ask, this.#timeout, (isBusy) => this.events.cut(isBusy)) ?? true;
  }

  /** Records that are not made of a tick or an event, as they leave. */
  records(records: readonly object[]): readonly object[] {
    const { rewriter } = this;
    return rewriter.isEmpty ? records : records.map((record) => rewriter.record(record));
  }

  /** What is made of events on their way out; undefined: nothing. */
  get eventChanges(): EventChanges | undefined {
    const { alerts, rewriter } = this;
    if (rewriter.isEmpty && !alerts.isEnriching) return undefined;
    return {
      rewrites: rewriter,
      ...(alerts.isEnriching && { fields: alerts.fields.bind(alerts) }),
    };
  }

  /** What becomes of an alert before it is told; undefined: it was held back. */
  alert(alert: Alert): Alert | undefined {
    const told = this.alerts.apply(alert);
    return told === undefined ? undefined : this.rewriter.alert(told);
  }

  /** A tick as it is to be shown and written. */
  tick(tick: Tick): Tick {
    const { rewriter } = this;
    const dropped = this.events.take();
    const hidden = this.tallies.apply(tick);
    const all = dropped.length === 0
      ? hidden
      : { ...hidden, losses: [...hidden.losses, ...dropped] };
    if (rewriter.isEmpty) return all;
    const plain = <T extends { readonly container: Container }>(each: T): T => ({
      ...each,
      container: rewriter.container(each.container),
    });
    return {
      ...all,
      changes: all.changes.map(plain),
      tallies: all.tallies.map(plain),
      losses: all.losses.map(plain),
    };
  }

  /** Alerts that tell of what was held back for long enough. */
  release(time: bigint): Alert[] {
    return this.alerts.release(time).map((alert) => this.rewriter.alert(alert));
  }

  /** Alerts that tell of all that is still held back. */
  end(): Alert[] {
    return this.alerts.end().map((alert) => this.rewriter.alert(alert));
  }

  /** Closes their sinks, and calls their `stop`, the last first. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#sinks.splice(0).map(async ({ running, delivery }) => {
        const left = await delivery.close();
        if (left !== undefined) running.tell(left);
      }),
    );
    for (const running of this.#started.splice(0).reverse()) {
      const { stop } = running.plugin;
      if (stop !== undefined) await running.wait((context) => stop(context), STOP_WITHIN);
    }
    this.#contain?.[Symbol.dispose]();
  }
}

/** Ships with the monitor, and nothing that it does depends on what anybody has set. */
function isOurs({ plugin, isShipped }: ActivePlugin): boolean {
  return isShipped === true && plugin.options === undefined;
}
