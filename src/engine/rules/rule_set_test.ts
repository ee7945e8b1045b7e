import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Alert } from "../../sinks/mod.ts";
import { call, container, rule, tickAt, Trial } from "./fixtures.ts";
import { activate } from "./load.ts";
import type { ActiveRule, Replaced } from "./active_rule.ts";
import type { RuleDefinition } from "./define.ts";
import type { ProcessNews } from "./process_change.ts";
import { makeContainer } from "./testing/facts.ts";
import { MadeUpProcessChange } from "./testing/inputs.ts";

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

Deno.test("rule set: whatever came before, a rule sees the events of its calls and containers, and no others", () => {
  const filters = [undefined, ["a"], ["b"], ["!a"]];
  const calls = [["close"], ["getppid"], ["close", "getppid"]] as const;
  const rules = filters.flatMap((containers, i) =>
    calls.map((syscalls, j) => {
      const filter = containers === undefined ? {} : { filter: { containers } };
      return {
        containers,
        syscalls,
        rule: rule(`r${i}${j}`, { syscalls: syscalls as never, ...filter }),
      };
    })
  );
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ call: fc.constantFrom("close", "getppid"), of: fc.nat(1) }),
    },
    { weight: 2, arbitrary: fc.record({ name: fc.constantFrom("a", "b", "c"), of: fc.nat(1) }) },
    fc.record({ rules: fc.subarray(rules, { maxLength: 3 }) }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const owners = ["a", "b"].map((name) => ({ name, of: makeContainer({ name }) }));
    const limit = { burst: 1000, per: "1m" };
    const active = (some: typeof rules) =>
      some.map(({ rule }): ActiveRule => ({ rule, options: {}, severity: "info", limit }));
    const trial = new Trial(active(rules.slice(0, 1)), { budget: Infinity });
    let now = rules.slice(0, 1);
    const expected: string[] = [];
    for (const step of steps) {
      if ("rules" in step) {
        now = step.rules;
        trial.set.replace(active(now));
        continue;
      }
      const owner = owners[step.of]!;
      if ("name" in step) {
        owner.name = step.name;
        owner.of.metadata = { state: "known", description: { name: step.name } };
        continue;
      }
      trial.set.event(step.call, call(step.call), owner.of);
      for (const { containers, syscalls, rule } of now) {
        const [only = owner.name] = containers ?? [];
        const isOf = only.startsWith("!") ? only !== `!${owner.name}` : only === owner.name;
        if (isOf && syscalls.some((each) => each === step.call)) expected.push(rule.id);
      }
    }
    deepStrictEqual(trial.messages, expected);
  }));
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

/** A rule, ready to run, as it was imported by some version of its file. */
function imported(
  id: string,
  version = 0,
  definition: Parameters<typeof rule>[1] = {},
): ActiveRule {
  const url = `file:///rules/${id}.ts${version === 0 ? "" : `?v=${version}`}`;
  return activate({ rule: rule(id, definition), file: `/rules/${id}.ts`, url });
}

function ids({ changed, added, gone }: Replaced): Record<string, string[]> {
  const of = (rules: Replaced["changed"]) => rules.map(({ id }) => id);
  return { changed: of(changed), added: of(added), gone: of(gone) };
}

Deno.test("rule set, replaced: what is the same runs on as it did, what is not begins anew and tells what it held", () => {
  const limit = { burst: 1, per: "1m" };
  const [kept, edited, gone] = ["kept", "edited", "gone"].map((id) => imported(id, 0, { limit }));
  const trial = new Trial([kept!, edited!, gone!]);
  for (let i = 0; i < 3; i++) trial.close(i);
  deepStrictEqual(trial.messages, ["kept", "edited", "gone"]);
  const replaced = trial.set.replace([
    { ...kept! },
    imported("edited", 1, { limit }),
    imported("added", 1, { limit }),
  ]);
  deepStrictEqual(ids(replaced), { changed: ["edited"], added: ["added"], gone: ["gone"] });
  deepStrictEqual(trial.alerts.slice(3).map(short), [
    ["edited", "2 more like this were held back", "a", 2],
    ["gone", "2 more like this were held back", "a", 2],
  ]);
  trial.close(10);
  deepStrictEqual(trial.messages.slice(5), ["edited", "added"]);
  trial.set.end();
  deepStrictEqual(trial.alerts.slice(7).map(short), [
    ["kept", "3 more like this were held back", "a", 3],
  ]);
});

Deno.test("rule set, replaced: other options, severity or limit make a rule another; equal ones do not", () => {
  const one = imported("one");
  const trial = new Trial([{ ...one, options: { deep: { list: [1] } } }]);
  const becomes = (other: Partial<ActiveRule>) => {
    const { changed } = trial.set.replace([{ ...one, options: { deep: { list: [1] } }, ...other }]);
    const before = changed.length > 0;
    trial.set.replace([{ ...one, options: { deep: { list: [1] } } }]);
    return before;
  };
  deepStrictEqual(
    [
      {},
      { options: { deep: { list: [1] } } },
      { limit: { ...one.limit } },
      { options: { deep: { list: [2] } } },
      { limit: { ...one.limit, burst: 9 } },
      { severity: "critical" as const },
    ].map(becomes),
    [false, false, false, true, true, true],
  );
});

