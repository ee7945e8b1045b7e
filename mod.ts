/**
 * What rules and plugins are written with. Their files import from `"tallyman"`, wherever they lie.
 *
 * @module
 */
export { z } from "zod";
export {
  type Config,
  defineConfig,
  type PluginConfig,
  type RuleConfig,
} from "./src/engine/config/mod.ts";
export {
  type AlertChanges,
  type AlertContext,
  definePlugin,
  type EnrichContext,
  type Plugin,
  type PluginAlert,
  type PluginBatchSink,
  type PluginContext,
  type PluginCounts,
  type PluginDefinition,
  type PluginFilter,
  type PluginNeed,
  type PluginRecordSink,
  type PluginSink,
  type PluginTally,
  type PluginTallyContext,
  type PluginVerdict,
  type RewriteContext,
  type SinkBatch,
  type SinkContext,
  type SinkItem,
} from "./src/engine/plugins/mod.ts";
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
  millisecondsOf,
  type NumberPredicate,
  type Observed,
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
