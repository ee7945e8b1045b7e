/**
 * What /proc says of things that change unseen is believed for one round: from one draining of the ring to the
 * next. How much may be asked in a round is limited, so that asking never holds up what comes.
 *
 * @module
 */

/** Rounds, one after the other. */
export class Rounds {
  readonly #asks: number;
  #now = 0;
  #left: number;

  /** @param asks How often /proc may be asked in a round. */
  constructor(asks: number) {
    this.#asks = asks;
    this.#left = asks;
  }

  /** The number of this round. */
  get now(): number {
    return this.#now;
  }

  /** Begins another. */
  next(): void {
    this.#now++;
    this.#left = this.#asks;
  }

  /** Whether /proc may be asked once more. */
  ask(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