Deno.test("rule set, replaced: a rule that was switched off stays so until it is edited", () => {
  const isBad = { evaluate: (() => Promise.resolve()) as never };
  const bad = imported("bad", 0, isBad);
  const trial = new Trial([bad]);
  trial.close();
  deepStrictEqual([...trial.set.bySyscall().keys()], []);
  trial.set.replace([{ ...bad }, imported("other")]);
  trial.close(1);
  deepStrictEqual([trial.messages, trial.told.length], [["other"], 1]);
  trial.set.replace([imported("bad", 1)]);
  trial.close(2);
  deepStrictEqual(trial.messages, ["other", "bad"]);
  deepStrictEqual([...trial.set.bySyscall().keys()], ["close"]);
});

Deno.test("rule set, replaced: a batch may take as long as is said then", () => {
  const trial = new Trial([], { timeout: 5000 });
  const loops = imported("loops", 0, {
    evaluate() {
      for (;;);
    },
  });
  trial.set.replace([loops], 50);
  // Who got too little of a busy machine is not blamed at first.
  for (let tries = 0; trial.told.length === 0 && tries < 50; tries++) trial.close();
  match(trial.told[0] ?? "", /^loops: ran for more than 50 ms/);
});

Deno.test("rule set, replaced: an error that comes later is of the version that it is of", () => {
  const failure = (version: string) =>
    Object.assign(new Error("late"), {
      stack: `Error: late\n    at f (file:///rules/one.ts${version}:3:5)`,
    });
  const trial = new Trial([imported("one")]);
  trial.set.replace([imported("one", 1)]);
  trial.set.replace([imported("one", 12)]);
  for (let i = 0; i < 10; i++) {
    for (const version of ["", "?v=1"]) ok(trial.set.failedLater(failure(version)));
  }
  ok(!trial.set.failedLater(failure("?v=2")));
  // Each is told once, and nothing of it switches off what has been mended.
  deepStrictEqual(trial.told, [
    "one: as it was before it was edited: Error: late",
    "one: as it was before it was edited: Error: late",
  ]);
  match(trial.problems[1]?.message ?? "", /one\.ts:3:5/);
  for (let i = 0; i < 5; i++) ok(trial.set.failedLater(failure("?v=12")));
  deepStrictEqual(trial.told.slice(2), [
    "one: Error: late",
    "one: failed 5 times within a minute (off)",
  ]);
});

Deno.test("rule set, replaced: whenever that is, each event is seen by one version, and all is told", () => {
  const step = fc.constantFrom("close", "keep", "edit");
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 5 }), (steps, burst) => {
    const seen: number[] = [];
    const next = (version: number) => {
      seen[version] = 0;
      return imported("one", version, {
        limit: { burst: burst + 1, per: "1m" },
        evaluate: ({ alert }) => {
          seen[version]!++;
          alert("told");
        },
      });
    };
    let active = next(0);
    const trial = new Trial([active]);
    for (const [i, each] of steps.entries()) {
      if (each === "close") trial.close(i);
      if (each === "edit") active = next(seen.length);
      if (each !== "close") trial.set.replace([{ ...active }]);
    }
    trial.set.end();
    const events = steps.filter((each) => each === "close").length;
    strictEqual(seen.reduce((sum, count) => sum + count, 0), events);
    const told = trial.alerts.reduce(
      (sum, { message, suppressed }) => sum + suppressed + (message === "told" ? 1 : 0),
      0,
    );
    strictEqual(told, events);
  }));
});

Deno.test("rule set: rules hear of processes, of their containers and users alone", () => {
  const heard: string[] = [];
  const hears = (id: string, filter?: NonNullable<RuleDefinition<"close">["filter"]>) =>
    rule(id, {
      evaluate: () => {},
      ...(filter !== undefined && { filter }),
      onProcess: ({ action, process, exit, container, alert }) => {
        heard.push(`${id} ${action} ${process.comm} ${container.name} ${exit?.signal ?? "-"}`);
        if (exit !== undefined) alert("ended", { code: exit.code });
      },
    });
  const trial = new Trial([
    hears("all"),
    rule("throws", {
      onProcess: () => {
        throw new Error("no");
      },
    }),
    hears("b", { containers: ["b"] }),
    hears("root", { uid: 0 }),
  ]);
  ok(trial.set.hearsProcesses);
  const change = (
    action: ProcessNews["action"],
    facts: ConstructorParameters<typeof MadeUpProcessChange>[1],
  ): ProcessNews => {
    const made = new MadeUpProcessChange(action, facts);
    const { process, exit, time } = made;
    return {
      action,
      process,
      exit,
      time,
      container: container("a"),
      describe: () => made.describe(),
    };
  };
  trial.set.guarded(() => {
    trial.set.process(change("executed", { comm: "sh", uid: 1000 }));
    trial.set.process(change("exited", { comm: "sh", signal: 9 }));
  });
  deepStrictEqual(heard, [
    "all executed sh a -",
    "all exited sh a 9",
    "root exited sh a 9",
  ]);
  deepStrictEqual(trial.told, ["throws: Error: no"]);
  const [alert] = trial.alerts;
  deepStrictEqual([alert?.fields, alert?.event?.thread.name], [{}, "sh"]);
  strictEqual(alert?.event?.call, undefined);
});
