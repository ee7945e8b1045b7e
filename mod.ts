/**
 * What rules are written with. A rule file imports from `"tallyman"`, wherever it lies.
 *
 * @module
 */
export { z } from "zod";
export { type Config, defineConfig, type RuleConfig } from "./src/engine/config/mod.ts";
export {
  type ContainerContext,
  type Cooldown,
  cooldown,
  defineRule,
  type Distinct,
  distinct,
  type EventContext,
  type First,
  first,
  type FlagsPredicate,
  type NumberPredicate,
  type Observed,
  type Predicate,
  type RaiseAlert,
  type Rule,
  type RuleContainer,
  type RuleDefinition,
  type RuleEvent,
  type RuleFilter,
  type RuleLimit,
  type RuleProcess,
  type RuleTally,
  type Severity,
  type StateOptions,
  type TallyContext,
  type TextPredicate,
  type Window,
  window,
} from "./src/engine/rules/mod.ts";
export { isFault } from "./src/syscalls/arguments/mod.ts";
export type {
  ArgumentsOf,
  CallName,
  Choice,
  Data,
  Fault,
  Flags,
  ResultOf,
  SocketAddress,
} from "./src/syscalls/arguments/mod.ts";
