/**
 * The rules that the child has loaded, and which of them still run: that outlives it.
 *
 * @module
 */
import type { Replaced, RuleProblem } from "../rules/mod.ts";
import type { SentProblem, SentRule } from "./messages.ts";

/** Who hears of them. */
export interface LoadedRulesOptions {
  readonly onProblem: (problem: RuleProblem) => void;
  /** A problem that is nobody's. */
  readonly onNotice: (text: string) => void;
  /** One of them was switched off. */
  readonly onOff: () => void;
}

/** What becomes of rules when others take their place. */
export class RuleChanges implements Replaced {
  readonly changed: readonly SentRule[];
  readonly added: readonly SentRule[];
  readonly gone: readonly SentRule[];

  /**
   * @param off Rules that are among the next, but not loaded: they were switched off.
   * @param isSame Whether a rule runs on as what it was.
   */
  constructor(
    before: readonly SentRule[],
    next: readonly SentRule[],
    off: readonly string[],
    isSame: (rule: SentRule) => boolean,
  ) {
    const byId = new Map(before.map((rule) => [rule.id, rule]));
    const ids = new Set([...next.map(({ id }) => id), ...off]);
    this.changed = next.filter(({ id }) => {
      const rule = byId.get(id);
      return rule !== undefined && !isSame(rule);
    });
    this.added = next.filter(({ id }) => !byId.has(id));
    this.gone = before.filter(({ id }) => !ids.has(id));
  }

  /** Ids of those of which nothing is kept: they begin anew, or are gone. */
  get anew(): string[] {
    return [...this.changed, ...this.gone].map(({ id }) => id);
  }
}

/** Rules by what has become of them. */
export class LoadedRules {
  readonly #options: LoadedRulesOptions;
  #all: readonly SentRule[] = [];
  readonly #off = new Set<string>();
  /** Rules whose first failure was told. */
  readonly #failed = new Set<string>();

  constructor(options: LoadedRulesOptions) {
    this.#options = options;
  }

  /** Those that a child has loaded: they run from now on. */
  set(rules: readonly SentRule[]): void {
    this.#all = rules;
  }

  get all(): readonly SentRule[] {
    return this.#all;
  }

  /** Those that were not switched off. */
  get running(): SentRule[] {
    return this.#all.filter(({ id }) => !this.#off.has(id));
  }

  /** Ids of those that were. */
  get off(): string[] {
    return [...this.#off];
  }

  /** Something is wrong with one of them. */
  problem({ rule, message, isOff }: SentProblem): void {
    if (rule === undefined) return this.#options.onNotice(`rules: ${message}`);
    if (!this.#all.some(({ id }) => id === rule)) return;
    if (isOff) return this.switchOff(rule, message);
    // Its first failure is told, also if another child has had it.
    if (this.#failed.has(rule)) return;
    this.#failed.add(rule);
    this.#options.onProblem({ rule, message, isOff });
  }

  switchOff(rule: string, message: string): void {
    if (this.#off.has(rule)) return;
    this.#off.add(rule);
    this.#options.onProblem({ rule, message, isOff: true });
    this.#options.onOff();
  }

  /**
   * Others take their place.
   *
   * @param off Who stays switched off.
   * @param anew Of whom nothing is kept.
   */
  replace(off: readonly string[], anew: readonly string[]): void {
    this.#off.clear();
    for (const id of off) this.#off.add(id);
    for (const id of anew) this.#failed.delete(id);
  }
}
