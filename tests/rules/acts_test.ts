/** Each rule that is shipped finds what it is for, when it is really done, with no other rule on. */
import { deepStrictEqual } from "node:assert/strict";
import { kernelTest } from "../kernel/fixture.ts";
import { acts, inContainer } from "./acts.ts";
import { actProgram } from "./programs.ts";
import { shippedRules, Watcher } from "./watcher.ts";

Deno.test("acts: there are some for every rule, and for no other", async () => {
  const rules = (await shippedRules()).map(({ rule }) => rule.id);
  deepStrictEqual(Object.keys(acts).toSorted(), rules.toSorted());
});

/** What has to be done before an act is one itself: all of it is root's. */
const ALWAYS = "root-process";

kernelTest("acts: each rule finds its own", async () => {
  const loaded = await shippedRules();
  const program = actProgram();
  using watcher = new Watcher();
  const nothing = await watcher.run("act-nothing", inContainer(":", program), loaded);
  const before = new Set(nothing.alerts.map(({ message }) => message));
  deepStrictEqual(
    [...new Set(nothing.alerts.map(({ rule }) => rule))].toSorted(),
    ["mount", "namespace-make", ALWAYS],
  );
  const missed: string[] = [];
  const failed = [...nothing.problems];
  for (const each of loaded) {
    const { id } = each.rule;
    for (const [index, script] of (acts[id] ?? []).entries()) {
      const command = inContainer(script, program);
      const { alerts, problems } = await watcher.run(`act-${id}-${index}`, command, [each]);
      const isFound = alerts.some(({ message }) => id === ALWAYS || !before.has(message));
      if (!isFound) missed.push(`${id}: ${script}`);
      failed.push(...problems);
    }
  }
  deepStrictEqual({ missed, failed }, { missed: [], failed: [] });
});
