import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Tally } from "./tally.ts";

Deno.test("tally: what is new is handed over once, the total stays", () => {
  const tally = new Tally();
  tally.add("read", 2);
  tally.add("brk", 1);
  tally.add("read", 3);
  deepStrictEqual(tally.take(), new Map([["read", 5], ["brk", 1]]));
  deepStrictEqual(tally.take(), new Map());
  tally.add("read", 1);
  deepStrictEqual(tally.take(), new Map([["read", 1]]));
  deepStrictEqual(tally.total, new Map([["read", 6], ["brk", 1]]));
});

Deno.test("tally: what was handed over does not change any more", () => {
  const tally = new Tally();
  tally.add("read", 2);
  const taken = tally.take();
  tally.add("read", 40);
  deepStrictEqual(taken, new Map([["read", 2]]));
  notStrictEqual(tally.take(), taken);
});

Deno.test("tally: the total is the sum of all that was new, whenever ticks end", () => {
  const call = fc.tuple(fc.constantFrom("read", "write", "brk"), fc.integer({ min: 1, max: 1e6 }));
  const steps = fc.array(fc.option(call, { nil: "tick" as const }));
  fc.assert(fc.property(steps, (all) => {
    const tally = new Tally();
    const sums = new Map<string, number>();
    const take = () => {
      for (const [name, calls] of tally.take()) sums.set(name, (sums.get(name) ?? 0) + calls);
    };
    for (const step of all) {
      if (step === "tick") take();
      else tally.add(...step);
    }
    take();
    deepStrictEqual(sums, tally.total);
    strictEqual(tally.take().size, 0);
  }));
});
