/**
 * A rule at work.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { ActiveRule } from "./active_rule.ts";
import type { RaiseAlert, RuleEvent } from "./define.ts";
import { containerView } from "./container_view.ts";
import { millisecondsOf } from "./duration.ts";
import { type CompiledFilter, compileFilter } from "./filter.ts";
import type { AlertQuota, Limit } from "./quota.ts";
import type { ProcessNews } from "./process_change.ts";
import { Strikes } from "./strikes.ts";

/** What `evaluate` is called with. */
interface Context {
  readonly event: RuleEvent;
  readonly options: never;
  readonly alert: RaiseAlert;
}

/** What is kept of a rule while it runs. */
export interface Running extends ActiveRule {
  readonly filter: CompiledFilter;
  readonly limits: Limit;
  /** By container. */
  readonly quotas: Map<string, AlertQuota>;
  readonly alert: RaiseAlert;
  /** Made once for each view of events: for one, as a rule. */
  context: Context | undefined;
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

/** A rule looks at an event. */
export function evaluate(running: Running, event: RuleEvent): unknown {
  let { context } = running;
  if (context?.event !== event) {
    // Names and options are what load() has checked them to be.
    const options = running.options as never;
    context = Object.freeze({ event, options, alert: running.alert });
    running.context = context;
  }
  return running.rule.evaluate?.(context as never);
}

/** A rule hears of a process. */
export function hearProcess({ rule, options, alert }: Running, change: ProcessNews): unknown {
  const { action, process, exit, time, container } = change;
  return rule.onProcess?.({
    action,
    process,
    exit,
    time,
    container: containerView(container),
    options: options as never,
    alert,
  });
}

/** Whether a rule can run on as what it is now. */
export function isSame(running: Running, active: ActiveRule): boolean {
  return running.rule === active.rule && running.severity === active.severity &&
    isDeepStrictEqual(running.limit, active.limit) &&
    isDeepStrictEqual(running.options, active.options);
}
