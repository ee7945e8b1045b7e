/**
 * How many alerts each rule may raise of each container, and what is told of those that were held back.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { type Alert, keyOf } from "../../sinks/mod.ts";
import { DEFAULT_LIMIT } from "./active_rule.ts";
import { Budget } from "./budget.ts";
import type { Verdict } from "./limits.ts";
import { type AlertQuota, Quota, type QuotaOf } from "./quota.ts";
import type { Running } from "./running.ts";

/** Alerts in a minute of all rules and containers. */
export const BUDGET = 200;

const MINUTE = 60_000;

/** What all alerts of a rule say. */
export type AlertHead = Pick<Alert, "rule" | "title" | "severity" | "tags">;

/** Likewise, of a rule that runs. */
export function headOf({ rule, severity }: Running): AlertHead {
  return { rule: rule.id, title: rule.title, severity, tags: rule.tags ?? [] };
}

/** The alert that tells of those that were held back, and of nothing else. */
export function heldBack(head: AlertHead, { container, time }: AlertQuota, count: number): Alert {
  return {
    ...head,
    time,
    message: `${count} more like this were held back`,
    container,
    fields: undefined,
    event: undefined,
    suppressed: count,
  };
}

/** Quotas of rules, by container. */
export class AlertLimits {
  readonly #quotaOf: QuotaOf;

  /**
   * @param budget Alerts in a minute of all together: 200 by default.
   * @param quotaOf By default a quota of the rule's limit and the budget.
   */
  constructor(budget: number = BUDGET, quotaOf?: QuotaOf) {
    const shared = new Budget<Quota>(budget, MINUTE, DEFAULT_LIMIT.burst);
    this.#quotaOf = quotaOf ?? ((_, container, limit) => new Quota(container, limit, shared));
  }

  /** What becomes of an alert. */
  take(running: Running, container: Container, key: string, time: bigint): Verdict {
    const { quotas, rule, limits } = running;
    const name = keyOf(container);
    let quota = quotas.get(name);
    if (quota === undefined) {
      quota = this.#quotaOf(rule.id, container, limits);
      quotas.set(name, quota);
    }
    return quota.take(key, time);
  }

  /** Alerts that tell of what a rule held back long enough. */
  release(running: Running, now: number): Alert[] {
    const told = this.#told(running, (quota) => quota.release(now));
    for (const [key, quota] of running.quotas) if (quota.isIdle) running.quotas.delete(key);
    return told;
  }

  /** Likewise of all that it still holds back. */
  end(running: Running): Alert[] {
    const told = this.#told(running, (quota) => quota.end());
    running.quotas.clear();
    return told;
  }

  #told(running: Running, held: (quota: AlertQuota) => number): Alert[] {
    return [...running.quotas.values()].flatMap((quota) => {
      const count = held(quota);
      return count > 0 ? heldBack(headOf(running), quota, count) : [];
    });
  }
}
