/**
 * `--watch`: what is edited takes effect, and what came of it is said on standard error.
 *
 * @module
 */
import { ConfigError, type RuleFlags, type Settings } from "../engine/config/mod.ts";
import type { VersionedCode } from "../engine/code/mod.ts";
import type { IsolatedRules } from "../engine/isolate/mod.ts";
import { Reload, type ReloadEvents } from "../engine/reload/mod.ts";
import {
  DEFAULT_TIMEOUT,
  type LiveRules,
  type NamedRule,
  type Replaced,
  RuleError,
  type RuleLoader,
} from "../engine/rules/mod.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import { problemText } from "./rules/problem.ts";
import { activeRules, printableLines } from "./rules/settings.ts";
import { shippedRules } from "./rules/shipped.ts";
import { shownPath } from "./rules/shown.ts";

/** Takes in what is edited. */
export class Edits implements Disposable {
  readonly #reload: Reload;

  /** @param code By which the configuration was imported. */
  constructor(flags: RuleFlags, code: VersionedCode) {
    this.#reload = new Reload(flags, shippedRules, code);
  }

  /** By which the first rules are to be loaded. */
  get loader(): RuleLoader {
    return this.#reload.loader;
  }

  /**
   * From now on, edits take effect on rules.
   *
   * @throws {Failure} if files can't be watched.
   */
  follow(settings: Settings, rules: LiveRules | IsolatedRules): void {
    try {
      this.#reload.begin(settings, {
        to: "isIsolated" in rules ? elsewhere(rules) : here(rules),
        broken(error, count) {
          tell(problemText(error.file, error));
          tell(`not reloaded: ${shownPath(error.file)}${count === 0 ? "" : goOn(count)}`);
        },
        refused(error) {
          tell(refusalText(error));
          tell("not reloaded: all rules run as they did");
        },
        deaf: (error) => tell(`edits take no effect any more: ${reasonOf(error)}`),
      });
    } catch (error) {
      throw new Failure(ExitCode.machine, `--watch: ${reasonOf(error)}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    this.#reload[Symbol.dispose]();
  }
}

/** Rules of this process. */
function here(rules: LiveRules): ReloadEvents["to"] {
  return {
    here(chosen, { ruleTimeout = DEFAULT_TIMEOUT }) {
      for (const line of lines(rules.replace(activeRules(chosen), ruleTimeout))) tell(line);
    },
  };
}

/** Rules of a child process: another one loads them. */
function elsewhere(rules: IsolatedRules): ReloadEvents["to"] {
  return {
    async elsewhere(settings, isEdited) {
      for (const line of lines(await rules.replace(settings, isEdited))) tell(line);
    },
  };
}

function tell(text: string): void {
  say(printableLines(text));
}

function goOn(count: number): string {
  return count === 1 ? ": its rule runs as it did" : `: its ${count} rules run as they did`;
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `files can't be watched: ${reason}`;
}

function refusalText(error: unknown): string {
  if (error instanceof ConfigError) return problemText(error.where, error);
  if (error instanceof RuleError) return problemText(error.file, error);
  return error instanceof Error ? error.message : String(error);
}

/** `reloaded: 2 rules of my_rules/a.ts`, and likewise what is new or gone. */
function lines({ changed, added, gone }: Replaced): string[] {
  return [
    ...byFile("reloaded", changed),
    ...byFile("new", added),
    ...byFile("gone", gone),
  ];
}

function byFile(what: string, rules: readonly NamedRule[]): string[] {
  const files = Map.groupBy(rules, ({ file = "" }) => file);
  return [...files].map(([file, { length }]) =>
    `${what}: ${length === 1 ? "1 rule" : `${length} rules`} of ${shownPath(file)}`
  );
}
