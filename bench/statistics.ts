/**
 * What several runs of the same thing come to.
 *
 * @module
 */

/** Several runs' result. */
export interface Summary {
  /** Between the two middle values if their number is even. */
  readonly median: number;
  /** Median distance from the median: how far a run usually is off. */
  readonly deviation: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly runs: number;
}

/** @throws {RangeError} if there are no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError("no values, so no median");
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * The smallest value that this share of all do not exceed.
 *
 * @param share From 0 to 1.
 * @throws {RangeError} if there are no values.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("no values, so no quantile");
  return value;
}

/** @throws {RangeError} if there are no values. */
export function summarize(values: readonly number[]): Summary {
  const middle = median(values);
  return {
    median: middle,
    deviation: median(values.map((value) => Math.abs(value - middle))),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    runs: values.length,
  };
}

/**
 * How many times as much one thing comes to as another: the median of the rounds' own ratios, since what
 * disturbed a round disturbed both.
 *
 * @throws {RangeError} if there are not as many of one as of the other, or none.
 */
export function medianRatio(values: readonly number[], divisors: readonly number[]): number {
  if (values.length !== divisors.length) {
    throw new RangeError(`${values.length} values and ${divisors.length} to compare them with`);
  }
  return median(values.map((value, round) => value / (divisors[round] ?? NaN)));
}
