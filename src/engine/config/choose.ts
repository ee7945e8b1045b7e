/**
 * Which rules there are, which of them run, and with what.
 *
 * @module
 */
import { z } from "zod";
import {
  activate,
  type ActiveRule,
  type LoadedRule,
  loadRules,
  type Rule,
  type RuleLoader,
  type RuleSettings,
} from "../rules/mod.ts";
import type { RuleConfig } from "./define.ts";
import { ConfigError, type Where } from "./error.ts";
import { configIssues, didYouMean } from "./issues.ts";
import type { Settings } from "./read.ts";

/** A rule that there is. */
export interface ChosenRule extends LoadedRule {
  /** Whether it is one of those that come with the monitor. */
  readonly isShipped: boolean;
  /** Whether it runs. */
  readonly isOn: boolean;
  /** With what it runs, or would. */
  readonly active: ActiveRule;
}

/**
 * Loads the rules that settings speak of.
 *
 * @param shipped The folder of those that come with the monitor.
 * @param all Whether to load these too if nothing switches one of them on: to list them.
 * @param loader How their files are loaded: once for all by default.
 * @throws {ConfigError} if settings name a rule or an option that there is not.
 * @throws {RuleError}
 */
export async function chooseRules(
  settings: Settings,
  shipped: string,
  all = false,
  loader?: RuleLoader,
): Promise<ChosenRule[]> {
  const { paths, defaultRules, switched } = settings;
  const own = paths.length > 0 ? await loadRules(paths, loader) : [];
  const coming = all || speaksOfShipped(settings) ? await loadRules([shipped], loader) : [];
  const ownIds = new Set(own.map(({ rule }) => rule.id));
  const ownFiles = new Set(own.map(({ file }) => file));
  const others = coming.filter(({ rule, file }) => {
    if (!ownIds.has(rule.id)) return true;
    // Somebody's own copy of what is shipped, or the very file.
    if (!defaultRules || ownFiles.has(file)) return false;
    const copy = own.find((each) => each.rule.id === rule.id)?.file ?? "";
    throw new ConfigError(
      copy,
      `rule ${rule.id} is shipped, too: give it another id, or leave those out by --no-default-rules`,
    );
  });
  const rules = [
    ...own.map((loaded) => ({ loaded, isShipped: false, isOn: true })),
    ...others.map((loaded) => ({
      loaded,
      isShipped: true,
      isOn: defaultRules && loaded.rule.recommended === true,
    })),
  ];
  const known = rules.map(({ loaded }) => loaded.rule.id);
  for (const [id, isOn] of switched) mustBe(id, known, isOn ? "--rule" : "--no-rule");
  for (const id of Object.keys(settings.rule)) {
    mustBe(id, known, { file: settings.file ?? "", path: ["rule", id] });
  }
  return rules.map(({ loaded, isShipped, isOn }) => {
    const { id } = loaded.rule;
    const config = Object.hasOwn(settings.rule, id) ? settings.rule[id] : undefined;
    return {
      ...loaded,
      isShipped,
      isOn: switched.get(id) ?? config?.enabled ?? isOn,
      active: configured(loaded, config, settings.file ?? ""),
    };
  });
}

/** Whether rules may run that come with the monitor. */
export function speaksOfShipped({ defaultRules, switched, rule }: Settings): boolean {
  return defaultRules || switched.size > 0 || Object.keys(rule).length > 0;
}

function mustBe(id: string, known: readonly string[], where: Where): void {
  if (known.includes(id)) return;
  throw new ConfigError(where, `there is no rule ${id}${didYouMean(id, known)}`);
}

function configured(loaded: LoadedRule, config: RuleConfig | undefined, file: string): ActiveRule {
  if (config === undefined) return activate(loaded);
  const { severity, options, limit } = config;
  if (options !== undefined) checkOptions(loaded.rule, options, file);
  const settings: RuleSettings = {
    ...(severity !== undefined && { severity }),
    ...(options !== undefined && { options }),
    ...(limit !== undefined && { limit }),
  };
  return activate(loaded, settings);
}

/** Options as a configuration has them: one that there is not is not passed over. */
function checkOptions(rule: Rule, options: unknown, file: string): void {
  const { options: schema = z.object({}) } = rule;
  const isOpen = !(schema instanceof z.ZodObject) || schema.def.catchall !== undefined;
  const strict = isOpen ? schema : schema.strict();
  const result = strict.safeParse(options);
  if (result.success) return;
  throw configIssues(file, result.error, schema, ["rule", rule.id, "options"]);
}
