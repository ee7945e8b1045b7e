/**
 * How often code that is not ours has failed, and when that is too often.
 *
 * @module
 */

/** What fails so often within a minute is switched off. */
const FAILURES = 5;
/** What was cut short so often within a minute too, though it may have been the machine. */
const CUTS = 3;
const MINUTE = 60_000;

/** Of one rule or one plugin. */
export class Strikes {
  #failures: number[] = [];
  #cuts: number[] = [];
  #hasFailed = false;

  /**
   * It threw.
   *
   * @param now ms of any clock.
   * @returns whether that is to be told, and why it is to be switched off, if it is.
   */
  fail(now: number): { readonly isFirst: boolean; readonly off: string | undefined } {
    this.#failures = this.#failures.filter((at) => now - at < MINUTE);
    this.#failures.push(now);
    const isFirst = !this.#hasFailed;
    this.#hasFailed = true;
    const isTooOften = this.#failures.length >= FAILURES;
    return { isFirst, off: isTooOften ? `failed ${FAILURES} times within a minute` : undefined };
  }

  /**
   * It was cut short. If it did nothing, the machine had no time for it: then it has another try.
   *
   * @param timeout ms that it may take.
   * @returns why it is to be switched off, if it is.
   */
  cut(now: number, isBusy: boolean, timeout: number): string | undefined {
    this.#cuts = this.#cuts.filter((at) => now - at < MINUTE);
    this.#cuts.push(now);
    if (isBusy) return `ran for more than ${timeout} ms`;
    if (this.#cuts.length < CUTS) return undefined;
    return `had not returned after ${timeout} ms, ${CUTS} times`;
  }
}
