/**
 * Which of the calls that the kernel sends are shown, as events, and when.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { type Monitor, SelectedContainers } from "../engine/mod.ts";
import type { PluginSet } from "../engine/plugins/mod.ts";
import { EventGate } from "../engine/waiting/mod.ts";
import { Event } from "../events/decoded/mod.ts";
import type { CallEvent } from "../events/mod.ts";
import type { EventFacts } from "../sinks/events/mod.ts";
import { syscallName } from "../syscalls/mod.ts";

/** What becomes of them. */
export interface ShownEventsOptions {
  /** Names and globs of containers. */
  readonly containers: readonly string[];
  readonly plugins: PluginSet;
  /** Shows one; it throws where it can't be decoded. */
  readonly show: (event: Event, facts?: EventFacts) => void;
  /** Hears of one that could not be decoded. */
  readonly onUndecoded: (syscall: string, error: unknown) => void;
}

/** Has events shown. */
export class ShownEvents {
  readonly #monitor: Monitor;
  readonly #options: ShownEventsOptions;
  readonly #event: Event;
  /** Lets pass those of containers that are asked for, or has them wait until that is known. */
  readonly gate: EventGate;

  constructor(monitor: Monitor, options: ShownEventsOptions) {
    this.#monitor = monitor;
    this.#options = options;
    this.#event = new Event(monitor.processes, monitor.bootTime);
    const selected = new SelectedContainers(options.containers);
    this.gate = new EventGate(this.#event, monitor, selected, options.plugins);
  }

  /** A call; one that is not over is told of again when it is. */
  readonly call = (call: CallEvent, container: Container, facts?: EventFacts): void => {
    const isOver = facts?.inFlight === undefined;
    if (!(isOver ? this.gate.mayHave(container) : this.gate.has(container))) return;
    try {
      this.#event.show(call, container);
      if (this.gate.passes(isOver)) this.#options.show(this.#event, facts);
    } catch (error) {
      this.#undecoded(call, container, error);
    }
  };

  readonly #late = (event: Event): void => {
    try {
      this.#options.show(event);
    } catch (error) {
      this.#undecoded(event.call, event.container, error);
    }
  };

  #undecoded(call: CallEvent, container: Container, error: unknown): void {
    const name = syscallName(call.nr, call.abi);
    this.#monitor.undecoded(container, name);
    this.#options.onUndecoded(name, error);
  }

  /**
   * Shows what has waited for long enough, and what has come.
   *
   * @param most Records that are taken.
   * @returns how many were.
   */
  drain(most: number): number {
    this.gate.release(this.#late);
    return this.#monitor.drain(this.call, most);
  }
}
