/** What rules begin and nobody waits for may fail however it likes: it is its rule's failure, and ends nothing. */
import { deepStrictEqual } from "node:assert/strict";
import * as timers from "node:timers";
import { ProcessTable } from "../../processes/mod.ts";
import { container, rule, tickAt } from "./fixtures.ts";
import { LiveRules } from "./live.ts";
import { activate } from "./load.ts";

const failing: Readonly<Record<string, () => unknown>> = {
  "what Deno rejects": () => void Deno.readTextFile("/nonexistent/file"),
  "a request that nobody answers": () => void fetch("http://127.0.0.1:1/"),
  "a rejection without a reason": () => void Promise.reject(undefined),
  "a timer that throws a text": () =>
    setTimeout(() => {
      throw "a text";
    }),
  "an interval that throws null": () => {
    const interval = setInterval(() => {
      clearInterval(interval);
      throw null;
    });
  },
  "an error whose stack is none": () =>
    setTimeout(() => {
      throw Object.assign(new Error("odd"), { stack: 5 });
    }),
  "an error that can't be looked at": () =>
    setTimeout(() => {
      throw new Proxy(new Error("hidden"), {
        get() {
          throw new Error("no");
        },
      });
    }),
};

/** Runs a rule's code at a tick, and waits until something is told of it. */
async function told(begin: () => unknown): Promise<string[]> {
  const told: string[] = [];
  const all = Promise.withResolvers<void>();
  const tell = (text: string) => {
    told.push(text);
    all.resolve();
  };
  const bad = rule("bad", { onTally: () => void begin() });
  const source = { processes: new ProcessTable(), bootTime: 0n, want() {}, drain: () => 0 };
  using rules = new LiveRules(source, [activate({ rule: bad, file: "/rules/bad.ts" })], {
    onAlert() {},
    onProblem: ({ rule }) => tell(rule),
    onNotice: () => tell("nobody's"),
  });
  const counts = new Map([["close", 1]]);
  rules.tick(tickAt(1, {
    tallies: [{ container: container("a"), total: counts, new: counts }],
  }));
  await all.promise;
  return told;
}

for (const [what, begin] of Object.entries(failing)) {
  Deno.test(`late: ${what} is the rule's failure`, async () => {
    deepStrictEqual(await told(begin), ["bad"]);
  });
}

Deno.test("late: what nobody knows whose it is ends nothing, if it is not ours", async () => {
  const begin = () =>
    timers.setTimeout(() => {
      throw "a text";
    });
  deepStrictEqual(await told(begin), ["nobody's"]);
});
