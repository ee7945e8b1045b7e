/**
 * The rules that run: put together from who looks at what, what becomes of what they find, and of those that fail.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Tick } from "../../sinks/mod.ts";
import type { Patience } from "../waiting/mod.ts";
import type { ActiveRule, Replaced } from "./active_rule.ts";
import { AlertLimits } from "./alert_limits.ts";
import type { Heard, Hearer } from "./container_news.ts";
import { Deferral } from "./deferral.ts";
import type { Rule, RuleEvent } from "./define.ts";
import { Dispatch } from "./dispatch.ts";
import { Evaluation } from "./evaluation.ts";
import type { EventFilter } from "./event_filter.ts";
import { type Job, jobsOf } from "./jobs.ts";
import { LateErrors } from "./late_errors.ts";
import { Outbox, type Recipients } from "./outbox.ts";
import type { PendingLosses } from "./pending_losses.ts";
import type { ProcessNews } from "./process_change.ts";
import type { QuotaOf } from "./quota.ts";
import { type DescribeEvent, RaisedAlerts } from "./raised_alerts.ts";
import { replacement } from "./replacement.ts";
import { RuleHealth } from "./rule_health.ts";
import { idsOf, RuleIndex } from "./rule_index.ts";
import { begin, type Running } from "./running.ts";
import { Watchdog } from "./watchdog.ts";

/** Where things go. */
export interface RuleSetOptions extends Recipients {
  readonly describe: DescribeEvent;
  /** ms that a batch of rules' code may take; {@linkcode DEFAULT_TIMEOUT} by default. */
  readonly timeout?: number;
  /**
   * Alerts in a minute, of all rules and containers together: 200 by default. A rule that has told less than its share
   * of a container is not held back, whatever others have told.
   */
  readonly budget?: number;
  /** Looks at events before rules do; its own code may be what never returns. */
  readonly filter?: EventFilter | undefined;
  /** Counts what rules pass over whose filters ask for containers by a name that is not known yet. */
  readonly pending?: PendingLosses | undefined;
  /** Lets events wait for such a name; nobody does, by default. */
  readonly patience?: Patience | undefined;
  /** Who says what becomes of a rule's alerts of a container: by default a quota of its limit and the budget. */
  readonly quota?: QuotaOf;
}

/** Rules at work. */
export class RuleSet {
  readonly #filter: EventFilter | undefined;
  readonly #rules = new RuleIndex();
  readonly #evaluation = new Evaluation();
  readonly #outbox: Outbox;
  readonly #health: RuleHealth;
  readonly #lateErrors: LateErrors;
  readonly #limits: AlertLimits;
  readonly #raised: RaisedAlerts;
  readonly #watchdog: Watchdog;
  readonly #dispatch: Dispatch;

  constructor(rules: readonly ActiveRule[], options: RuleSetOptions) {
    const { filter, describe, timeout, budget, quota, patience, pending } = options;
    const evaluation = this.#evaluation;
    this.#filter = filter;
    const outbox = this.#outbox = new Outbox(options);
    const health = this.#health = new RuleHealth(evaluation, outbox);
    this.#lateErrors = new LateErrors(this.#rules, health, outbox);
    const limits = this.#limits = new AlertLimits(budget, quota);
    this.#raised = new RaisedAlerts({ evaluation, limits, health, outbox, describe });
    this.#watchdog = new Watchdog({ evaluation, health, outbox, filter }, timeout);
    const deferral = new Deferral(patience, pending);
    this.#dispatch = new Dispatch({ rules: this.#rules, evaluation, health, deferral, filter });
    this.#rules.set(rules.map((active) => this.#begin(active)));
  }

  #begin(active: ActiveRule): Running {
    return begin(active, (...alert) => this.#raised.take(...alert));
  }

