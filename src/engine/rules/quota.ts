/**
 * What one rule may tell of one container: the rule's limit by its own keys, its share of the budget, and what was
 * held back.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Budget } from "./budget.ts";
import { Limiter, type Verdict } from "./limits.ts";

/** A rule's limit. */
export interface Limit {
  readonly burst: number;
  readonly milliseconds: number;
}

/** Of one rule and one container. None touches another's. */
export class Quota {
  readonly container: Container;
  readonly #limiter: Limiter<string>;
  readonly #budget: Budget<Quota>;
  readonly #milliseconds: number;
  /** Held back, and to be told when the time has come. */
  #held = 0;
  #toldAt = -Infinity;
  /** Of what was held back last. */
  #time = 0n;

  constructor(container: Container, limit: Limit, budget: Budget<Quota>) {
    this.container = container;
    this.#limiter = new Limiter(limit.burst, limit.milliseconds);
    this.#milliseconds = limit.milliseconds;
    this.#budget = budget;
  }

  /** Nothing is known that would be lost with it. */
  get isIdle(): boolean {
    return this.#limiter.size === 0 && this.#held === 0;
  }

  /** Nanoseconds since 1970, UTC, of what was held back last. */
  get time(): bigint {
    return this.#time;
  }

  /** What becomes of an alert. */
  take(key: string, time: bigint): Verdict {
    const now = Number(time / 1_000_000n);
    const verdict = this.#limiter.take(key, now);
    if (verdict.passes && this.#budget.take(this, now)) return verdict;
    // What the alert would have told of is still to be told.
    if (verdict.passes) this.#held += 1 + verdict.suppressed;
    this.#time = time;
    return { passes: false };
  }

  /** Others were held back already, of what this key counts: they never pass, and are told of likewise. */
  hold(key: string, count: number, time: bigint): void {
    this.#limiter.hold(key, count, Number(time / 1_000_000n));
    this.#time = time;
  }

  /**
   * How many were held back of which it is time to tell: windows that have ended, in one sum, once in a window.
   *
   * @param now ms since 1970.
   */
  release(now: number): number {
    this.#held += this.#limiter.expire(now);
    if (this.#held === 0 || now - this.#toldAt < this.#milliseconds) return 0;
    this.#toldAt = now;
    return this.#reset();
  }

  /** Likewise of all, whether it is time or not. */
  end(): number {
    this.#held += this.#limiter.end();
    return this.#reset();
  }

  #reset(): number {
    const held = this.#held;
    this.#held = 0;
    return held;
  }
}

/** What a quota is to the rules. */
export type AlertQuota = Pick<
  Quota,
  "container" | "isIdle" | "time" | "take" | "release" | "end"
>;

/** Who says what becomes of a rule's alerts of a container. */
export type QuotaOf = (rule: string, container: Container, limit: Limit) => AlertQuota;
