/**
 * How long calls took, summed up.
 *
 * @module
 */
import { bucketRange, type CallTimes, timeBuckets } from "../kernel/mod.ts";
import type { Durations } from "../sinks/mod.ts";

/** The times of one call of one container. All are in nanoseconds. */
export class Latency implements Durations {
  #calls = 0;
  #total = 0;
  #longest = 0;
  readonly #buckets = new Float64Array(timeBuckets);

  /** Adds calls that have returned. */
  add(times: CallTimes): void {
    this.#calls += times.calls;
    this.#total += times.total;
    this.#longest = Math.max(this.#longest, times.longest);
    for (let i = 0; i < timeBuckets; i++) {
      this.#buckets[i] = (this.#buckets[i] ?? 0) + (times.buckets[i] ?? 0);
    }
  }

  get calls(): number {
    return this.#calls;
  }

  get total(): number {
    return this.#total;
  }

  get mean(): number {
    return this.#calls === 0 ? 0 : this.#total / this.#calls;
  }

  get longest(): number {
    return this.#longest;
  }

  /**
   * The time within which this share of the calls returned, to some 6 %: the middle of its bucket, which is as
   * wide as an eighth of its beginning.
   */
  quantile(share: number): number {
    // A read goes over the buckets one by one while calls go on: their sum is what it is.
    const calls = this.#buckets.reduce((sum, count) => sum + count, 0);
    const rank = Math.max(1, Math.ceil(share * calls));
    if (rank === calls) return this.#longest;
    let below = 0;
    for (const [bucket, count] of this.#buckets.entries()) {
      below += count;
      if (below < rank) continue;
      const { from, to } = bucketRange(bucket);
      return Math.min((from + Math.min(to, this.#longest)) / 2, this.#longest);
    }
    return 0;
  }
}
