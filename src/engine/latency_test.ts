import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { bucketRange, timeBuckets } from "../kernel/mod.ts";
import { Latency } from "./latency.ts";

/** As bpf/measure.h counts, by the definition: the bucket that a time is in. */
function bucketOf(ns: number): number {
  for (let bucket = 0; bucket < timeBuckets; bucket++) {
    const { from, to } = bucketRange(bucket);
    if (ns >= from && ns < to) return bucket;
  }
  throw new Error(`no bucket for ${ns}`);
}

function latencyOf(times: readonly number[]): Latency {
  const latency = new Latency();
  const buckets = new Float64Array(timeBuckets);
  for (const ns of times) {
    const bucket = bucketOf(ns);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  const total = times.reduce((sum, ns) => sum + ns, 0);
  latency.add({ calls: times.length, total, longest: Math.max(0, ...times), buckets });
  return latency;
}

Deno.test("buckets follow each other without a gap, and are an eighth wide", () => {
  for (let bucket = 1; bucket < timeBuckets; bucket++) {
    const before = bucketRange(bucket - 1);
    const { from, to } = bucketRange(bucket);
    strictEqual(from, before.to);
    if (bucket >= 8 && bucket < timeBuckets - 1) ok((to - from) * 8 <= from);
  }
});

Deno.test("a quantile is as far off as half a bucket, at most", () => {
  const time = fc.integer({ min: 0, max: 200_000_000_000 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), share, (times, of) => {
    const sorted = [...times].sort((a, b) => a - b);
    const exact = sorted[Math.max(1, Math.ceil(of * times.length)) - 1] ?? 0;
    const got = latencyOf(times).quantile(of);
    ok(Math.abs(got - exact) <= Math.max(1, exact / 8), `${got} for ${exact}`);
  }));
});

Deno.test("what was never called took no time", () => {
  const { calls, total, mean, longest } = new Latency();
  strictEqual(calls + total + mean + longest + new Latency().quantile(0.5), 0);
});
