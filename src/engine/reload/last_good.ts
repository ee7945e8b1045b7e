/**
 * The rules of files that may be broken for a while: then those of the version that ran before.
 *
 * @module
 */
import { type LoadedRule, loadFile, RuleError, type RuleLoader } from "../rules/mod.ts";
import type { VersionedCode } from "../code/mod.ts";

interface Tried {
  readonly version: number;
  /** Undefined: it can't be loaded. */
  readonly rules: readonly LoadedRule[] | undefined;
}

/** Loads files of rules round by round, each version of a file once. */
export class LastGood implements RuleLoader {
  readonly #code: VersionedCode;
  readonly #tried = new Map<string, Tried>();
  /** What runs, and what is to run if this round ends well. */
  #running: ReadonlyMap<string, readonly LoadedRule[]> = new Map();
  #round = new Map<string, readonly LoadedRule[]>();
  #problems: RuleError[] = [];
  #isFirst = true;

  constructor(code: VersionedCode) {
    this.#code = code;
  }

  /** At first there has to be a rule in all that is named, as without us; later somebody is at work there. */
  get mayBeNone(): boolean {
    return !this.#isFirst;
  }

  /** Files that could not be loaded in this round: their rules are those of before. */
  get problems(): readonly RuleError[] {
    return this.#problems;
  }

  /** Begins a round. */
  begin(): void {
    this.#round = new Map();
    this.#problems = [];
  }

  /** What was loaded in this round runs now. */
  commit(): void {
    this.#running = this.#round;
    this.#isFirst = false;
    for (const file of this.#tried.keys()) if (!this.#running.has(file)) this.#tried.delete(file);
  }

  /** How many rules of a file run. */
  count(file: string): number {
    return this.#running.get(file)?.length ?? 0;
  }

  async load(file: string): Promise<readonly LoadedRule[]> {
    const rules = await this.#try(file) ?? this.#running.get(file) ?? [];
    this.#round.set(file, rules);
    return rules;
  }

  async #try(file: string): Promise<readonly LoadedRule[] | undefined> {
    const version = this.#code.versions.of(file);
    const tried = this.#tried.get(file);
    if (tried?.version === version) return tried.rules;
    let rules: readonly LoadedRule[] | undefined;
    try {
      rules = await loadFile(file, this.#code);
    } catch (error) {
      if (this.#isFirst || !(error instanceof RuleError)) throw error;
      this.#problems.push(error);
    }
    this.#tried.set(file, { version, rules });
    return rules;
  }
}
