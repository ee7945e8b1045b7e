/** Plugins at work: their order, and what they can do wrong without harm to anybody else. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Alert, alertRecord, single, type Sink, type Tick } from "../../sinks/mod.ts";
import { call, container, rule, tickAt, Trial } from "../rules/fixtures.ts";
import { makeContainer } from "../rules/testing/facts.ts";
import { definePlugin, type Plugin, type PluginDefinition } from "./define.ts";
import { activatePlugin } from "./load.ts";
import { PluginsSink } from "./plugins_sink.ts";
import type { PluginProblem } from "./running.ts";
import { PluginSet } from "./set.ts";

const a = container("a");

function plugin(name: string, hooks: Partial<PluginDefinition>): Plugin {
  return definePlugin({ name, title: name, ...hooks } as PluginDefinition);
}

function alertOf(message = "it happened", facts: Partial<Alert> = {}): Alert {
  return {
    time: 0n,
    rule: "r",
    title: "r",
    severity: "warning",
    tags: [],
    message,
    container: a,
    fields: undefined,
    event: undefined,
    suppressed: 0,
    ...facts,
  };
}

/** Plugins that are contained, and what was told of them. */
class Plugins implements AsyncDisposable {
  readonly told: string[] = [];
  readonly problems: PluginProblem[] = [];
  set!: PluginSet;

  static async open(plugins: readonly Plugin[], timeout = 1000): Promise<Plugins> {
    const self = new Plugins();
    const active = plugins.map((each) =>
      activatePlugin({ plugin: each, file: `/plugins/${each.name}.ts`, isShipped: false })
    );
    self.set = await PluginSet.open(active, {
      timeout,
      onProblem: (problem) => {
        const { plugin, message, isOff } = problem;
        self.problems.push(problem);
        self.told.push(`${plugin}: ${message.split("\n")[0]}${isOff ? " (off)" : ""}`);
      },
    });
    return self;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.set[Symbol.asyncDispose]();
  }
}

function spin(): never {
  for (;;);
}

function fail(): never {
  throw new Error("mine");
}

Deno.test("plugins: each sees an alert as those before it have left it", async () => {
  await using plugins = await Plugins.open([
    plugin("one", { alert: ({ alert }) => ({ message: `${alert.message}, one`, tags: ["t"] }) }),
    plugin("two", {
      alert: ({ alert }) => ({ message: `${alert.message}, two`, severity: "critical" }),
      enrich: ({ container }) => ({ name: container?.name }),
    }),
  ]);
  const told = plugins.set.alert(alertOf());
  strictEqual(told?.message, "it happened, one, two");
  const record = alertRecord(told);
  deepStrictEqual(Reflect.get(record, "plugins"), { two: { name: "a" } });
  deepStrictEqual(Reflect.get(record, "tags"), ["t"]);
  strictEqual(Reflect.get(record, "severity"), "critical");
});

Deno.test("plugins: an alert that is held back is not seen by those behind, and is told of", async () => {
  let seen = 0;
  await using plugins = await Plugins.open([
    plugin("one", { alert: ({ alert, hold }) => alert.message === "no" ? hold() : undefined }),
    plugin("two", { alert: () => void seen++ }),
  ]);
  const { set } = plugins;
  strictEqual(set.alert(alertOf("no")), undefined);
  strictEqual(set.alert(alertOf("no", { suppressed: 4 })), undefined);
  strictEqual(seen, 0);
  strictEqual(set.alert(alertOf("yes", { rule: "another" }))?.suppressed, 0);
  strictEqual(set.alert(alertOf("yes", { suppressed: 1 }))?.suppressed, 1 + 1 + 5);
  strictEqual(set.alert(alertOf("no")), undefined);
  deepStrictEqual(set.release(59_000_000_000n), []);
  const [summary] = set.release(61_000_000_000n);
  strictEqual(summary?.message, "1 more like this were held back");
  deepStrictEqual(set.end(), []);
});

Deno.test("plugins: one that throws is told of once, with its own frames, and switched off", async () => {
  await using plugins = await Plugins.open([
    plugin("bad", { alert: fail }),
    plugin("good", { alert: () => ({ message: "good" }) }),
  ]);
  for (let i = 0; i < 8; i++) strictEqual(plugins.set.alert(alertOf())?.message, "good");
  deepStrictEqual(plugins.told, ["bad: Error: mine", "bad: failed 5 times within a minute (off)"]);
  const stack = plugins.problems[0]?.message ?? "";
  match(stack, /set_test\.ts:\d+:\d+/);
  ok(!stack.includes("running.ts"), stack);
});

