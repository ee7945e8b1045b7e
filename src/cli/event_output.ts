/**
 * Events on their way out: lines for people, or records, and records for the sinks of plugins.
 *
 * @module
 */
import type { Event } from "../events/decoded/mod.ts";
import {
  type EventChanges,
  type EventFacts,
  JsonlEvents,
  TextEvents,
} from "../sinks/events/mod.ts";
import { Batch, type Outlet, single } from "../sinks/mod.ts";
import type { Outputs } from "./output.ts";

/** Writes events. */
export class EventOutput {
  readonly #outlet: Outlet;
  readonly #lines: Batch;
  readonly #format: TextEvents | JsonlEvents;
  readonly #changes: EventChanges | undefined;
  readonly #plugins: Outlet | undefined;
  readonly #recorded: JsonlEvents | undefined;
  #written = 0;

  /**
   * @param plugins The sinks of plugins; undefined: there are none.
   * @param changes What plugins make of events.
   */
  constructor(
    { records, text }: Outputs,
    plugins: Outlet | undefined,
    changes: EventChanges | undefined,
  ) {
    this.#outlet = records ?? text;
    this.#lines = new Batch(this.#outlet, "event");
    this.#format = records === undefined
      ? new TextEvents(changes?.rewrites)
      : new JsonlEvents(changes);
    this.#changes = changes;
    this.#plugins = plugins;
    this.#recorded = plugins === undefined ? undefined : new JsonlEvents(changes ?? {});
  }

  /** Lines that were written. */
  get written(): number {
    return this.#written;
  }

  /** Writes an event. What can't be decoded of it throws, and nothing is written. */
  put(event: Event, facts?: EventFacts): void {
    // As they are told of, should they be dropped.
    const owner = this.#changes?.rewrites?.container(event.container) ?? event.container;
    const plugins = this.#plugins;
    if (plugins?.accepts("event") === false) plugins.skip("event", owner);
    else if (plugins !== undefined && this.#recorded !== undefined) {
      const line = this.#recorded.line(event, { ...facts, isFollowed: true });
      plugins.put(single("event", line, owner));
    }
    if (!this.#outlet.accepts("event")) {
      // Nobody would see it: it is followed and counted, and no line is made of it.
      if (facts?.inFlight === undefined) event.follow();
      this.#outlet.skip("event", owner);
      return;
    }
    this.#lines.add((into) => this.#format.write(event, into, facts), owner);
    this.#written++;
  }

  /** Hands over what is gathered. */
  flush(): void {
    this.#lines.flush();
  }

  /** When it is worth while to write more: see {@linkcode Outlet.ready}; after others had their turn at least. */
  ready(): Promise<unknown> {
    return this.#outlet.ready?.() ?? new Promise((resolve) => setImmediate(resolve));
  }
}
