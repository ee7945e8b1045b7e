import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { PluginTrial } from "tallyman/testing";
import plugin from "./rate_limits.ts";

function passed(trial: PluginTrial, count: number, facts: Parameters<PluginTrial["alert"]>[0]) {
  let all = 0;
  for (let i = 0; i < count; i++) if (trial.alert(facts) !== undefined) all++;
  return all;
}

Deno.test("rate_limits: of a severity; the others go on", () => {
  const trial = new PluginTrial(plugin, { severity: { notice: 3, info: 0 } });
  strictEqual(passed(trial, 10, { severity: "notice" }), 3);
  strictEqual(passed(trial, 10, { severity: "info" }), 0);
  strictEqual(passed(trial, 10, { severity: "critical" }), 10);
});

Deno.test("rate_limits: of a rule in all containers; of each container in all rules", () => {
  const trial = new PluginTrial(plugin, { rule: { noisy: 2 }, container: 4 });
  strictEqual(passed(trial, 5, { rule: "noisy", container: { name: "a" } }), 2);
  strictEqual(passed(trial, 5, { rule: "noisy", container: { name: "b" } }), 0);
  strictEqual(passed(trial, 5, { rule: "other", container: { name: "a" } }), 2);
  strictEqual(passed(trial, 5, { rule: "other", container: { name: "b" } }), 4);
});

Deno.test("rate_limits: a window ends, and what was held back is told", () => {
  const trial = new PluginTrial(plugin, { per: "10s", container: 1 });
  ok(trial.alert({ at: "1s" }));
  strictEqual(trial.alert({ at: "2s" }), undefined);
  strictEqual(trial.alert({ at: "3s", message: "another" }), undefined);
  strictEqual(trial.alert({ at: "12s" })?.suppressed, 2);
  strictEqual(trial.alert({ at: "13s" }), undefined);
  deepStrictEqual(trial.end().map(({ message }) => message), ["1 more like this were held back"]);
});

Deno.test("rate_limits: options that are none are refused", () => {
  throws(() => new PluginTrial(plugin, { per: "soon" }), /per: expected a length of time/);
  throws(() => new PluginTrial(plugin, { severity: { grave: 1 } }), /severity/);
  throws(() => new PluginTrial(plugin, { burst: 1 }), /burst/);
});
