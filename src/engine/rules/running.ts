/**
 * A rule at work.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { ActiveRule } from "./active_rule.ts";
import type { RaiseAlert, RuleEvent } from "./define.ts";
import { millisecondsOf } from "./duration.ts";
import { type CompiledFilter, compileFilter } from "./filter.ts";
import type { AlertQuota } from "./alert_limits.ts";
import type { Limit } from "./quota.ts";
import { Strikes } from "./strikes.ts";

/** What is kept of a rule while it runs. */
export interface Running extends ActiveRule {
  readonly filter: CompiledFilter;
  readonly limits: Limit;
  /** By container. */
  readonly quotas: Map<string, AlertQuota>;
  readonly alert: RaiseAlert;
  /** What `evaluate` is called with, made once for each view of events: for one, as a rule. */
  context:
    | { readonly event: RuleEvent; readonly options: never; readonly alert: RaiseAlert }
    | undefined;
  readonly strikes: Strikes;
  isOff: boolean;
}

/** Sets a rule to work. */
export function begin(
  active: ActiveRule,
  alert: (running: Running, ...told: Parameters<RaiseAlert>) => void,
): Running {
  const { burst, per } = active.limit;
  const running: Running = {
    ...active,
    filter: compileFilter(active.rule.filter),
    limits: { burst, milliseconds: millisecondsOf(per) },
    quotas: new Map(),
    alert: (...told) => alert(running, ...told),
    context: undefined,
    strikes: new Strikes(),
    isOff: false,
  };
  return running;
}

/** Whether a rule can run on as what it is now. */
export function isSame(running: Running, active: ActiveRule): boolean {
  return running.rule === active.rule && running.severity === active.severity &&
    isDeepStrictEqual(running.limit, active.limit) &&
    isDeepStrictEqual(running.options, active.options);
}
