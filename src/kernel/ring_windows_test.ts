import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { RingMemory } from "../ffi/mod.ts";
import { RingWindows } from "./ring_windows.ts";

const KIB = 1024;
const LONGEST = 10 * KIB;

/** Memory that knows which of its pages are mapped. */
function memory(size: number) {
  const pages = Array<boolean>(size / 4096).fill(false);
  const set = (offset: number, length: number, isMapped: boolean) => {
    strictEqual(offset % 4096 + length % 4096, 0, "whole pages");
    pages.fill(isMapped, offset / 4096, (offset + length) / 4096);
  };
  const windows: RingMemory = {
    consumer: new ArrayBuffer(0),
    producer: new ArrayBuffer(0),
    dataAt: 0,
    map: (offset, length) => set(offset, length, true),
    clear: (offset, length) => set(offset, length, false),
    [Symbol.dispose]: () => {},
  };
  return { windows, pages, mapped: () => 4096 * pages.filter((isMapped) => isMapped).length };
}

Deno.test("ring windows: a record that is reached is mapped to its end, whatever rested before", () => {
  const step = fc.oneof(
    fc.record({ at: fc.integer({ min: 0, max: 1024 * KIB / 8 - 1 }) }),
    fc.constant("rest" as const),
  );
  fc.assert(fc.property(
    fc.constantFrom(4 * KIB, 64 * KIB, 1024 * KIB),
    fc.array(step, { maxLength: 40 }),
    (size, steps) => {
      const { windows: of, pages } = memory(size);
      const windows = new RingWindows(of, size);
      for (const step of steps) {
        if (step === "rest") {
          windows.rest();
          continue;
        }
        const at = 8 * step.at % size;
        if (at < windows.from || at >= windows.until) windows.reach(at);
        // What is behind the end is mapped once more, for good.
        const end = Math.min(size, at + LONGEST);
        for (let page = Math.floor(at / 4096); page < end / 4096; page++) ok(pages[page]);
        ok(windows.from <= at && at < windows.until);
      }
    },
  ));
});

Deno.test("ring windows: what is not reached again is given back at the second rest", () => {
  const { windows: of, mapped } = memory(8192 * KIB);
  const windows = new RingWindows(of, 8192 * KIB);
  const reached = (...offsets: number[]) => {
    for (const offset of offsets) windows.reach(offset);
    return mapped() / KIB;
  };
  strictEqual(mapped(), 0);
  deepStrictEqual([reached(0), reached(100), reached(8191 * KIB)], [512, 512, 768]);
  windows.rest();
  strictEqual(mapped(), 768 * KIB);
  reached(300 * KIB);
  windows.rest();
  strictEqual(mapped(), 512 * KIB);
  windows.rest();
  strictEqual(mapped(), 0);
});