Deno.test("plugins: an endless loop is cut and switched off, in any hook; the others go on", async () => {
  const hooks: Partial<PluginDefinition>[] = [
    { alert: spin },
    { enrich: spin },
    { tally: spin },
    { filter: { container: spin } },
    { start: spin },
    { sink: spin },
  ];
  const bad = hooks.map((each, i) => plugin(`bad_${i}`, each));
  await using plugins = await Plugins.open([
    ...bad,
    plugin("good", { alert: () => ({ message: "good" }), tally: ({ hide }) => hide("read") }),
  ], 100);
  const { set } = plugins;
  await set.start();
  set.openSinks(2 ** 20);
  ok(set.keeps(a));
  const tallies = [{ container: a, total: new Map([["read", 3]]), new: new Map([["read", 1]]) }];
  const [tally] = set.tick(tickAt(0, { tallies })).tallies;
  deepStrictEqual(tally?.hidden, {
    total: new Map([["read", 3]]),
    new: new Map([["read", 1]]),
    by: ["good"],
  });
  // A machine that has no time for anybody is not the plugin's fault: it has three tries.
  for (let i = 0; i < 3; i++) {
    strictEqual(set.alert(alertOf())?.message, "good");
    set.tick(tickAt(i, { tallies }));
    set.keeps(makeContainer({ name: `c${i}` }));
  }
  const off = plugins.problems.filter(({ isOff }) => isOff).map(({ plugin }) => plugin);
  deepStrictEqual(off.toSorted(), bad.map(({ name }) => name));
});

Deno.test("plugins: a hook that is async is switched off, and so is one that answers nonsense", async () => {
  await using plugins = await Plugins.open([
    plugin("late", { alert: (() => Promise.reject(new Error("later"))) as never }),
    plugin("odd", { alert: () => ({ severity: "grave" as never }) }),
  ]);
  strictEqual(plugins.set.alert(alertOf())?.severity, "warning");
  match(plugins.told[0] ?? "", /^late: has an async hook.* \(off\)$/);
  strictEqual(plugins.told[1], "odd: TypeError: alert() returned the severity grave");
});

Deno.test("plugins: what fails to rewrite lets nothing pass", async () => {
  for (const rewrite of [fail, spin, () => [], () => [1 as never]]) {
    await using plugins = await Plugins.open([plugin("bad", { rewrite })], 100);
    for (let i = 0; i < 7; i++) {
      const told = plugins.set.alert(
        alertOf("secret", { fields: { deep: [{ key: "secret" }] }, rule: "secret-rule" }),
      );
      const text = JSON.stringify({ ...told, time: 0, container: undefined, rule: "", title: "" });
      ok(!text.includes("secret"), text);
    }
    ok(plugins.told.at(-1)?.endsWith("(off)"), plugins.told.join());
  }
});

Deno.test("plugins: events that one does not want are kept from rules, counted, and told", async () => {
  await using plugins = await Plugins.open([
    plugin("quiet", { filter: { syscalls: ["close"], event: ({ event }) => event.time > 0n } }),
  ]);
  const trial = new Trial([rule("r", { limit: { burst: 100, per: "1m" } })], {
    filter: plugins.set.events,
  });
  for (const at of [0, 0, 5]) trial.close(at);
  strictEqual(trial.messages.length, 1);
  deepStrictEqual(plugins.set.tick(tickAt(0)).losses, [
    { container: a, reason: "filtered", plugin: "quiet", count: 2 },
  ]);
  deepStrictEqual(plugins.set.tick(tickAt(1)).losses, []);
});

Deno.test("plugins: one that never answers whether it wants an event, or a container, is cut", async () => {
  for (const filter of [{ event: spin }, { container: spin }]) {
    await using plugins = await Plugins.open([plugin("bad", { filter })], 100);
    const trial = new Trial([rule("r")], { filter: plugins.set.events, timeout: 100 });
    trial.close();
    // The batch comes again, and goes on.
    for (let i = 0; i < 3 && trial.messages.length === 0; i++) {
      trial.set.guarded(() => trial.set.event("close", call(), a, trial.set.done));
    }
    deepStrictEqual(trial.messages, ["r"]);
    match(plugins.told.join(), /^bad: .*100 ms.* \(off\)$/);
  }
});

Deno.test("plugins: a container that one does not want is asked about again when more is known", async () => {
  const asked: string[] = [];
  await using plugins = await Plugins.open([
    plugin("p", {
      filter: { container: ({ container }) => asked.push(container.metadata) > 1 },
    }),
  ]);
  const pending = makeContainer({ name: "b", metadata: "pending" });
  strictEqual(plugins.set.keeps(pending), false);
  strictEqual(plugins.set.keeps(pending), false);
  pending.metadata = { state: "known", description: {} };
  strictEqual(plugins.set.keeps(pending), true);
  deepStrictEqual(asked, ["pending", "known"]);
});

