import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { PluginTrial } from "tallyman/testing";
import plugin from "./dedupe.ts";

Deno.test("dedupe: the same within a minute is one; the next that is told says how many there were", () => {
  const trial = new PluginTrial(plugin);
  strictEqual(trial.alert({ at: "1s" })?.suppressed, 0);
  strictEqual(trial.alert({ at: "2s" }), undefined);
  strictEqual(trial.alert({ at: "30s" }), undefined);
  strictEqual(trial.alert({ at: "62s" })?.suppressed, 2);
});

Deno.test("dedupe: another rule, container or message is another alert, and tells of no other's", () => {
  const trial = new PluginTrial(plugin, { per: "1h" });
  ok(trial.alert());
  strictEqual(trial.alert({ at: "1s" }), undefined);
  strictEqual(trial.alert({ message: "something else" })?.suppressed, 0);
  strictEqual(trial.alert({ rule: "another" })?.suppressed, 0);
  strictEqual(trial.alert({ container: { name: "another" } })?.suppressed, 0);
});

Deno.test("dedupe: what was held back is told in the end, with its count", () => {
  const trial = new PluginTrial(plugin);
  for (let i = 0; i < 5; i++) trial.alert({ at: `${i}s` });
  deepStrictEqual(trial.later("30s"), []);
  deepStrictEqual(trial.later("90s").map(({ message, suppressed }) => [message, suppressed]), [
    ["4 more: it happened", 4],
  ]);
  deepStrictEqual(trial.end(), []);
});
