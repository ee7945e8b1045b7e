import assert from "node:assert/strict";
import fc from "fast-check";
import { median, medianRatio, quantile, summarize } from "./statistics.ts";

Deno.test("the median of odd, even and no numbers", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10, 1, 2, 3]), 2.5);
  assert.equal(median([7]), 7);
  assert.throws(() => median([]), RangeError);
});

Deno.test("the median has as many values on one side as on the other", () => {
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
  fc.assert(fc.property(numbers, (values) => {
    const middle = median(values);
    const below = values.filter((value) => value < middle).length;
    const above = values.filter((value) => value > middle).length;
    assert.ok(below <= values.length / 2 && above <= values.length / 2);
  }));
});

Deno.test("a summary does not mind one run that went wrong", () => {
  assert.deepEqual(summarize([10, 11, 12, 9, 1000]), {
    median: 11,
    deviation: 1,
    minimum: 9,
    maximum: 1000,
    runs: 5,
  });
});

Deno.test("ratios are made round by round", () => {
  assert.equal(medianRatio([10, 40, 90], [1, 2, 3]), 20);
  assert.throws(() => medianRatio([1], []), RangeError);
});

Deno.test("a quantile is a value that the share does not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile(hundred, 0.5), 50);
  assert.equal(quantile(hundred, 1), 100);
  assert.equal(quantile(hundred, 0), 1);
  assert.equal(quantile([7], 0.99), 7);
  assert.throws(() => quantile([], 0.5), RangeError);
});