Deno.test("plugins: start comes first, stop always, the last first; neither can hold up the end", async () => {
  const heard: string[] = [];
  const two = plugin("two", {
    start: () => Promise.reject(new Error("no place to start")),
    stop: () => void heard.push("stop two"),
  });
  const three = plugin("three", { start: () => {}, stop: fail });
  const stuck = plugin("stuck", {
    start: () => void heard.push("start stuck"),
    // Never kept.
    stop: () => new Promise<void>(() => {}),
  });
  await using plugins = await Plugins.open([stuck, two, three]);
  await plugins.set.start();
  deepStrictEqual(plugins.told, ["two: Error: no place to start", "two: did not start (off)"]);
  await plugins.set[Symbol.asyncDispose]();
  deepStrictEqual(heard, ["start stuck", "stop two"]);
  deepStrictEqual(plugins.told.slice(2), [
    "three: Error: mine",
    "stuck: was not ready after 2000 ms",
  ]);
});

class Kept implements Sink {
  readonly ticks: Tick[] = [];
  readonly alerts: Alert[] = [];
  write(tick: Tick): void {
    this.ticks.push(tick);
  }
  alert(alert: Alert): void {
    this.alerts.push(alert);
  }
  [Symbol.dispose](): void {}
}

Deno.test("plugins: a sink gets every line; while it is busy they wait, in their order; it is closed", async () => {
  const heard: string[] = [];
  await using plugins = await Plugins.open([
    plugin("slow", {
      sink: () => ({
        async write({ line, record }) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          heard.push(`${line} ${Reflect.get(record, "n")}`);
        },
        close: () => void heard.push("closed"),
      }),
    }),
    plugin("bad", { sink: () => ({ write: fail }) }),
  ]);
  const output = plugins.set.openSinks(2 ** 20);
  const lines = Array.from({ length: 20 }, (_, n) => JSON.stringify({ n, text: "ä" }));
  // One by one, and together.
  for (const line of lines.slice(0, 5)) output?.put(single("event", `${line}\n`));
  output?.put(single("event", lines.slice(5).map((line) => `${line}\n`).join("")));
  await plugins.set[Symbol.asyncDispose]();
  deepStrictEqual(heard, [...lines.map((line, n) => `${line} ${n}`), "closed"]);
  deepStrictEqual(plugins.told.slice(0, 2), [
    "bad: Error: mine",
    "bad: failed 5 times within a minute (off)",
  ]);
  match(plugins.told[2] ?? "", /bad: 20 records were not written/);
});

Deno.test("plugins: a sink that is slow gets what matters most, and is told what was dropped", async () => {
  const heard: string[] = [];
  let goOn = () => {};
  const isStuck = new Promise<void>((resolve) => goOn = resolve);
  await using plugins = await Plugins.open([
    plugin("slow", {
      sink: () => ({
        write({ line }) {
          heard.push(line);
          if (heard.length === 1) return isStuck;
        },
      }),
    }),
  ]);
  const output = plugins.set.openSinks(2 ** 20);
  ok(output !== undefined);
  const lineOf = (type: string, n: number) =>
    `${JSON.stringify({ type, n, text: "x".repeat(1000) })}\n`;
  output.put(single("status", lineOf("status", 0)));
  await new Promise((resolve) => setTimeout(resolve, 10));
  strictEqual(heard.length, 1);
  const many = 2000;
  for (let n = 0; n < many; n++) output.put(single("event", lineOf("event", n), a));
  ok(!output.accepts("event"));
  for (let n = 0; n < 100; n++) output.put(single("alert", lineOf("alert", n), a));
  goOn();
  await plugins.set[Symbol.asyncDispose]();
  const records = heard.map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
  const of = (type: string) => records.filter((record) => record["type"] === type);
  deepStrictEqual(of("alert").map(({ n }) => n), Array.from({ length: 100 }, (_, n) => n));
  const [loss, ...others] = of("loss");
  deepStrictEqual(others, []);
  deepStrictEqual(
    [
      loss?.["reason"],
      loss?.["sink"],
      loss?.["record"],
      Reflect.get(loss?.["container"] ?? {}, "id"),
    ],
    ["queue_full", "slow", "event", a.identity.id],
  );
  ok(of("event").length < many);
  strictEqual(of("event").length + Number(loss?.["count"]), many);
  deepStrictEqual(plugins.told, []);
});

Deno.test("plugins: a sink that never answers holds up nobody, and it is told what it did not take", async () => {
  await using plugins = await Plugins.open([
    plugin("stuck", { sink: () => ({ write: () => new Promise<void>(() => {}) }) }),
  ]);
  const output = plugins.set.openSinks(2 ** 20);
  for (let n = 0; n < 3; n++) output?.put(single("alert", `{"n":${n}}\n`));
  await plugins.set[Symbol.asyncDispose]();
  match(plugins.told.join(), /^stuck: .*3 records were not written/);
});

