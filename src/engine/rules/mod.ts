/**
 * Rules: defined, loaded, run. Not part of ../mod.ts, so that counting doesn't load zod and the arguments of
 * all calls.
 *
 * @module
 */
export { containerView } from "./container_view.ts";
export {
  type ContainerContext,
  defineRule,
  type EventContext,
  type FlagsPredicate,
  type NumberPredicate,
  type Predicate,
  type ProcessContext,
  type ProcessExit,
  type RaiseAlert,
  type Rule,
  type RuleContainer,
  type RuleDefinition,
  type RuleEvent,
  type RuleFilter,
  type RuleLimit,
  type RuleProcess,
  type RuleTally,
  severities,
  type Severity,
  type TallyContext,
  type TextPredicate,
} from "./define.ts";
export { collectGarbage, RestingHeap } from "./garbage.ts";
export { PendingLosses } from "./pending_losses.ts";
export { SelectedEvents } from "./selected.ts";
export { type EventSource, LiveRules, type LiveRulesOptions } from "./live.ts";
export { millisecondsOf } from "./duration.ts";
export {
  activate,
  type LoadedRule,
  loadFile,
  loadRules,
  RuleError,
  ruleFiles,
  ruleFolders,
  type RuleLoader,
  type RuleSettings,
  rulesOf,
} from "./load.ts";
export {
  type ActiveRule,
  DEFAULT_LIMIT,
  type NamedRule,
  type Replaced,
  type RuleProblem,
} from "./active_rule.ts";
export type { EventFilter, Verdict } from "./event_filter.ts";
export { RuleSet, type RuleSetOptions } from "./rule_set.ts";
export {
  type Cooldown,
  cooldown,
  type Distinct,
  distinct,
  type First,
  first,
  type Observed,
  type StateOptions,
  type Window,
  window,
} from "./state.ts";
export { DEFAULT_TIMEOUT } from "./watchdog.ts";
