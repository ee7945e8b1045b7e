/** So many in a window of time, by key. */

interface Window {
  /** Nanoseconds since 1970 at which it began. */
  readonly since: bigint;
  count: number;
}

/** Keys that are kept: of more, those whose window began first are forgotten, and begin anew. */
const MOST = 4096;

/** Counts what happens. A key's window begins with the first of it. */
export class Counter {
  readonly #windows = new Map<string, Window>();
  readonly #length: bigint;

  /** @param milliseconds How long a window is. */
  constructor(milliseconds: number) {
    this.#length = BigInt(Math.round(milliseconds * 1e6));
  }

  /** @returns how many there were in this window, this one counted. */
  add(key: string, time: bigint): number {
    const count = this.count(key, time) + 1;
    const window = this.#windows.get(key);
    if (window !== undefined && count > 1) window.count = count;
    else this.#begin(key, time);
    return count;
  }

  /** How many there were in this window. */
  count(key: string, time: bigint): number {
    const window = this.#windows.get(key);
    return window === undefined || time - window.since >= this.#length ? 0 : window.count;
  }

  #begin(key: string, since: bigint): void {
    this.#windows.delete(key);
    this.#windows.set(key, { since, count: 1 });
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > MOST && oldest !== undefined) this.#windows.delete(oldest);
  }
}
