/**
 * When to end: Ctrl-C, SIGTERM, or a given time.
 *
 * @module
 */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Waits that a signal or the end of a run's time cuts short. */
export class Stop implements Disposable {
  readonly #stopped = Promise.withResolvers<void>();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #isRequested = false;
  readonly #onSignal = () => this.request();

  /** @param duration ms after which to stop; undefined: never by itself. */
  constructor(duration?: number) {
    for (const signal of signals) Deno.addSignalListener(signal, this.#onSignal);
    if (duration !== undefined) this.#timer = setTimeout(this.#onSignal, duration);
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** Stops now. */
  request(): void {
    this.#isRequested = true;
    this.#stopped.resolve();
  }

  /** Waits for some ms, or until it is time to stop. */
  async wait(milliseconds: number): Promise<void> {
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(over.resolve, Math.max(0, milliseconds));
    await Promise.race([over.promise, this.#stopped.promise]);
    clearTimeout(timer);
  }

  [Symbol.dispose](): void {
    for (const signal of signals) Deno.removeSignalListener(signal, this.#onSignal);
    clearTimeout(this.#timer);
  }
}
