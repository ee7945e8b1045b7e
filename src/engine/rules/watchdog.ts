/**
 * Rules' code in batches, each of which is cut short where some rule takes too long.
 *
 * @module
 */
import { BatchClock } from "./batch_clock.ts";
import type { Evaluation } from "./evaluation.ts";
import type { EventFilter } from "./event_filter.ts";
import { asRuleCode, endRuleCode } from "./fences.ts";
import { guarded, TimedOut } from "./guard.ts";
import type { Outbox } from "./outbox.ts";
import type { RuleHealth } from "./rule_health.ts";

/** ms that a batch of rules' code may take. */
export const DEFAULT_TIMEOUT = 1000;

/** A batch ends by itself when it has taken this part of what it may: nobody is cut short for what others took. */
const PATIENCE = 1 / 4;

/** Who has to know of a batch. */
export interface Watched {
  readonly evaluation: Evaluation;
  readonly health: RuleHealth;
  readonly outbox: Outbox;
  /** Runs before rules do: its code may be what never returns. */
  readonly filter: EventFilter | undefined;
}

/** Runs batches. */
export class Watchdog {
  readonly #watched: Watched;
  /** ms that a batch may take. */
  timeout: number;

  constructor(watched: Watched, timeout: number = DEFAULT_TIMEOUT) {
    this.#watched = watched;
    this.timeout = timeout;
  }

  /** ms after which a batch should end by itself. */
  get patience(): number {
    return this.timeout * PATIENCE;
  }

  /**
   * Runs a batch. What rules tell of meanwhile is told afterwards.
   *
   * @returns undefined: it was cut short.
   */
  run<T>(batch: () => T): T | undefined {
    const { evaluation, health, outbox, filter } = this.#watched;
    outbox.hold();
    try {
      return guarded(() => asRuleCode(batch), this.timeout);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      endRuleCode();
      if (evaluation.running === undefined) filter?.cut(error.isBusy);
      else health.cut(evaluation.running, error.isBusy, this.timeout);
      return undefined;
    } finally {
      evaluation.running = undefined;
      outbox.release();
    }
  }

  /**
   * Looks at one thing after the other, in as many batches as that takes.
   *
   * @param look `from`: the rule that is first. Where a rule was cut short, those behind it look at the same thing.
   * @param onBatch Hears of each batch's end.
   */
  runAll(
    count: number,
    look: (at: number, from: number) => void,
    onBatch: () => void = () => {},
  ): void {
    const clock = new BatchClock();
    let next = 0;
    let from = 0;
    while (next < count) {
      const isDone = this.run(() => {
        clock.start(this.patience);
        do {
          look(next, from);
          from = 0;
          next++;
        } while (next < count && !clock.isOver());
        return true;
      });
      if (isDone === undefined) from = this.#watched.evaluation.done;
      onBatch();
    }
  }
}
