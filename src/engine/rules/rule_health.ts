/**
 * What becomes of rules that fail: it is told, and who does it too often is switched off.
 *
 * @module
 */
import type { Evaluation } from "./evaluation.ts";
import { failureText } from "./failure.ts";
import type { Outbox } from "./outbox.ts";
import type { Running } from "./running.ts";

/** Looks after all rules. */
export class RuleHealth {
  readonly #evaluation: Evaluation;
  readonly #outbox: Outbox;

  constructor(evaluation: Evaluation, outbox: Outbox) {
    this.#evaluation = evaluation;
    this.#outbox = outbox;
  }

  /** A rule's code has thrown. */
  failed(running: Running, error: unknown): void {
    const { isFirst, off } = running.strikes.fail(this.#evaluation.milliseconds);
    if (isFirst) this.#tell(running, failureText(error), false, error);
    if (off !== undefined) this.#switchOff(running, off);
  }

  /**
   * It was cut short.
   *
   * @param timeout ms that it may take.
   */
  cut(running: Running, isBusy: boolean, timeout: number): void {
    const off = running.strikes.cut(this.#evaluation.now, isBusy, timeout);
    if (off !== undefined) this.#switchOff(running, off);
  }

  /** It has returned: nothing, if it is as it should be. */
  returned(running: Running, result: unknown): void {
    if (typeof result !== "object" || result === null || !("then" in result)) return;
    // What becomes of it is nobody's business any more.
    if (result instanceof Promise) result.catch(() => {});
    this.#switchOff(running, "is async: what it looks at is something else by the time it goes on");
  }

  #switchOff(running: Running, why: string): void {
    if (running.isOff) return;
    running.isOff = true;
    this.#tell(running, why, true);
  }

  #tell({ rule }: Running, message: string, isOff: boolean, error?: unknown): void {
    this.#outbox.problem({
      rule: rule.id,
      message,
      isOff,
      ...(error !== undefined && { error }),
    });
  }
}
