/**
 * What becomes of an alert that a rule raises.
 *
 * @module
 */
import type { AlertEvent } from "../../sinks/mod.ts";
import { type AlertLimits, headOf } from "./alert_limits.ts";
import type { RaiseAlert, RuleEvent } from "./define.ts";
import type { Evaluation } from "./evaluation.ts";
import { plainFields } from "./failure.ts";
import type { Outbox } from "./outbox.ts";
import type { ProcessNews } from "./process_change.ts";
import type { RuleHealth } from "./rule_health.ts";
import type { Running } from "./running.ts";

/** What an alert says of the event that it is about. */
export type DescribeEvent = (of: RuleEvent | ProcessNews) => AlertEvent;

/** What there is to make alerts with. */
export interface AlertParts {
  readonly evaluation: Evaluation;
  readonly limits: AlertLimits;
  readonly health: RuleHealth;
  readonly outbox: Outbox;
  readonly describe: DescribeEvent;
}

/** Counts them by their limits, and tells of those that pass. */
export class RaisedAlerts {
  readonly #parts: AlertParts;

  constructor(parts: AlertParts) {
    this.#parts = parts;
  }

  /** A rule calls `alert()`. */
  take(running: Running, ...[message, fields]: Parameters<RaiseAlert>): void {
    const { evaluation, limits, outbox, describe } = this.#parts;
    if (evaluation.running !== running) {
      throw new Error(
        "alert() was called when the rule had returned: it tells of what it looks at",
      );
    }
    const { container, event, subject } = evaluation;
    if (container === undefined) return;
    const time = evaluation.time ?? 0n;
    const key = this.#key(running, event);
    const verdict = limits.take(running, container, key, time);
    if (!verdict.passes) return;
    const alert = {
      ...headOf(running),
      time,
      message: String(message),
      container,
      fields: fields === undefined ? undefined : plainFields(fields),
      event: subject === undefined ? undefined : describe(subject),
      suppressed: verdict.suppressed,
    };
    outbox.alert(alert, key);
  }

  /** What has a limit of its own. An alert is worth more than the key that it can't be counted by. */
  #key(running: Running, event: RuleEvent | undefined): string {
    if (event === undefined) return "";
    try {
      return String(running.rule.limit?.by?.(event as never) ?? "");
    } catch (error) {
      this.#parts.health.failed(running, error);
      return "";
    }
  }
}
