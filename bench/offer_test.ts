import assert from "node:assert/strict";
import { outcome } from "./offer.ts";

const second = 1_000_000_000n;
const made = { calls: 1000, began: 5n * second, ended: 6n * second };

Deno.test("who is done later than the calls is slower than them", () => {
  const delivery = { events: 500, last: 7n * second, latency: [1, 2], bytes: 50_000 } as const;
  assert.deepEqual(outcome(made, delivery, 1e6), {
    made: 1000,
    delivered: 500,
    callRate: 1000,
    eventRate: 250,
    lost: 50,
    cpu: 2000,
    p50: 1,
    p99: 2,
    bytes: 100,
  });
});

Deno.test("who lost the last events is not faster for it", () => {
  const delivery = { events: 500, last: 5n * second + 1n, latency: [1, 2] } as const;
  assert.equal(outcome(made, delivery, 0).eventRate, 500);
});

Deno.test("nothing came", () => {
  const { eventRate, lost } = outcome(made, { events: 0, last: 0n, latency: [NaN, NaN] }, 0);
  assert.equal(eventRate, 0);
  assert.equal(lost, 100);
});
