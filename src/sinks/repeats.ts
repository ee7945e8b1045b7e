/**
 * Lines that would be the same as one before: told apart, so that a receiver can drop what a shipper sends twice.
 *
 * @module
 */

/** Remembers what was written with the newest time: lines with different times are different. */
export class Repeats {
  #time: bigint | undefined;
  readonly #counts = new Map<string, number>();

  /** How often this line has come with this time, now included. */
  count(line: string, time: bigint): number {
    if (time !== this.#time) this.#counts.clear();
    this.#time = time;
    const count = (this.#counts.get(line) ?? 0) + 1;
    this.#counts.set(line, count);
    return count;
  }
}
