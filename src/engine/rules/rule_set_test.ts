import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Alert } from "../../sinks/mod.ts";
import { call, container, rule, tickAt, Trial } from "./fixtures.ts";

/** An alert without what does not matter. */
function short({ rule, message, container, suppressed }: Alert): unknown[] {
  return [rule, message, nameOf(container), suppressed];
}

function nameOf(of: Alert["container"]): string | undefined {
  return of?.metadata.state === "known" ? of.metadata.description.name : undefined;
}

Deno.test("rule set: all rules that match fire, none shadows another", () => {
  const trial = new Trial([
    rule("first"),
    rule("other-call", { syscalls: ["close"], filter: { outcome: "failed" } }),
    rule("second"),
  ]);
  trial.close();
  deepStrictEqual(trial.messages, ["first", "second"]);
});

Deno.test("rule set: a rule of another call, or of another container, is never even looked at", () => {
  let looks = 0;
  const counting = <T extends object>(of: T): T =>
    new Proxy(of, {
      get: (target, key) => {
        if (key === "evaluate" || key === "outcome") looks++;
        return Reflect.get(target, key);
      },
    });
  const mine = rule("mine");
  const trial = new Trial([
    mine,
    ...Array.from({ length: 20 }, (_, i) => ({
      rule: counting(rule(`other-${i}`, { syscalls: ["read"] as never })),
      options: {},
      severity: "info" as const,
      limit: { burst: 1, per: "1m" },
    })),
    {
      rule: counting(rule("elsewhere", { filter: { containers: ["b"] } })),
      options: {},
      severity: "info" as const,
      limit: { burst: 1, per: "1m" },
    },
  ]);
  looks = 0;
  for (let i = 0; i < 10; i++) trial.close();
  strictEqual(looks, 0);
  trial.close(0, "b");
  strictEqual(looks, 1);
});

Deno.test("rule set: a limit is by rule, container and key", () => {
  let exe = "x";
  const limit = { burst: 2, per: "1m", by: () => exe };
  const trial = new Trial([
    rule("one", { limit }),
    rule("two", { limit: { burst: 1, per: "1m" } }),
  ]);
  for (let i = 0; i < 5; i++) trial.close(i, "a");
  trial.close(5, "b");
  exe = "y";
  trial.close(6, "a");
  const of = (id: string, name: string) =>
    trial.alerts.filter((alert) => alert.rule === id && nameOf(alert.container) === name).length;
  deepStrictEqual([of("one", "a"), of("two", "a"), of("one", "b"), of("two", "b")], [3, 1, 1, 1]);
});

Deno.test("rule set: what was held back is told when the window has ended, and at the end", () => {
  const trial = new Trial([rule("one", { limit: { burst: 1, per: "10s" } })]);
  for (let i = 0; i < 4; i++) trial.close(i);
  trial.set.tick(tickAt(9000));
  strictEqual(trial.alerts.length, 1);
  trial.set.tick(tickAt(10_001));
  deepStrictEqual(short(trial.alerts[1]!), ["one", "3 more like this were held back", "a", 3]);
  trial.close(20_000);
  trial.close(20_001);
  trial.set.end();
  deepStrictEqual(trial.alerts.slice(2).map(short), [
    ["one", "one", "a", 0],
    ["one", "1 more like this were held back", "a", 1],
  ]);
  trial.set.end();
  strictEqual(trial.alerts.length, 4);
});

Deno.test("rule set: keys of one container are told of together", () => {
  let key = 0;
  const trial = new Trial([rule("one", { limit: { burst: 1, per: "10s", by: () => key } })]);
  for (key = 0; key < 10; key++) {
    trial.close(key);
    trial.close(key);
  }
  trial.set.tick(tickAt(11_000));
  deepStrictEqual(trial.alerts.slice(10).map(short), [
    ["one", "10 more like this were held back", "a", 10],
  ]);
});

Deno.test("rule set: a flood of one rule in one container leaves all others their alerts", () => {
  let key = 0;
  const trial = new Trial([
    rule("flood", { limit: { burst: 1, per: "1m", by: () => key } }),
    rule("calm", { filter: { containers: ["b", "c"] } }),
  ], { budget: 20 });
  for (key = 0; key < 500; key++) trial.close(key, "a");
  strictEqual(trial.alerts.length, 20);
  for (let i = 0; i < 3; i++) {
    trial.close(500, "b");
    key++;
  }
  deepStrictEqual(trial.alerts.slice(20).map((alert) => [alert.rule, nameOf(alert.container)]), [
    ["flood", "b"],
    ["calm", "b"],
    ["flood", "b"],
    ["calm", "b"],
    ["flood", "b"],
    ["calm", "b"],
  ]);
  trial.set.end();
  deepStrictEqual(trial.alerts.slice(26).map(short), [
    ["flood", "480 more like this were held back", "a", 480],
  ]);
});

