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
  #version = 0;

  /** @param asks How often /proc may be asked in a round. */
  constructor(asks: number) {
    this.#asks = asks;
    this.#left = asks;
  }

  /** The number of this round. */
  get now(): number {
    return this.#now;
  }

  /**
   * Another number whenever something may be known of processes that was not before: what was said of one until then
   * is true as long as this stays the same. Where a process is may be asked for once more in a round, of that one.
   */
  get version(): number {
    return this.#version;
  }

  /** Something has come to be known of a process. */
  changed(): void {
    this.#version++;
  }

  /** Begins another. */
  next(): void {
    this.#now++;
    this.#left = this.#asks;
    this.changed();
  }

  /** Whether /proc may be asked once more. */
  ask(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
