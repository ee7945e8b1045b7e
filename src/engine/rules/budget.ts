/**
 * How many alerts there may be in all, whoever raises them.
 *
 * @module
 */

/**
 * So many in a window of time, of all together. Who has had less than a fair share of it, or fewer than are always
 * granted, is never held back, however much others have used: one that floods holds back itself alone.
 *
 * So there can be more than `most`: twice as many, and what is granted to each.
 */
export class Budget<Holder> {
  readonly #most: number;
  readonly #milliseconds: number;
  readonly #granted: number;
  readonly #used = new Map<Holder, number>();
  #inAll = 0;
  #since = -Infinity;

  /** @param granted What each may use in any case. */
  constructor(most: number, milliseconds: number, granted: number) {
    this.#most = most;
    this.#milliseconds = milliseconds;
    this.#granted = granted;
  }

  /** @returns whether there may be another one. */
  take(holder: Holder, now: number): boolean {
    if (now - this.#since >= this.#milliseconds) {
      this.#since = now;
      this.#inAll = 0;
      this.#used.clear();
    }
    const used = this.#used.get(holder) ?? 0;
    this.#used.set(holder, used);
    const share = Math.max(this.#granted, this.#most / this.#used.size);
    if (this.#inAll >= this.#most && used >= share) return false;
    this.#used.set(holder, used + 1);
    this.#inAll++;
    return true;
  }
}
