/**
 * Whose code runs, and whose it was that goes on later: a promise that is rejected says nothing of its rule where
 * it was refused by Deno.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ActiveRule } from "./active_rule.ts";
import type { Rule } from "./define.ts";

/** So often a rule's code is entered with its name; it takes half a µs, which is more than many rules do. */
const OFTEN = 1000;

/** Rules that are known by what they have begun. */
export class NamedRules {
  readonly #storage = new AsyncLocalStorage<string>();
  readonly #onEnter: ((id: string) => void) | undefined;
  /** A rule that is named again, at a reload, is the same one as before. */
  readonly #named = new WeakMap<Rule, Rule>();
  /** How often all have been entered by name anew. */
  #round = 0;

  /** @param onEnter Hears of a rule just before its code runs. */
  constructor(onEnter?: (id: string) => void) {
    this.#onEnter = onEnter;
  }

  /** Whose the code is that has failed later; undefined: nobody knows, and all are entered by name again. */
  whose(): string | undefined {
    const id = this.#storage.getStore();
    if (id === undefined) this.#round++;
    return id;
  }

  /** The same rule, known by its name. */
  name(active: ActiveRule): ActiveRule {
    const { rule } = active;
    let named = this.#named.get(rule);
    if (named === undefined) this.#named.set(rule, named = this.#nameCode(rule));
    return { ...active, rule: named };
  }

  #nameCode(rule: Rule): Rule {
    const { id, evaluate, onTally, onContainer, onProcess } = rule;
    return {
      ...rule,
      ...(evaluate !== undefined && { evaluate: this.#entered(id, evaluate.bind(rule)) }),
      ...(onTally !== undefined && { onTally: this.#entered(id, onTally.bind(rule)) }),
      ...(onContainer !== undefined && { onContainer: this.#entered(id, onContainer.bind(rule)) }),
      ...(onProcess !== undefined && { onProcess: this.#entered(id, onProcess.bind(rule)) }),
    };
  }

  #entered<Context>(id: string, code: (context: Context) => void): (context: Context) => void {
    let [times, round] = [0, this.#round];
    return (context) => {
      this.#onEnter?.(id);
      if (round !== this.#round) [times, round] = [0, this.#round];
      if (times >= OFTEN) return code(context);
      times++;
      return this.#storage.run(id, code, context);
    };
  }
}
