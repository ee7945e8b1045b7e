/**
 * Settings and rules for a command, and how it ends if something is wrong with them.
 *
 * @module
 */
import type { CodeImporter } from "../../engine/code/mod.ts";
import type { ActiveRule, RuleLoader } from "../../engine/rules/mod.ts";
import {
  chooseRules,
  type ChosenRule,
  ConfigError,
  readSettings,
  type RuleFlags,
  type Settings,
} from "../../engine/config/mod.ts";
import { printable } from "../../sinks/mod.ts";
import { ExitCode, Failure } from "../exit.ts";
import { placedText } from "./problem.ts";
import { shippedRules } from "./shipped.ts";

/** Text of several lines, without what a terminal would obey. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * Reads the configuration and sees that the paths are there; no rule is loaded.
 *
 * @throws {Failure} saying what is wrong, and where.
 */
export async function openSettings(flags: RuleFlags, code?: CodeImporter): Promise<Settings> {
  return await orFailure(() => readSettings(flags, code));
}

/**
 * Loads the rules.
 *
 * @param all Whether to load what is shipped even if nothing of it runs.
 * @throws {Failure} saying what is wrong, and where.
 */
export async function openRules(
  settings: Settings,
  all = false,
  loader?: RuleLoader,
): Promise<ChosenRule[]> {
  return await orFailure(() => chooseRules(settings, shippedRules, all, loader));
}

/** Those that are to run. */
export function activeRules(chosen: readonly ChosenRule[]): ActiveRule[] {
  return chosen.filter(({ isOn }) => isOn).map(({ active }) => active);
}

/**
 * Runs something.
 *
 * @throws {Failure} in place of errors that say what their user has done.
 */
export async function orFailure<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isTold(error)) throw error;
    throw new Failure(ExitCode.usage, printableLines(placedText(error)), { cause: error });
  }
}

/** Errors that say what their user has done. By its name: RuleError's class comes with all of the rules' code. */
function isTold(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof Error && error.name === "RuleError";
}
