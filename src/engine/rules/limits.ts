/**
 * How many alerts there may be, and what was held back.
 *
 * @module
 */

/** What becomes of an alert. */
export type Verdict =
  /** @property suppressed How many were held back since the last that passed. */
  | { readonly passes: true; readonly suppressed: number }
  | { readonly passes: false };

interface Window {
  /** ms of the clock at which it began. */
  readonly since: number;
  passed: number;
  suppressed: number;
}

/** Held back, and not told with a later alert. */
export interface Suppressed<Key> {
  readonly key: Key;
  readonly count: number;
}

/** So many in a window of time, by key. A key's window begins with its first alert. */
export class Limiter<Key> {
  readonly #burst: number;
  readonly #milliseconds: number;
  /** Who was asked for longest ago is first. */
  readonly #windows = new Map<Key, Window>();
  readonly #most: number;

  /** @param most Keys that are kept: those that were met longest ago are told of, and forgotten. */
  constructor(burst: number, milliseconds: number, most = 4096) {
    this.#burst = burst;
    this.#milliseconds = milliseconds;
    this.#most = most;
  }

  /** @param now ms of any clock that doesn't go back. */
  take(key: Key, now: number): Verdict {
    let window = this.#windows.get(key);
    if (window === undefined || now - window.since >= this.#milliseconds) {
      const suppressed = window?.suppressed ?? 0;
      this.#windows.delete(key);
      window = { since: now, passed: 0, suppressed };
      this.#windows.set(key, window);
    }
    if (window.passed < this.#burst) {
      const { suppressed } = window;
      window.passed++;
      window.suppressed = 0;
      return { passes: true, suppressed };
    }
    window.suppressed++;
    return { passes: false };
  }

  /** Windows that are over, or that there is no room for, with what they held back: told once, here. */
  *expire(now: number): Generator<Suppressed<Key>> {
    for (const [key, { since, suppressed }] of this.#windows) {
      const isOver = now - since >= this.#milliseconds;
      if (!isOver && this.#windows.size <= this.#most) break;
      this.#windows.delete(key);
      if (suppressed > 0) yield { key, count: suppressed };
    }
  }

  /** All that was held back and not told: at the end. */
  *end(): Generator<Suppressed<Key>> {
    for (const [key, { suppressed }] of this.#windows) {
      if (suppressed > 0) yield { key, count: suppressed };
    }
    this.#windows.clear();
  }
}
