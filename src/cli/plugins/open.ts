/**
 * Plugins for a command, and how it ends if something is wrong with them.
 *
 * @module
 */
import { loadChosen, type Settings } from "../../engine/config/mod.ts";
import { PluginSet } from "../../engine/plugins/mod.ts";
import { sayProblem } from "../rules/at_work.ts";
import { orFailure } from "../rules/settings.ts";

/**
 * Loads the plugins.
 *
 * @throws {Failure} saying what is wrong, and where.
 */
export async function openPlugins(
  { plugins, ruleTimeout }: Pick<Settings, "plugins" | "ruleTimeout">,
): Promise<PluginSet> {
  const active = await orFailure(() => loadChosen(plugins));
  return await PluginSet.open(active, {
    timeout: ruleTimeout,
    onProblem: (problem) => sayProblem(`plugin ${problem.plugin}`, problem),
  });
}
