/**
 * What a container has called: in all, and since the last tick.
 *
 * @module
 */

import type { CallTimes } from "../kernel/mod.ts";
import type { Counts } from "../sinks/mod.ts";
import { Latency } from "./latency.ts";
import { TerminalShare } from "./terminal_share.ts";

/** Exact counts of one container. */
export class Tally {
  readonly #total = new Map<string, number>();
  #new = new Map<string, number>();
  readonly #durations = new Map<string, Latency>();
  readonly #errors = new Map<string, Map<number, number>>();
  /** Of all calls, those on a terminal; nothing unless they were asked for. */
  readonly onTerminal: TerminalShare = new TerminalShare();

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

  /** Takes in how long calls took. */
  addTimes(syscall: string, times: CallTimes): void {
    let latency = this.#durations.get(syscall);
    if (latency === undefined) this.#durations.set(syscall, latency = new Latency());
    latency.add(times);
  }

  /** Takes in calls that failed. */
  addErrors(syscall: string, errno: number, calls: number): void {
    let errors = this.#errors.get(syscall);
    if (errors === undefined) this.#errors.set(syscall, errors = new Map());
    errors.set(errno, (errors.get(errno) ?? 0) + calls);
  }

  /** Since the monitor began to see the container; empty unless times were asked for. */
  get durations(): ReadonlyMap<string, Latency> {
    return this.#durations;
  }

  /** By syscall and errno, likewise. */
  get errors(): ReadonlyMap<string, ReadonlyMap<number, number>> {
    return this.#errors;
  }

  /** Since the monitor began to see the container. */
  get total(): Counts {
    return this.#total;
  }
}
