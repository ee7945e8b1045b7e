/** What a rule can do wrong, and that it stops neither the monitor nor the other rules. */
import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Fences } from "./fences.ts";
import { call, container, rule, tickAt, Trial } from "./fixtures.ts";

const here = fileURLToPath(import.meta.url);

/** A rule that does something wrong, and one behind it that must not suffer. */
function beside(evaluate: (count: number) => unknown, timeout = 1000): Trial {
  let count = 0;
  return new Trial([
    rule("bad", { evaluate: (() => evaluate(++count)) as never }),
    rule("good", { limit: { burst: 1000, per: "1m" } }),
  ], { timeout });
}

/** Until a rule is blamed: who got too little of a busy machine is not, at first. */
function closeUntilTold(trial: Trial): void {
  for (let tries = 0; trial.told.length === 0 && tries < 50; tries++) trial.close();
}

function spin(): void {
  for (;;);
}

Deno.test("safety: a rule that always throws is told of once, with its own frames, and switched off", () => {
  const trial = beside(() => {
    throw new Error("mine");
  });
  for (let i = 0; i < 10; i++) trial.close(i);
  deepStrictEqual(trial.told, ["bad: Error: mine", "bad: failed 5 times within a minute (off)"]);
  const stack = trial.problems[0]?.message ?? "";
  match(stack, /safety_test\.ts:\d+:\d+/);
  ok(!/engine\/rules\/(?!safety_test)/.test(stack), stack);
  strictEqual(trial.messages.length, 10);
});

Deno.test("safety: a rule that throws once goes on, and five failures far from each other are forgiven", () => {
  const trial = beside((count) => {
    if (count % 2 === 1) throw new Error("now and then");
  });
  for (let i = 0; i < 20; i++) trial.close(i * 10_000);
  deepStrictEqual(trial.told, ["bad: Error: now and then"]);
});

Deno.test("safety: anything at all can be thrown", () => {
  const thrown = [undefined, null, "text", Symbol("s"), Object.create(null), {
    toString() {
      throw new Error("again");
    },
  }];
  for (const each of thrown) {
    const trial = beside(() => {
      throw each;
    });
    trial.close();
    strictEqual(trial.told.length, 1);
    match(trial.told[0] ?? "", /^bad: threw /);
    deepStrictEqual(trial.messages, ["good"]);
  }
});

Deno.test("safety: an endless loop is cut, named and switched off; the others see that event too", () => {
  const trial = beside(spin, 100);
  closeUntilTold(trial);
  deepStrictEqual(trial.told, ["bad: ran for more than 100 ms (off)"]);
  strictEqual(trial.set.done, 0);
  trial.set.guarded(() => trial.set.event("close", call(), container("a"), trial.set.done));
  trial.close(1);
  deepStrictEqual(trial.messages, ["good", "good"]);
});

Deno.test("safety: so is a regular expression that never ends", () => {
  const trial = beside(() => /^(a+)+$/.test(`${"a".repeat(50)}!`), 100);
  closeUntilTold(trial);
  trial.close(1);
  deepStrictEqual(trial.told, ["bad: ran for more than 100 ms (off)"]);
  deepStrictEqual(trial.messages, ["good"]);
});

Deno.test("safety: where a rule is cut those behind it go on, and those before it have seen the event", () => {
  const limit = { burst: 100, per: "1m" } as const;
  const trial = new Trial(
    [rule("before", { limit }), rule("bad", { evaluate: spin }), rule("after", { limit })],
    { timeout: 100 },
  );
  const event = call();
  const seen: string[][] = [];
  for (let tries = 0; trial.told.length === 0 && tries < 50; tries++) {
    const from = trial.messages.length;
    trial.set.each(2, (_, from) => trial.set.event("close", event, container("a"), from));
    seen.push(trial.messages.slice(from));
  }
  deepStrictEqual(new Set(seen.map(String)), new Set(["before,after,before,after"]));
});

Deno.test("safety: what is cut in a tick keeps nothing from the others", () => {
  let heard = 0;
  const trial = new Trial([
    rule("bad", { onTally: spin, onContainer: spin }),
    rule("good", { onTally: () => void heard++, onContainer: () => void heard++ }),
  ], { timeout: 500 });
  const counts = new Map([["close", 1]]);
  trial.set.tick(tickAt(1000, {
    changes: [{ action: "started", container: container("a"), time: 0n }],
    tallies: [{ container: container("a"), total: counts, new: counts }],
  }));
  deepStrictEqual(trial.told, ["bad: ran for more than 500 ms (off)"]);
  strictEqual(heard, 2);
});

Deno.test("safety: a rule that gives a promise back is switched off, and told why", async () => {
  const trial = beside(() => Promise.reject(new Error("late")));
  trial.close();
  trial.close(1);
  deepStrictEqual(trial.told, [
    "bad: is async: what it looks at is something else by the time it goes on (off)",
  ]);
  strictEqual(trial.messages.length, 2);
  await new Promise((resolve) => setTimeout(resolve, 5));
});

