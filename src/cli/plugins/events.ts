/**
 * Settings for the command `events`: it has no rules.
 *
 * @module
 */
import type { Settings } from "../../engine/config/mod.ts";
import { openSettings } from "../rules/settings.ts";

/** Which plugins there are to be. */
export interface EventPluginOptions {
  readonly plugins: readonly string[];
  readonly config: string | undefined;
}

/**
 * Reads which plugins there are to be, those of the configuration, too, and what else it says.
 *
 * @throws {Failure} saying what is wrong, and where.
 */
export async function openEventSettings(
  { plugins, config }: EventPluginOptions,
): Promise<Settings> {
  // There is no view in which anything could be hidden.
  const flags = { plugins, config, showNoise: true };
  return await openSettings({ ...flags, rules: [], noDefaultRules: true, ruleOn: [], ruleOff: [] });
}
