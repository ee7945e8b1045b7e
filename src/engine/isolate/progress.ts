/**
 * Waiting until something has gone on.
 *
 * @module
 */

/** Wakes up who waits. */
export class Progress {
  #waiting: (() => void)[] = [];

  /** Something has gone on. */
  made(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits for that, for so many ms at most. */
  async within(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
  }
}
