import { ok, strictEqual, throws } from "node:assert/strict";
import { PluginTrial } from "tallyman/testing";
import plugin from "./labels.ts";

Deno.test("labels: all that are named must be there, with their values if they are named", () => {
  const trial = new PluginTrial(plugin, { labels: ["team=web", "watched"] });
  const labels = { team: "web", watched: "" };
  ok(trial.keeps({ labels }));
  ok(!trial.keeps({ name: "other", labels: { ...labels, team: "db" } }));
  ok(!trial.keeps({ name: "half", labels: { team: "web" } }));
  ok(!trial.keeps({ name: "none" }));
  strictEqual(trial.keeps({ name: "early", labels, metadata: "pending" }), "not yet");
  ok(!trial.keeps({ name: "nobody's", labels, metadata: "unknown" }));
});

Deno.test("labels: a value may hold what separates it, and names of objects' own are no labels", () => {
  ok(new PluginTrial(plugin, { labels: ["a=b=c"] }).keeps({ labels: { a: "b=c" } }));
  ok(!new PluginTrial(plugin, { labels: ["constructor"] }).keeps({ labels: {} }));
});

Deno.test("labels: without a label it is of no use, and says so", () => {
  throws(() => new PluginTrial(plugin), /options of plugin labels: labels: /);
  throws(() => new PluginTrial(plugin, { labels: ["=x"] }), /name or name=value/);
});
