/**
 * The configuration of rules. Without one nothing is loaded here that counting does not need.
 *
 * @module
 */
import type { chooseRules as choose } from "./choose.ts";

export type { ChosenRule } from "./choose.ts";
export { type Config, defineConfig, type RuleConfig } from "./define.ts";
export { ConfigError } from "./error.ts";
export { configNames } from "./find.ts";
export {
  loadChosen,
  loadSink,
  type PluginConfig,
  pluginsIn,
  shippedPluginNames,
  shippedPlugins,
} from "./plugins.ts";
export { formsOf, sinkPlugin } from "./sink_schemes.ts";
export {
  type FileSinkConfig,
  KEPT_FILES,
  type SinkChoice,
  type SinkConfig,
  type UrlChoice,
  urlChoice,
  type UrlSinkConfig,
} from "./sinks.ts";
export { formatSize, parseSize } from "./size.ts";
export { existingPath, readSettings, type RuleFlags, type Settings } from "./read.ts";

/** Loads the rules that settings speak of, and what it takes to do so: see choose.ts. */
export const chooseRules: typeof choose = async (...args) =>
  await (await import("./choose.ts")).chooseRules(...args);