for (
  const [name, later] of [
    ["promise", (): void => void Promise.reject(new Error("late"))],
    ["timer", (): void =>
      void setTimeout(() => {
        throw new Error("late");
      })],
  ] as const
) {
  Deno.test(`safety: a ${name} that fails later is the rule's failure`, async () => {
    const bad = rule("bad", { evaluate: later });
    const active = {
      rule: bad,
      options: {},
      severity: "info",
      limit: { burst: 1, per: "1m" },
    } as const;
    const trial = new Trial([{ ...active, file: here }]);
    let failures = 0;
    const all = Promise.withResolvers<void>();
    using _ = new Fences((error) => {
      if (++failures === 5) all.resolve();
      return trial.set.failedLater(error);
    });
    for (let i = 0; i < 5; i++) trial.close(i);
    await all.promise;
    deepStrictEqual(trial.told, ["bad: Error: late", "bad: failed 5 times within a minute (off)"]);
  });
}

Deno.test("safety: an error that is no rule's is not taken for one", () => {
  const trial = beside(() => {});
  strictEqual(trial.set.failedLater(new Error("ours")), false);
  deepStrictEqual(trial.told, []);
});

Deno.test("safety: a rule can't end the monitor", () => {
  using _ = new Fences();
  const trial = beside(() => Deno.exit(7));
  trial.close();
  deepStrictEqual(trial.told, ["bad: Error: a rule can't end the monitor"]);
  deepStrictEqual(trial.messages, ["good"]);
});

Deno.test("safety: a rule can't write to standard output; what is told of it can", () => {
  using _ = new Fences();
  const bytes = new TextEncoder().encode("forged\n");
  const writers: (() => unknown)[] = [
    () => Deno.stdout.writeSync(bytes),
    () => Deno.stdout.write(bytes),
    () => Deno.stdout.writable.getWriter(),
    () => Deno.stdout.close(),
  ];
  for (const writer of writers) {
    const trial = new Trial([
      rule("bad", { evaluate: ({ alert }) => void (alert("found"), writer()) }),
    ], {
      // As a sink does, which holds the very same standard output.
      onAlert: () => strictEqual(Deno.stdout.writeSync(new Uint8Array()), 0),
    });
    trial.close();
    match(trial.told[0] ?? "", /a rule can't (?:write to|close) standard output/);
  }
});

Deno.test("safety: an event can't be changed", () => {
  const tries: ((event: Record<string, unknown>) => unknown)[] = [
    (event) => event["syscall"] = "open",
    (event) => event["note"] = 1,
    (event) => (event["args"] as Record<string, unknown>)["fd"] = 1,
    (event) => (event["args"] as Record<string, unknown>)["note"] = 1,
    (event) => (event["process"] as Record<string, unknown>)["comm"] = "x",
    (event) => (event["container"] as Record<string, unknown>)["name"] = "x",
    (event) => (event["container"] as { labels: Record<string, string> }).labels["x"] = "x",
    (event) => (event["process"] as { argv: string[] }).argv.push("x"),
  ];
  for (const change of tries) {
    const trial = new Trial([
      rule("bad", {
        evaluate: ({ event }) => void change(event as unknown as Record<string, unknown>),
      }),
      rule("good", { evaluate: ({ event, alert }) => alert(`${event.syscall} ${event.args.fd}`) }),
    ]);
    const event = call("close", { fd: 5 }, { process: { argv: ["a"] } });
    trial.set.event("close", event, container("a"));
    match(trial.told[0] ?? "", /^bad: TypeError/);
    deepStrictEqual(trial.messages, ["close 5"]);
  }
});

Deno.test("safety: alert() is of no use when the rule has returned", () => {
  let late: ((message: string) => void) | undefined;
  const trial = new Trial([
    rule("bad", { evaluate: ({ alert }) => void (late = alert) }),
    rule("good"),
  ]);
  trial.close();
  throws(() => late?.("late"), /had returned/);
  deepStrictEqual(trial.messages, ["good"]);
});

Deno.test("safety: a limit's key that fails costs no alert", () => {
  const limit = {
    burst: 1,
    per: "1m",
    by: () => {
      throw new Error("key");
    },
  };
  const trial = new Trial([rule("bad", { limit })]);
  trial.close();
  deepStrictEqual([trial.messages, trial.told], [["bad"], ["bad: Error: key"]]);
});

Deno.test("safety: what a sink throws is not the rule's failure", () => {
  const trial = new Trial([rule("one")], {
    onAlert: () => {
      throw new Deno.errors.BrokenPipe("closed");
    },
  });
  throws(() => trial.close(), Deno.errors.BrokenPipe);
  deepStrictEqual(trial.told, []);
});
