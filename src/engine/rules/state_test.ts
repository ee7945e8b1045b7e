import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { cooldown, distinct, first, type Observed, window } from "./state.ts";

interface Seen extends Observed {
  readonly exe: string;
}

function at(milliseconds: number, id = "a", exe = ""): Seen {
  return { time: BigInt(milliseconds) * 1_000_000n, container: { id }, exe };
}

/** Events: container, executable, ms since the one before. */
const events = fc.array(
  fc.record({
    id: fc.constantFrom("a", "b"),
    exe: fc.constantFrom("x", "y"),
    wait: fc.integer({ min: 0, max: 600 }),
    value: fc.integer({ min: 0, max: 5 }),
  }),
  { maxLength: 60 },
);

Deno.test("window: as a count of all that is kept, by container and key, exact to a tenth", () => {
  fc.assert(fc.property(events, (all) => {
    const counts = window<Seen>({ per: "1s", by: ({ exe }) => exe });
    const kept: { key: string; slice: number }[] = [];
    let now = 0;
    for (const { id, exe, wait } of all) {
      now += wait;
      const key = `${id} ${exe}`;
      const slice = Math.floor(now / 100);
      kept.push({ key, slice });
      const naive = kept.filter((each) => each.key === key && each.slice > slice - 10).length;
      strictEqual(counts.count(at(now, id, exe)), naive - 1);
      strictEqual(counts.add(at(now, id, exe)), naive);
      strictEqual(counts.count(at(now, id, exe)), naive);
    }
  }));
});

Deno.test("window: never less than what happened within it less a tenth, never more than within all of it", () => {
  fc.assert(fc.property(events, (all) => {
    const counts = window<Seen>({ per: "1s" });
    const times: number[] = [];
    let now = 0;
    for (const { wait } of all) {
      times.push(now += wait);
      const count = counts.add(at(now));
      ok(count >= times.filter((time) => now - time <= 900).length);
      ok(count <= times.filter((time) => now - time <= 1000).length);
    }
  }));
});

Deno.test("window: several at once, and events a little out of order", () => {
  const counts = window<Seen>({ per: "10s" });
  strictEqual(counts.add(at(5000), 7), 7);
  strictEqual(counts.add(at(4990)), 8);
  strictEqual(counts.add(at(5001)), 9);
});

Deno.test("distinct: as a set of all that is kept", () => {
  fc.assert(fc.property(events, (all) => {
    const values = distinct<Seen>({ per: "1s" });
    const kept: { id: string; value: number; time: number }[] = [];
    let now = 0;
    for (const { id, wait, value } of all) {
      kept.push({ id, value, time: now += wait });
      const naive = new Set(
        kept.filter((each) => each.id === id && now - each.time < 1000).map((each) => each.value),
      );
      strictEqual(values.add(at(now, id), value), naive.size);
    }
  }));
});

Deno.test("distinct: 1,024 values of one key at most", () => {
  const values = distinct<Seen>({ per: "1h" });
  let most = 0;
  for (let i = 0; i < 5000; i++) most = Math.max(most, values.add(at(i), i));
  strictEqual(most, 1024);
});

Deno.test("first: once for each container and key", () => {
  const shells = first<Seen>({ by: ({ exe }) => exe });
  deepStrictEqual(
    [at(0, "a", "x"), at(1, "a", "x"), at(2, "b", "x"), at(3, "a", "y")].map((of) => shells.is(of)),
    [true, false, true, true],
  );
});

Deno.test("state: of 4,096 keys the oldest is forgotten, of the container that has most", () => {
  const shells = first<Seen>({ by: ({ exe }) => exe });
  shells.is(at(0, "quiet", "x"));
  shells.is(at(0, "flood", "0"));
  // Who is met again is not the oldest.
  for (let i = 1; i < 10_000; i++) {
    shells.is(at(i, "flood", `${i}`));
    shells.is(at(i, "flood", "1"));
  }
  strictEqual(shells.is(at(1, "quiet", "x")), false);
  deepStrictEqual([shells.is(at(1, "flood", "1")), shells.is(at(1, "flood", "2"))], [false, true]);
  // However many containers there are, and however few keys each has.
  for (let i = 0; i < 10_000; i++) shells.is(at(i, `${i}`, ""));
  strictEqual(shells.is(at(1, "9999", "")), false);
});

Deno.test("cooldown: ready at first, and when the time has gone by since it was ready", () => {
  const calm = cooldown<Seen>({ per: "1s" });
  deepStrictEqual([0, 999, 1000, 1500, 2000].map((time) => calm.ready(at(time))), [
    true,
    false,
    true,
    false,
    true,
  ]);
  ok(calm.ready(at(2001, "b")));
});
