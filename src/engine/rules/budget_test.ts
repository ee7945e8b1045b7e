import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Budget } from "./budget.ts";

Deno.test("budget: one alone may use all of it, and then waits for the next window", () => {
  const budget = new Budget<string>(10, 1000, 2);
  deepStrictEqual(
    Array.from({ length: 12 }, (_, i) => budget.take("a", i)).filter(Boolean).length,
    10,
  );
  ok(budget.take("a", 1000));
});

Deno.test("budget: who comes late has a fair share all the same", () => {
  const budget = new Budget<string>(10, 1000, 2);
  for (let i = 0; i < 50; i++) budget.take("flood", 0);
  strictEqual(Array.from({ length: 50 }, () => budget.take("b", 1)).filter(Boolean).length, 5);
});

Deno.test("budget: what is granted is never held back, and all together is bounded", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 300 }),
    fc.integer({ min: 1, max: 40 }),
    (holders, most) => {
      const budget = new Budget<number>(most, 1000, 3);
      const asked = new Map<number, number>();
      const passed = new Map<number, number>();
      for (const holder of holders) {
        asked.set(holder, (asked.get(holder) ?? 0) + 1);
        if (budget.take(holder, 0)) passed.set(holder, (passed.get(holder) ?? 0) + 1);
      }
      for (const [holder, count] of asked) ok((passed.get(holder) ?? 0) >= Math.min(count, 3));
      const all = [...passed.values()].reduce((sum, count) => sum + count, 0);
      ok(all >= Math.min(most, holders.length));
      // Shares shrink as others come: the first n took most/1 + most/2 + … at worst, above the budget.
      const shares = Array.from({ length: asked.size }, (_, i) => Math.ceil(most / (i + 1)));
      ok(all <= most + shares.reduce((sum, share) => sum + Math.max(share, 3), 0));
    },
  ));
});