Deno.test("rule set: raised is what was told: alerts, and what they say was held back", () => {
  fc.assert(fc.property(
    fc.array(fc.record({
      name: fc.constantFrom("a", "b", "c"),
      key: fc.integer({ min: 0, max: 3 }),
      wait: fc.integer({ min: 0, max: 9000 }),
    })),
    fc.integer({ min: 1, max: 12 }),
    (all, budget) => {
      let key = 0;
      const limit = { burst: 2, per: "10s", by: () => key };
      const trial = new Trial([rule("one", { limit }), rule("two")], { budget });
      let now = 0;
      for (const each of all) {
        now += each.wait;
        key = each.key;
        if (each.wait % 2 === 0) trial.set.tick(tickAt(now));
        trial.close(now, each.name);
      }
      trial.set.end();
      for (const id of ["one", "two"]) {
        for (const name of ["a", "b", "c"]) {
          const alerts = trial.alerts.filter((alert) =>
            alert.rule === id && nameOf(alert.container) === name
          );
          const told = alerts.reduce(
            (sum, { message, suppressed }) => sum + suppressed + (message === id ? 1 : 0),
            0,
          );
          strictEqual(told, all.filter((each) => each.name === name).length);
        }
      }
    },
  ));
});

Deno.test("rule set: an alert says what it is about, whatever its fields were", () => {
  const fields = {
    count: 3n,
    deep: { list: [1] },
    get bad() {
      throw new Error("no");
    },
  };
  const trial = new Trial([
    rule("good", { evaluate: ({ alert }) => alert("m", { count: 3n, deep: { list: [1] } }) }),
    rule("bad", { evaluate: ({ alert }) => alert("m", fields) }),
  ]);
  trial.close(7);
  deepStrictEqual(trial.alerts[0]?.fields, { count: "3", deep: { list: [1] } });
  ok(String(trial.alerts[1]?.fields?.["error"]).includes("can't be written as JSON"));
  deepStrictEqual([trial.alerts[0]?.time, trial.alerts[0]?.suppressed], [7_000_000n, 0]);
  strictEqual("syscall" in (trial.alerts[0]?.event?.call ?? {}), true);
});

Deno.test("rule set: tallies and containers come to the rules that want them", () => {
  const heard: string[] = [];
  const trial = new Trial([
    rule("both", {
      filter: { containers: ["!c"] },
      onTally: ({ tally }) =>
        void heard.push(
          `${tally.container.name} ${tally.newCalls("connect")} ${tally.totalCalls("x")}`,
        ),
      onContainer: ({ action, container }) => void heard.push(`${container.name} ${action}`),
    }),
    rule("neither"),
  ]);
  const tally = (name: string) => ({
    container: container(name),
    total: new Map([["connect", 9]]),
    new: new Map([["connect", 2]]),
  });
  const started = (name: string) =>
    ({ action: "started", container: container(name), time: 0n }) as const;
  trial.set.tick(tickAt(1000, {
    changes: [started("a"), started("c")],
    tallies: [tally("a"), tally("b"), tally("c")],
  }));
  deepStrictEqual(heard, ["a started", "a 2 0", "b 2 0"]);
});

Deno.test("rule set: the kernel is asked for what rules that still run look at", () => {
  const trial = new Trial([
    rule("one", {
      syscalls: ["close", "read" as never],
      evaluate: (() => Promise.resolve()) as never,
    }),
    rule("two"),
  ]);
  deepStrictEqual([...trial.set.bySyscall().keys()], ["close", "read"]);
  trial.close();
  deepStrictEqual([...trial.set.bySyscall().keys()], ["close"]);
  ok(trial.set.isOf(container("a")));
});

Deno.test("rule set: an event can go on with the rules that have not seen it", () => {
  const trial = new Trial([rule("one"), rule("two"), rule("three")]);
  trial.set.event("close", call(), container("a"), 1);
  deepStrictEqual([trial.messages, trial.set.done], [["two", "three"], 3]);
});
