/**
 * When to end: Ctrl-C, SIGTERM, or a given time.
 *
 * @module
 */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Why a run ends; `closed`: nobody reads what it writes. */
export type StopReason = typeof signals[number] | "duration" | "closed";

/** Waits that a signal or the end of a run's time cuts short. */
export class Stop implements Disposable {
  readonly #stopped = Promise.withResolvers<StopReason>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #handlers = signals.map((signal) => ({ signal, handle: () => this.#handle(signal) }));
  #isRequested = false;
  #hangup: (() => void) | undefined;
  readonly #hasTerminal = Deno.stdin.isTerminal();
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
    if (duration !== undefined) this.#timer = setTimeout(() => this.end("duration"), duration);
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  /** When it is time to stop. */
  get requested(): Promise<StopReason> {
    return this.#stopped.promise;
  }

  /** From now on SIGHUP does this and ends nothing, unless it says that the terminal has gone away. */
  onHangup(handle: () => void): void {
    this.#hangup = handle;
  }

  #handle(signal: typeof signals[number]): void {
    const isTerminalGone = this.#hasTerminal && !Deno.stdin.isTerminal();
    if (signal === "SIGHUP" && this.#hangup !== undefined && !isTerminalGone) this.#hangup();
    else this.end(signal);
  }

  /** It is time to stop. */
  end(reason: StopReason): void {
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

  /** Waits for something, or until it is time to stop: what is waited for may go on then. */
  async until(something: Promise<void>): Promise<void> {
    if (this.#isRequested) return;
    const over = Promise.withResolvers<void>();
    this.#wake = over.resolve;
    something.then(over.resolve, over.reject);
    await over.promise;
  }

  [Symbol.dispose](): void {
    for (const { signal, handle } of this.#handlers) Deno.removeSignalListener(signal, handle);
    clearTimeout(this.#timer);
  }
}
