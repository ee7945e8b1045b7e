/**
 * Rules at work in a command: what they are kept to, and what is heard of them.
 *
 * @module
 */
import type { Settings } from "../../engine/config/mod.ts";
import { SelectedContainers } from "../../engine/mod.ts";
import type { PluginSet } from "../../engine/plugins/mod.ts";
import type { LiveRulesOptions, RuleProblem } from "../../engine/rules/mod.ts";
import type { Alert, Sink } from "../../sinks/mod.ts";
import { say } from "../exit.ts";
import { printableLines } from "./settings.ts";

/** Of code that isn't ours. */
interface Problem {
  readonly message: string;
  readonly isOff: boolean;
}

/** @param whose `rule ID` or `plugin ID`. */
export function sayProblem(whose: string, { message, isOff }: Problem): void {
  say(`${whose}: ${printableLines(message)}${isOff ? "; it is switched off" : ""}`);
}

/** What rules are told, whether they run here or in a process of their own. */
interface RulesAtWork {
  /** undefined: all containers. */
  readonly selected: SelectedContainers | undefined;
  readonly onAlert: (alert: Alert) => void;
  readonly onProblem: (problem: RuleProblem) => void;
}

/**
 * Of rules, wherever they run.
 *
 * @param containers As `--container` has them.
 * @param sink Where alerts go, if anywhere.
 */
export function rulesAtWork(
  containers: readonly string[],
  sink: Sink | undefined,
): RulesAtWork {
  return {
    selected: containers.length === 0 ? undefined : new SelectedContainers(containers),
    onAlert: (alert) => sink?.alert(alert),
    onProblem: (problem) => sayProblem(`rule ${problem.rule}`, problem),
  };
}

/**
 * Of rules that run in this process.
 *
 * @param plugins Those that may keep events from them.
 */
export function liveRulesAtWork(
  containers: readonly string[],
  sink: Sink | undefined,
  { ruleTimeout }: Pick<Settings, "ruleTimeout">,
  plugins?: PluginSet,
): LiveRulesOptions {
  return {
    ...rulesAtWork(containers, sink),
    onNotice: (text) => say(printableLines(text)),
    ...(ruleTimeout !== undefined && { timeout: ruleTimeout }),
    ...(plugins?.events.isEmpty === false && { filter: plugins.events }),
  };
}
