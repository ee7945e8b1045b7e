import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Limiter } from "./limits.ts";

/** Alerts: a key, and ms since the one before. */
const alerts = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 700 })));

Deno.test("limits: a burst passes, the rest is told with the next that passes", () => {
  const limiter = new Limiter<string>(2, 1000);
  const take = (now: number) => limiter.take("", now);
  deepStrictEqual([0, 1, 2, 3].map((now) => take(now).passes), [true, true, false, false]);
  deepStrictEqual(take(1000), { passes: true, suppressed: 2 });
  deepStrictEqual(take(1001), { passes: true, suppressed: 0 });
});

Deno.test("limits: what was held back is told once when the window ends, and not before", () => {
  const limiter = new Limiter<string>(1, 1000);
  for (const now of [0, 1, 2]) limiter.take("", now);
  strictEqual(limiter.expire(999), 0);
  strictEqual(limiter.expire(1000), 2);
  deepStrictEqual([limiter.expire(5000), limiter.end(), limiter.size], [0, 0, 0]);
});

Deno.test("limits: what passed and what was told of is what was taken", () => {
  fc.assert(fc.property(
    alerts,
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    (taken, burst, most) => {
      const limiter = new Limiter<number>(burst, 1000, most);
      let [now, passed, told] = [0, 0, 0];
      for (const [key, wait] of taken) {
        now += wait;
        const verdict = limiter.take(key, now);
        if (verdict.passes) {
          passed++;
          told += verdict.suppressed;
        }
        if (wait % 3 === 0) told += limiter.expire(now);
        ok(limiter.size <= most);
      }
      told += limiter.end();
      strictEqual(passed + told, taken.length);
    },
  ));
});

Deno.test("limits: no key's limit touches another's", () => {
  fc.assert(fc.property(alerts, fc.integer({ min: 1, max: 4 }), (taken, burst) => {
    const together = new Limiter<number>(burst, 1000);
    const alone = new Map<number, Limiter<number>>();
    let now = 0;
    for (const [key, wait] of taken) {
      now += wait;
      const own = alone.get(key) ?? new Limiter<number>(burst, 1000);
      alone.set(key, own);
      deepStrictEqual(together.take(key, now), own.take(key, now));
    }
  }));
});

Deno.test("limits: within one window no more than the burst passes", () => {
  fc.assert(fc.property(alerts, fc.integer({ min: 1, max: 4 }), (taken, burst) => {
    const limiter = new Limiter<number>(burst, 1000);
    const passed = new Map<number, number[]>();
    let now = 0;
    for (const [key, wait] of taken) {
      now += wait;
      const times = passed.get(key) ?? [];
      if (limiter.take(key, now).passes) passed.set(key, [...times, now]);
    }
    // A window begins with its first alert: any burst + 1 that follow each other are in two at least.
    for (const times of passed.values()) {
      for (let i = 2 * burst; i < times.length; i++) ok(times[i]! - times[i - 2 * burst]! >= 1000);
    }
  }));
});

Deno.test("limits: any number of keys is kept in bounded memory", () => {
  const limiter = new Limiter<string>(1, 1000, 100);
  for (let i = 0; i < 5000; i++) {
    limiter.take(`${i}`, 0);
    limiter.take(`${i}`, 0);
  }
  strictEqual(limiter.size, 100);
  strictEqual(limiter.end(), 5000);
});
