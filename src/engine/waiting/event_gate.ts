/**
 * Which events are shown, where no rules look at them: those of the containers that were asked for, and that plugins
 * want.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Event } from "../../events/decoded/mod.ts";
import type { ContainerLoss } from "../../sinks/mod.ts";
import type { PluginSet } from "../plugins/mod.ts";
import { LiveEvent } from "../rules/live_event.ts";
import { PendingLosses } from "../rules/pending_losses.ts";
import type { ProcessFinder } from "../rules/process_change.ts";
import { SelectedEvents } from "../rules/selected.ts";
import type { SelectedContainers } from "../selection.ts";
import { WaitingEvents } from "./waiting_events.ts";

/** Lets events pass, or wait. A plugin's `filter.event` costs some 20 µs an event. */
export class EventGate {
  readonly #event: Event;
  readonly #view: LiveEvent;
  readonly #losses = new PendingLosses("name_pending");
  readonly #filter: SelectedEvents;
  readonly #waiting: WaitingEvents;
  readonly #lateView: LiveEvent;

  /** @param event Shows events, of these processes. */
  constructor(
    event: Event,
    { processes, bootTime }: { readonly processes: ProcessFinder; readonly bootTime: bigint },
    named: SelectedContainers,
    plugins: PluginSet,
  ) {
    this.#event = event;
    this.#view = new LiveEvent(event);
    const others = plugins.events.isEmpty ? undefined : plugins;
    this.#filter = new SelectedEvents(named, this.#losses, others);
    this.#waiting = new WaitingEvents(processes, bootTime);
    this.#lateView = new LiveEvent(this.#waiting.event);
  }

  /** Whether a container's events are wanted, as far as is known. */
  has(container: Container): boolean {
    return this.#filter.keeps(container);
  }

  /** Whether they may be. */
  mayHave(container: Container): boolean {
    return container.metadata.state === "pending" || this.has(container);
  }

  /**
   * Whether the event that is shown passes. One that does not has been followed, if its call is over.
   *
   * @param isOver Otherwise it is not kept.
   */
  passes(isOver: boolean): boolean {
    const event = this.#event;
    const { container } = event;
    const mayWait = isOver && this.#waiting.mayWait(container);
    const isBehind = mayWait && this.#waiting.holds(container);
    const verdict = isBehind ||
      this.#filter.passes(event.bareSyscall, this.#view, container, mayWait);
    if (isBehind || verdict === "not yet") this.#waiting.add(event, undefined);
    else if (verdict === false && isOver) event.follow();
    return !isBehind && verdict === true;
  }

  /** Hands over the events that need wait no longer, in their order. Each is valid until its handler returns. */
  release(show: (event: Event) => void): void {
    if (this.#waiting.isEmpty) return;
    const { event } = this.#waiting;
    for (const { batch } of this.#waiting.ready()) {
      for (let i = 0; i < batch.size; i++) {
        const { container } = batch.show(i);
        if (this.#filter.passes(event.bareSyscall, this.#lateView, container, false) === true) {
          show(event);
        }
      }
    }
  }

  /** Events wait for more to be known of their containers. */
  get isWaiting(): boolean {
    return !this.#waiting.isEmpty;
  }

  /** It is the end: what waits, and what is still to come, is decided by what is known. */
  waitNoLonger(): void {
    this.#waiting.end();
  }

  /**
   * Events that could not wait since this was asked last, and that were asked for as is known now.
   *
   * @param time Nanoseconds since 1970, UTC: now.
   */
  takeLosses(time: bigint): ContainerLoss[] {
    this.#waiting.hurry(time);
    return this.#losses.take();
  }
}