Deno.test("plugins: what is still held back is told before the sinks are closed", async () => {
  await using plugins = await Plugins.open([plugin("p", { alert: ({ hold }) => hold() })]);
  const kept = new Kept();
  {
    using sink = new PluginsSink(plugins.set, [kept]);
    sink.alert(alertOf());
    sink.write(tickAt(0));
    strictEqual(kept.ticks.length, 1);
    strictEqual(kept.alerts.length, 0);
  }
  deepStrictEqual(kept.alerts.map(({ message }) => message), ["1 more like this were held back"]);
});

Deno.test("plugins: code of theirs that fails later is theirs", async () => {
  await using plugins = await Plugins.open([plugin("p", { alert: () => {} })]);
  const error = new Error("late");
  error.stack = "Error: late\n    at file:///plugins/p.ts:3:4";
  ok(plugins.set.failedLater(error));
  ok(!plugins.set.failedLater(new Error("another's")));
  match(plugins.told.join(), /^p: Error: late$/);
});

Deno.test("plugins: what fails later is theirs, however it fails, and ends nothing", async () => {
  const failing = {
    deno: () => void Deno.readTextFile("/nonexistent/file"),
    text: () =>
      void setTimeout(() => {
        throw "a text";
      }),
    reason: () => void Promise.reject(undefined),
  };
  for (const [name, alert] of Object.entries(failing)) {
    await using plugins = await Plugins.open([
      plugin("before", { alert() {} }),
      plugin(name, { alert }),
    ]);
    plugins.set.alert(alertOf());
    while (plugins.told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    match(plugins.told.join(), new RegExp(`^${name}: `));
  }
});

Deno.test("plugins: what was dropped before its labels were known is told if it was wanted", async () => {
  await using plugins = await Plugins.open([
    plugin("ours", { filter: { container: ({ container }) => "ours" in container.labels } }),
  ]);
  const known = (labels: Readonly<Record<string, string>>) => makeContainer({ labels }).metadata;
  const [ours, other] = ["ours", "other"].map((name) =>
    makeContainer({ name, metadata: "pending" })
  );
  for (const each of [ours!, other!]) {
    strictEqual(plugins.set.passes("close", call(), each, true), false);
    strictEqual(plugins.set.hears(each, true), false);
  }
  deepStrictEqual(plugins.set.events.take(), []);
  ours!.metadata = known({ ours: "" });
  other!.metadata = known({});
  deepStrictEqual(plugins.set.events.take(), [
    { container: ours, reason: "filtered", syscall: "close", plugin: "ours", count: 1 },
    { container: ours, reason: "filtered", plugin: "ours", count: 1 },
  ]);
  ok(plugins.set.passes("close", call(), ours!, true));
  strictEqual(plugins.set.passes("close", call(), other!, true), false);
  deepStrictEqual(plugins.set.events.take(), []);
});

Deno.test("plugins: a filter may say not yet; who says no wins, and where nothing more will be known it is no", async () => {
  const verdicts: Record<string, boolean | "not yet"> = {};
  const said = (name: string) =>
    plugin(name, {
      filter: {
        container: () => verdicts[name] ?? true,
        event: () => verdicts[`${name} event`] ?? true,
      },
    });
  await using plugins = await Plugins.open([said("one"), said("two")]);
  const pending = () => makeContainer({ name: "a", metadata: "pending" });
  const cases = [
    [{}, true],
    [{ one: "not yet" }, "not yet"],
    [{ one: "not yet", two: false }, false],
    [{ one: false, two: "not yet" }, false],
    [{ "two event": "not yet" }, "not yet"],
    [{ "one event": "not yet", "two event": false }, false],
  ] as const;
  for (const [says, wanted] of cases) {
    for (const key of Object.keys(verdicts)) delete verdicts[key];
    Object.assign(verdicts, says);
    strictEqual(plugins.set.passes("close", call(), pending(), true), wanted);
    // Who may not wait hears no.
    strictEqual(plugins.set.passes("close", call(), pending(), false), wanted === true);
    const known = makeContainer({ name: "a" });
    strictEqual(plugins.set.passes("close", call(), known, true), wanted === true);
    const ofContainer = Object.keys(says).some((key) => !key.includes("event"));
    if (ofContainer) strictEqual(plugins.set.hears(pending(), true), wanted);
    strictEqual(plugins.set.keeps(pending()), !ofContainer || wanted === true);
  }
  // What no event's filter could say is told at once: nobody will be asked again.
  const dropped = plugins.set.events.take().map(({ plugin, count }) => [plugin, count]);
  ok(dropped.some(([plugin]) => plugin === "two"), JSON.stringify(dropped));
});
