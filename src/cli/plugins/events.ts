/**
 * Plugins for the command `events`.
 *
 * @module
 */
import type { PluginSet } from "../../engine/plugins/mod.ts";
import { openSettings } from "../rules/settings.ts";
import { openPlugins } from "./open.ts";

/** Which plugins there are to be. */
export interface EventPluginOptions {
  readonly plugins: readonly string[];
  readonly config: string | undefined;
}

/**
 * Loads the plugins: those of the configuration, too.
 *
 * @throws {Failure} saying what is wrong, and where.
 */
export async function openEventPlugins(
  { plugins, config }: EventPluginOptions,
): Promise<PluginSet> {
  // There is no view in which anything could be hidden.
  const flags = { plugins, config, showNoise: true };
  return await openPlugins(
    await openSettings({ ...flags, rules: [], noDefaultRules: true, ruleOn: [], ruleOff: [] }),
  );
}
