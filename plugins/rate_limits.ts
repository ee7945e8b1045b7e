/** Limits of alerts beyond those that rules have themselves. */
import { definePlugin, type PluginAlert, type Severity, z } from "tallyman";
import { Counter } from "./shared/counter.ts";
import { length } from "./shared/length.ts";

const burst = z.int().min(0);

interface Limits {
  readonly severity: Readonly<Partial<Record<Severity, number>>>;
  readonly rule: Readonly<Record<string, number>>;
  readonly container?: number | undefined;
}

/** The limits that an alert is under, and by what it is counted for each. */
function* limitsOf(
  { severity, rule, container }: PluginAlert,
  limits: Limits,
): Generator<readonly [key: string, most: number]> {
  const bySeverity = limits.severity[severity];
  if (bySeverity !== undefined) yield [`severity ${severity}`, bySeverity];
  const byRule = Object.hasOwn(limits.rule, rule) ? limits.rule[rule] : undefined;
  if (byRule !== undefined) yield [`rule ${rule}`, byRule];
  if (limits.container !== undefined && container !== undefined) {
    yield [`container ${container.runtime} ${container.id}`, limits.container];
  }
}

export default definePlugin({
  name: "rate_limits",
  title: "So many alerts by severity, by rule and by container, and no more",
  options: z.object({
    per: length.prefault("1m").describe("The time that all limits are for."),
    severity: z.partialRecord(z.enum(["info", "notice", "warning", "error", "critical"]), burst)
      .default({}).describe("Alerts of a severity, of all rules and containers."),
    rule: z.record(z.string(), burst).default({}).describe("Alerts of a rule, of all containers."),
    container: burst.optional().describe("Alerts of each container, of all rules."),
  }),
  state: ({ per }) => new Counter(per),
  alert({ alert, options, state, hold }) {
    const limits = [...limitsOf(alert, options)];
    // What one limit holds back takes nothing of the others.
    if (limits.some(([key, most]) => state.count(key, alert.time) >= most)) return hold();
    for (const [key] of limits) state.add(key, alert.time);
  },
});
