/**
 * How many alerts there may be, and how many were held back.
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

/**
 * So many in a window of time, by key. A key's window begins with its first alert. What was held back is told once:
 * with the key's next alert, or when its window has ended.
 */
export class Limiter<Key> {
  readonly #burst: number;
  readonly #milliseconds: number;
  /** Whose window began first is first. */
  readonly #windows = new Map<Key, Window>();
  readonly #most: number;
  /** Held back by windows for which there was no room any more. */
  #forgotten = 0;

  /** @param most Keys that are kept: of more, those whose window began first are forgotten, and begin anew. */
  constructor(burst: number, milliseconds: number, most = 1024) {
    this.#burst = burst;
    this.#milliseconds = milliseconds;
    this.#most = most;
  }

  /** How many keys are kept. */
  get size(): number {
    return this.#windows.size;
  }

  /** @param now ms of any clock; where it goes back a little, as between two CPUs, windows are a little longer. */
  take(key: Key, now: number): Verdict {
    let window = this.#windows.get(key);
    if (window === undefined || now - window.since >= this.#milliseconds) {
      window = this.#begin(key, now, window?.suppressed ?? 0);
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

  /** Counts alerts that somebody else has held back. */
  hold(key: Key, count: number, now: number): void {
    let window = this.#windows.get(key);
    if (window === undefined || now - window.since >= this.#milliseconds) {
      window = this.#begin(key, now, window?.suppressed ?? 0);
    }
    window.suppressed += count;
  }

  #begin(key: Key, since: number, suppressed: number): Window {
    const window = { since, passed: 0, suppressed };
    this.#windows.delete(key);
    this.#windows.set(key, window);
    if (this.#windows.size > this.#most) {
      const [oldest] = this.#windows.keys();
      this.#forgotten += this.#windows.get(oldest as Key)?.suppressed ?? 0;
      this.#windows.delete(oldest as Key);
    }
    return window;
  }

  /**
   * Forgets windows that are over.
   *
   * @returns how many they had held back, and nobody has told of.
   */
  expire(now: number): number {
    let held = this.#forgotten;
    this.#forgotten = 0;
    for (const [key, { since, suppressed }] of this.#windows) {
      if (now - since < this.#milliseconds) break;
      this.#windows.delete(key);
      held += suppressed;
    }
    return held;
  }

  /** Forgets all, and says likewise how many had been held back. */
  end(): number {
    return this.expire(Infinity);
  }
}
