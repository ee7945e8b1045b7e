import { deepStrictEqual, ok } from "node:assert/strict";
import { getHeapStatistics } from "node:v8";
import { collectGarbage, RestingHeap } from "./garbage.ts";

Deno.test("resting heap: it is collected where it has grown, and seldom", () => {
  let size = 20 << 20;
  const collected: number[] = [];
  let now = 0;
  const heap = new RestingHeap(now, () => {
    collected.push(now);
    size = 20 << 20;
  }, () => size);
  for (now = 1000; now <= 300_000; now += 1000) {
    // It grows for two minutes, and then no more.
    if (now <= 120_000) size += 300_000;
    heap.rest(now);
  }
  deepStrictEqual(collected, [15_000, 75_000, 135_000]);
});

Deno.test("collected garbage is gone", () => {
  const used = () => getHeapStatistics().used_heap_size;
  let kept: object[] | undefined = Array.from({ length: 500_000 }, (_, i) => ({ i }));
  ok(kept.length > 0);
  const before = used();
  kept = undefined;
  collectGarbage();
  ok(before - used() > 10_000_000, `${before} -> ${used()}`);
});
