/**
 * Whose code runs, and whose it was that goes on later: a promise that is rejected says nothing of its rule where
 * it was refused by Deno.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ActiveRule } from "../rules/mod.ts";

/** So often a rule's code is entered with its name; it takes half a µs, which is more than many rules do. */
const OFTEN = 1000;

/** Rules that are known by what they have begun. */
export class NamedRules {
  readonly #storage = new AsyncLocalStorage<string>();
  readonly #onEnter: (id: string) => void;
  #entered = new Map<string, number>();

  /** @param onEnter Hears of a rule just before its code runs. */
  constructor(onEnter: (id: string) => void) {
    this.#onEnter = onEnter;
  }

  /** Whose the code is that has failed later; undefined: nobody knows, and all are entered by name again. */
  whose(): string | undefined {
    const id = this.#storage.getStore();
    if (id === undefined) this.#entered.clear();
    return id;
  }

  /** The same rule, known by its name. */
  name(active: ActiveRule): ActiveRule {
    const { rule } = active;
    const { evaluate, onTally, onContainer, onProcess } = rule;
    const named = <Context>(code: (context: Context) => void) => (context: Context): void =>
      this.#enter(rule.id, () => code(context));
    return {
      ...active,
      rule: {
        ...rule,
        ...(evaluate !== undefined && { evaluate: named(evaluate.bind(rule)) }),
        ...(onTally !== undefined && { onTally: named(onTally.bind(rule)) }),
        ...(onContainer !== undefined && { onContainer: named(onContainer.bind(rule)) }),
        ...(onProcess !== undefined && { onProcess: named(onProcess.bind(rule)) }),
      },
    };
  }

  #enter(id: string, code: () => void): void {
    this.#onEnter(id);
    const entered = this.#entered.get(id) ?? 0;
    if (entered >= OFTEN) return code();
    this.#entered.set(id, entered + 1);
    return this.#storage.run(id, code);
  }
}
