/**
 * Errors of code that nobody waits for, a timer or a promise: whose they are.
 *
 * @module
 */
import { failureText, stackOf } from "./failure.ts";
import type { Outbox } from "./outbox.ts";
import type { RuleHealth } from "./rule_health.ts";
import type { RuleIndex } from "./rule_index.ts";
import type { Running } from "./running.ts";

/** Gives them to their rules. */
export class LateErrors {
  readonly #rules: RuleIndex;
  readonly #health: RuleHealth;
  readonly #outbox: Outbox;
  /** URLs of code that ran before it was edited, and whose rule that was; undefined: it has been told of. */
  readonly #former = new Map<string, string | undefined>();

  constructor(rules: RuleIndex, health: RuleHealth, outbox: Outbox) {
    this.#rules = rules;
    this.#health = health;
    this.#outbox = outbox;
  }

  /** Other rules run now; these do not any more. */
  replaced(retired: readonly Running[]): void {
    const urls = new Set(this.#rules.all.map(({ url }) => url));
    for (const url of urls) if (url !== undefined) this.#former.delete(url);
    for (const { url, rule } of retired) {
      if (url !== undefined && !urls.has(url)) this.#former.set(url, rule.id);
    }
  }

  /**
   * There was one.
   *
   * @param id Whose it is, if that is known.
   * @returns whether it is of one of the rules, or of one that was here before it was edited: of that one, or as its
   * stack says.
   */
  take(error: unknown, id?: string): boolean {
    const stack = stackOf(error);
    const running = this.#rules.all.find(({ rule }) => rule.id === id) ??
      this.#rules.all.find((each) => isFrom(each, stack));
    if (running === undefined) return this.#isFormer(error, stack);
    this.#health.failed(running, error);
    return true;
  }

  #isFormer(error: unknown, stack: string): boolean {
    const former = [...this.#former].find(([url]) => stack.includes(`${url}:`));
    if (former === undefined) return false;
    const [url, rule] = former;
    if (rule !== undefined) {
      this.#former.set(url, undefined);
      const message = `as it was before it was edited: ${failureText(error)}`;
      this.#outbox.problem({ rule, message, isOff: false, error });
    }
    return true;
  }
}

function isFrom({ url, file }: Running, stack: string): boolean {
  if (url !== undefined) return stack.includes(`${url}:`);
  return file !== undefined && stack.includes(file);
}
