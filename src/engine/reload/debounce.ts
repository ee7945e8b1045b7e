/**
 * Many things that happen at about the same time, as one.
 *
 * @module
 */

/** What tells the time, and wakes. */
export interface Clock {
  /** ms of any beginning. */
  now(): number;
  /** Calls in so many ms; what it returns prevents that. */
  after(milliseconds: number, call: () => void): () => void;
}

/** The machine's. */
const machineClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Calls when there was quiet for a while after something has happened, or when that has gone on for long. */
export class Debounce implements Disposable {
  readonly #call: () => void;
  readonly #quiet: number;
  readonly #longest: number;
  readonly #clock: Clock;
  #since: number | undefined;
  #cancel = () => {};

  /**
   * @param quiet ms without anything.
   * @param longest ms after the first thing at which it calls in any case.
   */
  constructor(call: () => void, quiet: number, longest: number, clock: Clock = machineClock) {
    this.#call = call;
    this.#quiet = quiet;
    this.#longest = longest;
    this.#clock = clock;
  }

  /**
   * Something has happened.
   *
   * @param quiet ms to wait in place of the usual.
   */
  happened(quiet: number = this.#quiet): void {
    const now = this.#clock.now();
    this.#since ??= now;
    this.#cancel();
    const left = Math.max(0, this.#since + Math.max(this.#longest, quiet) - now);
    this.#cancel = this.#clock.after(Math.min(quiet, left), () => {
      this.#since = undefined;
      this.#call();
    });
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#since = undefined;
  }
}
