/**
 * What rules have told, until it is handed over.
 *
 * @module
 */
import type { Alert } from "../../sinks/mod.ts";
import type { RuleProblem } from "./active_rule.ts";

/** Who hears of it. */
export interface Recipients {
  /** `key`: what the alert was counted by, within its rule and container. */
  readonly onAlert: (alert: Alert, key: string) => void;
  readonly onProblem: (problem: RuleProblem) => void;
}

/**
 * Hands over at once, or when rules' code has had its time: to write alerts may take long, and that is not the rules'
 * fault.
 */
export class Outbox {
  readonly #to: Recipients;
  readonly #alerts: { readonly alert: Alert; readonly key: string }[] = [];
  readonly #problems: RuleProblem[] = [];
  #isHeld = false;

  constructor(to: Recipients) {
    this.#to = to;
  }

  alert(alert: Alert, key: string): void {
    this.#alerts.push({ alert, key });
    this.#flush();
  }

  /** Alerts that were counted by no key. */
  alerts(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.#alerts.push({ alert, key: "" });
    this.#flush();
  }

  problem(problem: RuleProblem): void {
    this.#problems.push(problem);
    this.#flush();
  }

  /** From now on nothing is handed over. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Hands over what was held. */
  release(): void {
    this.#isHeld = false;
    this.#flush();
  }

  #flush(): void {
    if (this.#isHeld) return;
    for (const problem of this.#problems.splice(0)) this.#to.onProblem(problem);
    for (const { alert, key } of this.#alerts.splice(0)) this.#to.onAlert(alert, key);
  }
}
