/**
 * Which of a container's calls were made on a terminal.
 *
 * @module
 */
import type { Counts } from "../sinks/mod.ts";

/**
 * All calls are read before those on a terminal, and the kernel counts one on a terminal the other way around: so
 * what is new here may be ahead of what is new among all, by calls made between the two readings, and is never
 * behind. What is ahead waits for the tick that has it among all: no tick tells of more calls on a terminal than of
 * calls.
 */
export class TerminalShare {
  readonly #total = new Map<string, number>();
  readonly #ahead = new Map<string, number>();

  /** Counts calls that were found on a terminal since the last tick. */
  add(syscall: string, calls: number): void {
    this.#ahead.set(syscall, (this.#ahead.get(syscall) ?? 0) + calls);
  }

  /**
   * Ends a tick: hands over what was new.
   *
   * @param all All calls that were new in this tick.
   */
  take(all: Counts): Counts {
    const taken = new Map<string, number>();
    for (const [syscall, ahead] of this.#ahead) {
      const calls = Math.min(ahead, all.get(syscall) ?? 0);
      if (calls === 0) continue;
      taken.set(syscall, calls);
      this.#total.set(syscall, (this.#total.get(syscall) ?? 0) + calls);
      if (calls === ahead) this.#ahead.delete(syscall);
      else this.#ahead.set(syscall, ahead - calls);
    }
    return taken;
  }

  /** Since the monitor began to see the container. */
  get total(): Counts {
    return this.#total;
  }
}
