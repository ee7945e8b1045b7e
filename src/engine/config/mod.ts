/**
 * The configuration of rules. Without one nothing is loaded here that counting does not need.
 *
 * @module
 */
import type { RuleLoader } from "../rules/mod.ts";
import type { ChosenRule } from "./choose.ts";
import type { Settings } from "./read.ts";

export type { ChosenRule } from "./choose.ts";
export { type Config, defineConfig, type RuleConfig } from "./define.ts";
export { ConfigError } from "./error.ts";
export { configNames, findConfig } from "./find.ts";
export {
  loadChosen,
  loadSink,
  type PluginChoice,
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
export { existingPath, readConfig, readSettings, type RuleFlags, type Settings } from "./read.ts";

/**
 * Loads the rules that settings speak of, and what it takes to do so; see choose.ts.
 *
 * @param shipped The folder of those that come with the monitor.
 * @param all Whether to load these too if nothing switches one of them on: to list them.
 * @param loader How their files are loaded: once for all by default.
 * @throws {ConfigError} if settings name a rule or an option that there is not.
 */
export async function chooseRules(
  settings: Settings,
  shipped: string,
  all = false,
  loader?: RuleLoader,
): Promise<ChosenRule[]> {
  const choose = await import("./choose.ts");
  return await choose.chooseRules(settings, shipped, all, loader);
}
