/**
 * When to end: Ctrl-C, SIGTERM, or a given time.
 *
 * @module
 */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Why a run ends. */
export type StopReason = typeof signals[number] | "duration";

/** Waits that a signal or the end of a run's time cuts short. */
export class Stop implements Disposable {
  readonly #stopped = Promise.withResolvers<StopReason>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #handlers = signals.map((signal) => ({ signal, handle: () => this.#request(signal) }));
  #isRequested = false;
  /** Ends the wait that there is. */
  #wake = () => {};

  constructor() {
    for (const { signal, handle } of this.#handlers) Deno.addSignalListener(signal, handle);
  }

  /**
   * Begins the run's time. Not with the constructor: signals count from the start, but what loading takes is
   * no part of the time that was asked for.
   *
   * @param duration ms after which to stop; undefined: never by itself.
   */
  endAfter(duration: number | undefined): void {
    if (duration !== undefined) this.#timer = setTimeout(() => this.#request("duration"), duration);
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** When it is time to stop. */
  get requested(): Promise<StopReason> {
    return this.#stopped.promise;
  }

  #request(reason: StopReason): void {
    this.#isRequested = true;
    this.#stopped.resolve(reason);
    this.#wake();
  }

  /** Waits for some ms, or until it is time to stop. */
  async wait(milliseconds: number): Promise<void> {
    if (this.#isRequested) return;
    // Not by Promise.race: it would leave something behind in the promise of the stop, wait by wait.
    const over = Promise.withResolvers<void>();
    this.#wake = over.resolve;
    const timer = setTimeout(over.resolve, Math.max(0, milliseconds));
    await over.promise;
    clearTimeout(timer);
  }

  [Symbol.dispose](): void {
    for (const { signal, handle } of this.#handlers) Deno.removeSignalListener(signal, handle);
    clearTimeout(this.#timer);
  }
}
