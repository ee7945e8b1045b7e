/**
 * What becomes of rules when others take their place.
 *
 * @module
 */
import type { ActiveRule, NamedRule, Replaced } from "./active_rule.ts";
import { isSame, type Running } from "./running.ts";

/** Rules before and after. */
export interface Replacement {
  readonly rules: readonly Running[];
  /** They do not run any more. */
  readonly retired: readonly Running[];
  readonly replaced: Replaced;
}

function named({ rule: { id }, file }: ActiveRule): NamedRule {
  return { id, file };
}

/**
 * A rule that is the same, with the same options, severity and limit, runs on as what it is; another one begins anew.
 *
 * @param begin Sets a rule to work.
 */
export function replacement(
  current: readonly Running[],
  next: readonly ActiveRule[],
  begin: (active: ActiveRule) => Running,
): Replacement {
  const before = new Map(current.map((running) => [running.rule.id, running]));
  const rules = next.map((active) => {
    const same = before.get(active.rule.id);
    return same !== undefined && isSame(same, active) ? same : begin(active);
  });
  const kept = new Set(rules);
  const retired = current.filter((each) => !kept.has(each));
  const begun = next.filter((active, i) => rules[i] !== before.get(active.rule.id));
  const ids = new Set(next.map(({ rule }) => rule.id));
  return {
    rules,
    retired,
    replaced: {
      changed: begun.filter(({ rule }) => before.has(rule.id)).map(named),
      added: begun.filter(({ rule }) => !before.has(rule.id)).map(named),
      gone: retired.filter(({ rule }) => !ids.has(rule.id)).map(named),
    },
  };
}
