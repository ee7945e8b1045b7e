/**
 * What a container has called: in all, and since the last tick.
 *
 * @module
 */

import type { Counts } from "../sinks/mod.ts";

/** Exact counts of one container. */
export class Tally {
  readonly #total = new Map<string, number>();
  #new = new Map<string, number>();

  /** Counts calls that were made since the last tick. */
  add(syscall: string, calls: number): void {
    this.#new.set(syscall, (this.#new.get(syscall) ?? 0) + calls);
    this.#total.set(syscall, (this.#total.get(syscall) ?? 0) + calls);
  }

  /** Ends a tick: what was new is handed over, and the next tick begins with nothing. */
  take(): Counts {
    const taken = this.#new;
    if (taken.size > 0) this.#new = new Map();
    return taken;
  }

  /** Since the monitor began to see the container. */
  get total(): Counts {
    return this.#total;
  }
}
