/** Shipped rules find the same in a child process without permissions as they do in the monitor itself. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { IsolatedRules } from "../../src/engine/isolate/mod.ts";
import { Monitor } from "../../src/engine/mod.ts";
import { activate, LiveRules } from "../../src/engine/rules/mod.ts";
import type { Alert } from "../../src/sinks/mod.ts";
import { kernelTest, until, workload } from "../kernel/fixture.ts";
import { acts, inContainer } from "./acts.ts";
import { actProgram } from "./programs.ts";
import { shippedRules } from "./watcher.ts";

const root = join(import.meta.dirname ?? ".", "../..");

/** Nothing is held back. */
const limit = { burst: 1000, per: "1h" };

/** How often counts are read, in ms. */
const TICK = 150;

/** Acts that fill the ring: what is lost of them, and what is found by the rate, is another thing each time. */
const floods: ReadonlySet<string> = new Set(["connect-flood", "descriptor-churn", "fork-bomb"]);

/**
 * Whether the file had its name yet when /proc was asked is another thing each time: `cp x; exec 3< x; rm x`, and run.
 */
const either = { act: "fileless-exec-1", text: /^dropped-executable: / } as const;

/** All shipped rules, on. */
async function allRules() {
  return (await shippedRules()).map((each) => activate(each, { limit }));
}

/** Rules at work, wherever they run. */
interface Running {
  drain(): number;
  tick(tick: ReturnType<Monitor["tick"]>): void;
}

/** What rules have found of the containers that begin with a prefix: `id: message`, by container. */
class Found {
  readonly #prefix: string;
  readonly #byAct = new Map<string, Set<string>>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  readonly add = ({ rule, message, container, event }: Alert) => {
    const id = container?.identity.id ?? "";
    if (!id.startsWith(this.#prefix)) return;
    const act = id.slice(this.#prefix.length);
    if (act === either.act && either.text.test(`${rule}: `)) return;
    // Numbers of processes and descriptors, names of temporary files: those differ from run to run.
    const text = message.replaceAll(/\d+/g, "N").replaceAll(this.#prefix, "");
    const what = event === undefined ? "" : " of a call";
    const found = this.#byAct.get(act) ?? new Set();
    this.#byAct.set(act, found.add(`${rule}: ${text}${what}`));
  };

  get all(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.#byAct].map(([act, found]) => [act, [...found].toSorted()]),
    );
  }
}

/** Runs every act in a container of its own. */
async function runActs(prefix: string, monitor: Monitor, rules: Running): Promise<void> {
  const program = actProgram();
  rules.tick(monitor.tick());
  for (const [id, scripts] of Object.entries(acts)) {
    if (floods.has(id)) continue;
    for (const [index, script] of scripts.entries()) {
      using work = await workload(`${prefix}${id}-${index}`, ...inContainer(script, program));
      let isOver = false;
      const over = work.status().then(() => isOver = true);
      work.resume();
      let ticked = performance.now();
      await until(`the end of ${id}`, () => {
        rules.drain();
        if (performance.now() - ticked >= TICK) {
          ticked = performance.now();
          rules.tick(monitor.tick());
        }
        return isOver;
      });
      await over;
      // Before its container is gone: a turn may be over before there is nothing left.
      await until("the last event", () => rules.drain() === 0);
      rules.tick(monitor.tick());
    }
  }
}

kernelTest("acts: rules find the same in a child process as in the monitor", async () => {
  using monitor = Monitor.open({ events: {} });
  const problems: string[] = [];
  const onProblem = ({ rule, message }: { rule: string; message: string }) =>
    void problems.push(`${rule}: ${message}`);

  const here = new Found("here-");
  const active = await allRules();
  const live = new LiveRules(monitor, active, { onAlert: here.add, onProblem, budget: 1e6 });
  await runActs("here-", monitor, live);
  live.end();

  const apart = new Found("apart-");
  const ids = active.map(({ rule }) => rule.id);
  const isolated = await IsolatedRules.start(monitor, {
    file: "here",
    paths: [],
    defaultRules: false,
    rule: Object.fromEntries(ids.map((id) => [id, { limit }])),
    switched: new Map(ids.map((id) => [id, true])),
    ruleTimeout: undefined,
    isolate: true,
    hasRules: true,
    plugins: [],
    sinks: [],
  }, {
    onAlert: apart.add,
    onProblem,
    onNotice: (text) => problems.push(text),
    shipped: join(root, "rules"),
    config: join(root, "deno.json"),
    budget: 1e6,
  });
  await runActs("apart-", monitor, isolated);
  await isolated.end();

  deepStrictEqual(problems, []);
  ok(Object.keys(here.all).length > ids.length / 2);
  deepStrictEqual(apart.all, here.all);
});
