/**
 * Plugins: defined, loaded, run. What it takes to load somebody's, and to contain it, comes when there is one.
 *
 * @module
 */
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
  type SinkRecord,
} from "./define.ts";
export { PluginsSink } from "./plugins_sink.ts";
export type { ActivePlugin } from "./running.ts";
export { PluginSet } from "./set.ts";
export { openSink } from "./sink_target.ts";
