/**
 * Alerts of the child, limited and told.
 *
 * Limits are here, and not in the child, because they have to outlive it: else a rule of which the child dies every
 * now and then would have its whole limit anew each time.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { type Alert, type AlertEvent, keyOf } from "../../sinks/mod.ts";
import { Budget } from "../rules/budget.ts";
import { DEFAULT_LIMIT } from "../rules/mod.ts";
import { millisecondsOf } from "../rules/duration.ts";
import { Quota } from "../rules/quota.ts";
import { type AlertHead, BUDGET, heldBack } from "../rules/alert_limits.ts";
import type { SentAlert, SentHeld, SentRule } from "./messages.ts";

const MINUTE = 60_000;

interface Teller {
  head: AlertHead;
  limit: { readonly burst: number; readonly milliseconds: number };
  /** By container. */
  readonly quotas: Map<string, Quota>;
}

/** What an alert is about. */
export interface About {
  readonly container: Container;
  /** ns since 1970, UTC. */
  readonly time: bigint;
  /** Describes its event; undefined: it is about none. */
  readonly describe?: () => AlertEvent;
}

/** Tells what rules of the child have found. */
export class LimitedAlerts {
  readonly #onAlert: (alert: Alert) => void;
  readonly #budget: Budget<Quota>;
  readonly #tellers = new Map<string, Teller>();

  /** @param budget Alerts in a minute, of all together. */
  constructor(onAlert: (alert: Alert) => void, budget: number = BUDGET) {
    this.#onAlert = onAlert;
    this.#budget = new Budget(budget, MINUTE, DEFAULT_LIMIT.burst);
  }

  /** Rules are loaded. What those before them of the same ids have told is still counted. */
  takeIn(rules: readonly SentRule[]): void {
    for (const { id, title, severity, tags, limit: { burst, per } } of rules) {
      const head = { rule: id, title, severity, tags };
      const limit = { burst, milliseconds: millisecondsOf(per) };
      const known = this.#tellers.get(id);
      if (known === undefined) this.#tellers.set(id, { head, limit, quotas: new Map() });
      else Object.assign(known, { head, limit });
    }
  }

  /** These rules begin anew, or are gone: what they had held back is told. */
  retire(ids: Iterable<string>): void {
    for (const id of ids) {
      const teller = this.#tellers.get(id);
      if (teller !== undefined) this.#tellAll(teller);
      this.#tellers.delete(id);
    }
  }

  #tellAll({ head, quotas }: Teller): void {
    for (const quota of quotas.values()) {
      const held = quota.end();
      if (held > 0) this.#onAlert(heldBack(head, quota, held));
    }
    quotas.clear();
  }

  #quota({ quotas, limit }: Teller, container: Container): Quota {
    const key = keyOf(container);
    let quota = quotas.get(key);
    if (quota === undefined) quotas.set(key, quota = new Quota(container, limit, this.#budget));
    return quota;
  }

  /** An alert of a rule that there is: told, or held back. */
  tell({ rule, message, fields, key }: SentAlert, { container, time, describe }: About): void {
    const teller = this.#tellers.get(rule);
    if (teller === undefined) return;
    const verdict = this.#quota(teller, container).take(key, time);
    if (!verdict.passes) return;
    this.#onAlert({
      ...teller.head,
      time,
      message,
      container,
      fields,
      event: describe?.(),
      suppressed: verdict.suppressed,
    });
  }

  /** Alerts that were only counted. */
  hold({ rule, key, count, time }: SentHeld, container: Container): void {
    const teller = this.#tellers.get(rule);
    if (teller !== undefined) this.#quota(teller, container).hold(key, count, BigInt(time));
  }

  /** What was held back long enough is told. */
  tick(time: bigint): void {
    const now = Number(time / 1_000_000n);
    for (const { head, quotas } of this.#tellers.values()) {
      for (const [key, quota] of quotas) {
        const held = quota.release(now);
        if (held > 0) this.#onAlert(heldBack(head, quota, held));
        if (quota.isIdle) quotas.delete(key);
      }
    }
  }

  /** All that is still held back is told. */
  end(): void {
    for (const teller of this.#tellers.values()) this.#tellAll(teller);
  }
}
