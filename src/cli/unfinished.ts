/**
 * `events --in-flight`: calls that have not returned.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { Monitor } from "../engine/mod.ts";
import type { CallEvent } from "../events/mod.ts";
import type { Call } from "../kernel/mod.ts";
import type { EventFacts } from "../sinks/events/mod.ts";

/** ns after which a call that has not returned is told of. */
const AFTER = 1_000_000_000n;

/** Tells once of each call that takes its time. Its end comes as an event like others, if it comes. */
export class Unfinished {
  readonly #monitor: Monitor;
  readonly #calls: ReadonlySet<string>;
  /** When those that have been told of began, by thread. */
  #told = new Map<number, bigint>();
  #isFirst = true;

  /** @param calls Of which to tell. */
  constructor(monitor: Monitor, calls: Iterable<Call>) {
    this.#monitor = monitor;
    this.#calls = new Set(Array.from(calls, keyOf));
  }

  /** Tells of those that have become old since the last time; at first of those that had begun before. */
  tell(show: (call: CallEvent, container: Container, facts: EventFacts) => void): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#monitor.blocked((call, container) => {
        if (this.#calls.has(keyOf(call))) show(call, container, { inFlight: { since: undefined } });
      });
    }
    const { bootNow } = this.#monitor;
    const told = new Map<number, bigint>();
    this.#monitor.inFlight((call, container) => {
      const since = bootNow - call.time;
      if (since < AFTER) return;
      told.set(call.tid, call.time);
      if (this.#told.get(call.tid) === call.time) return;
      show(call, container, { inFlight: { since: Number(since) } });
    });
    this.#told = told;
  }
}

function keyOf({ nr, abi }: Call): string {
  return `${abi} ${nr}`;
}