  /**
   * Puts rules in the place of those that run: between two batches. A rule that is the same, with the same options,
   * severity and limit, runs on with all that it has told and held back; another one begins anew, and what it had
   * held back is told.
   *
   * @param timeout ms that a batch may take from now on.
   */
  replace(rules: readonly ActiveRule[], timeout: number = this.#watchdog.timeout): Replaced {
    this.#watchdog.timeout = timeout;
    const next = replacement(this.#rules.all, rules, (active) => this.#begin(active));
    this.#rules.set(next.rules);
    this.#lateErrors.replaced(next.retired);
    this.#outbox.alerts(next.retired.flatMap((each) => this.#limits.end(each)));
    return next.replaced;
  }

  /** The calls that some rule looks at, and which rules these are. */
  bySyscall(): Map<string, Rule[]> {
    return this.#rules.wantedCalls;
  }

  /** The ids of all rules, or of those that look at a call, in the order in which they do. */
  ids(syscall?: string): string[] {
    return idsOf(syscall === undefined ? this.#rules.all : this.#rules.ofCall(syscall));
  }

  /** Whether some rule hears of processes. */
  get hearsProcesses(): boolean {
    return this.#rules.ofProcesses.length > 0;
  }

  /** The ids of all rules that do, in their order. */
  get processIds(): string[] {
    return idsOf(this.#rules.ofProcesses);
  }

  /** Rules that hear of containers. */
  get hearers(): Hearer[] {
    return this.#rules.hearers((container) => this.#keeps(container));
  }

  /** Whether some rule that hears of calls looks at this container. */
  isOf(container: Container): boolean {
    return this.#keeps(container) && this.#rules.wantsCallsOf(container);
  }

  #keeps(container: Container): boolean {
    return this.#filter?.keeps(container) !== false;
  }

  /** ms after which a batch should end by itself. */
  get patience(): number {
    return this.#watchdog.patience;
  }

  /**
   * How many of a call's rules are done with the event that {@linkcode event} was called with last: where it was cut
   * short, those that follow have not seen it.
   */
  get done(): number {
    return this.#evaluation.done;
  }

  /**
   * Runs something that hands over events, until it is done or some rule has taken too long. What rules tell of
   * meanwhile is told afterwards.
   *
   * @returns undefined: it was cut short, and the rule that did it is switched off.
   */
  guarded<T>(run: () => T): T | undefined {
    return this.#watchdog.run(run);
  }

  /**
   * Rules look at one thing after the other, guarded.
   *
   * @param look Hands it over, to the rules from this one on: where one was cut short, those behind it are to see it.
   * @param onBatch Hears now and then that it goes on.
   */
  each(count: number, look: (at: number, from: number) => void, onBatch?: () => void): void {
    this.#watchdog.runAll(count, look, onBatch);
  }

  /**
   * Rules that look at a call look at an event of it.
   *
   * @param from Which of them is first: those before it have seen it already.
   * @param to Which is the first that does not; all do by default.
   * @param only The ids of those that do; all, by default.
   */
  event(
    syscall: string,
    event: RuleEvent,
    container: Container,
    from = 0,
    to = Infinity,
    only?: ReadonlySet<string>,
  ): void {
    this.#dispatch.event(syscall, event, container, from, to, only);
  }

  /**
   * Rules that hear of processes hear of one.
   *
   * @param from Which of them is first, `to` the first that does not, `only` who does: as of an event.
   */
  process(change: ProcessNews, from = 0, to = Infinity, only?: ReadonlySet<string>): void {
    this.#dispatch.process(change, from, to, only);
  }

  /**
   * Rules hear of containers, and of what they have called; what was held back long enough is told.
   *
   * @param heard Which changes of containers each rule hears of; all of the tick's by default.
   * @param only The id of the one rule that does; all do by default.
   */
  tick(tick: Tick, heard?: Heard, only?: string): void {
    const now = this.#evaluation.now = Number(tick.time / 1_000_000n);
    const jobs = [...jobsOf(this.#rules.all, tick, heard)]
      .filter(({ running }) => only === undefined || running.rule.id === only);
    this.#watchdog.runAll(jobs.length, (at) => this.#run(jobs[at]!));
    this.#outbox.alerts(this.#rules.all.flatMap((each) => this.#limits.release(each, now)));
  }

  #run({ running, container, time, code }: Job): void {
    if (running.isOff || !running.filter.isOf(container)) return;
    const evaluation = this.#evaluation;
    evaluation.lookAt(container, undefined, time);
    evaluation.running = running;
    try {
      this.#health.returned(running, code(running.alert));
    } catch (error) {
      this.#health.failed(running, error);
    }
    evaluation.running = undefined;
  }

  /** Tells of all that is still held back. */
  end(): void {
    this.#outbox.alerts(this.#rules.all.flatMap((each) => this.#limits.end(each)));
  }

  /**
   * An error of code that nobody waits for: a timer, a promise.
   *
   * @param id Whose it is, if that is known.
   * @returns whether it is of one of the rules, or of one that was here before it was edited.
   */
  failedLater(error: unknown, id?: string): boolean {
    return this.#lateErrors.take(error, id);
  }
}
