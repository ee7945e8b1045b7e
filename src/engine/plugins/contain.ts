/**
 * What keeps plugins' code from stopping the monitor. Loaded only where there is code that is not ours: it takes
 * some 50 ms.
 *
 * @module
 */
import { asPluginCode, asRuleCode, endRuleCode, Fences, type OnDetached } from "../rules/fences.ts";
import { guarded, TimedOut } from "../rules/guard.ts";
import type { Contain } from "./running.ts";

/** Runs code that may throw, not return, or do what it must not. */
export class Containment implements Contain {
  readonly #fences: Fences;

  constructor(onDetached: OnDetached) {
    this.#fences = new Fences(onDetached);
  }

  run<T>(code: () => T, timeout: number, onCut: (isBusy: boolean) => void): T | undefined {
    try {
      return guarded(() => asRuleCode(code), timeout);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      endRuleCode();
      onCut(error.isBusy);
      return undefined;
    }
  }

  as<T>(plugin: string, code: () => T): T {
    return asPluginCode(plugin, code);
  }

  [Symbol.dispose](): void {
    this.#fences[Symbol.dispose]();
  }
}
