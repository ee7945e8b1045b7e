/**
 * How long to wait before something is started again.
 *
 * @module
 */

const FIRST = 100;
const LONGEST = 10_000;

/** What has run so long was well: the next wait is the first again. */
const WELL = 60_000;

/** Waits that double. All times are ms. */
export class Backoff {
  #next = FIRST;

  /** @param ran How long it has run until it ended. */
  wait(ran: number): number {
    if (ran >= WELL) this.#next = FIRST;
    const wait = this.#next;
    this.#next = Math.min(2 * wait, LONGEST);
    return wait;
  }
}
