/**
 * When a batch of rules' code has had its time.
 *
 * @module
 */

/** So many are done before the clock is looked at again, if those before took less than so many ms. */
const STRIDE = 32;
const QUICK = 1;

/** Looking costs more than most rules: where what is looked at goes by quickly it is done once in so many. */
export class BatchClock {
  #end = 0;
  /** When the clock was looked at, and how many later it is again. */
  #checkedAt = 0;
  #stride = 1;
  #unchecked = 1;

  /**
   * A batch begins.
   *
   * @param patience ms that it should take at most.
   */
  start(patience: number): void {
    this.#checkedAt = performance.now();
    this.#end = this.#checkedAt + patience;
    this.#stride = 1;
    this.#unchecked = 1;
  }

  /** To be asked whenever something is done: whether the rest is for another batch. */
  isOver(): boolean {
    return --this.#unchecked <= 0 && this.#check();
  }

  #check(): boolean {
    const now = performance.now();
    this.#stride = now - this.#checkedAt < QUICK ? Math.min(2 * this.#stride, STRIDE) : 1;
    this.#unchecked = this.#stride;
    this.#checkedAt = now;
    return now >= this.#end;
  }
}
