/**
 * The rules that run: who looks at which call, what they find, and what becomes of those that fail.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import {
  type Alert,
  type AlertEvent,
  type ContainerChange,
  keyOf,
  type Tick,
} from "../../sinks/mod.ts";
import { containerView } from "./container_view.ts";
import type { RaiseAlert, Rule, RuleEvent, Severity } from "./define.ts";
import { millisecondsOf } from "./duration.ts";
import { type CompiledFilter, compileFilter } from "./filter.ts";
import { guarded, TimedOut } from "./guard.ts";
import { Limiter } from "./limits.ts";

/** A rule that is to run, with what a configuration has made of it. */
export interface ActiveRule {
  readonly rule: Rule;
  /** Its options, checked. */
  readonly options: unknown;
  readonly severity: Severity;
  readonly limit: { readonly burst: number; readonly per: string };
}

/** Something about a rule that its user has to know. */
export interface RuleProblem {
  readonly rule: string;
  readonly message: string;
  /** It does not run any more. */
  readonly isOff: boolean;
}

/** Where things go. */
export interface RuleSetOptions {
  readonly onAlert: (alert: Alert) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** What an alert says of the event that it is about. */
  readonly describe: (event: RuleEvent) => AlertEvent;
  /** ms that a batch of rules' code may take; 1,000 by default. */
  readonly timeout?: number;
  /** Alerts of one rule in a minute, of all containers together: 200 by default. */
  readonly budget?: number;
}

/** Of a rule that does not say. */
export const DEFAULT_LIMIT = { burst: 5, per: "1m" } as const;

/** A rule that fails so often within a minute is switched off. */
const FAILURES = 5;
const MINUTE = 60_000;

interface Running extends ActiveRule {
  readonly filter: CompiledFilter;
  readonly limiter: Limiter<string>;
  failures: number[];
  hasFailed: boolean;
  isOff: boolean;
}

/** What an alert is about. */
interface About {
  readonly time: bigint;
  readonly container: Container | undefined;
  readonly event?: RuleEvent;
}

/** Rules at work. */
export class RuleSet {
  readonly #options: RuleSetOptions;
  readonly #rules: readonly Running[];
  readonly #bySyscall = new Map<string, readonly Running[]>();
  /** By rule: one that floods leaves the others their alerts. */
  readonly #budget: Limiter<string>;
  readonly #mostInAll: number;
  /** What was held back is about, by rule and its limiter's key. */
  readonly #held = new Map<string, About>();
  #current: Running | undefined;
  /** ms of the newest event or tick. */
  #now = 0;

  constructor(rules: readonly ActiveRule[], options: RuleSetOptions) {
    this.#options = options;
    this.#mostInAll = options.budget ?? 200;
    this.#budget = new Limiter(this.#mostInAll, MINUTE);
    this.#rules = rules.map((active): Running => ({
      ...active,
      filter: compileFilter(active.rule.filter),
      limiter: new Limiter(active.limit.burst, millisecondsOf(active.limit.per)),
      failures: [],
      hasFailed: false,
      isOff: false,
    }));
    for (const running of this.#rules) {
      for (const syscall of running.rule.syscalls ?? []) {
        this.#bySyscall.set(syscall, [...this.#bySyscall.get(syscall) ?? [], running]);
      }
    }
  }

  /** The calls that some rule looks at. */
  get syscalls(): string[] {
    return [...this.#bySyscall].filter(([, rules]) => rules.some(({ isOff }) => !isOff))
      .map(([syscall]) => syscall);
  }

  /** Whether some rule looks at this container. */
  isOf(container: Container): boolean {
    return this.#rules.some((running) => !running.isOff && running.filter.isOf(container));
  }

  /**
   * Runs something that hands over events, until it is done or some rule has taken too long.
   *
   * @returns undefined: it was cut short, and the rule that did it is switched off.
   */
  guarded<T>(run: () => T): T | undefined {
    try {
      return guarded(run, this.#options.timeout ?? 1000);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      const running = this.#current;
      if (running !== undefined && error.isBusy) {
        this.#switchOff(running, `ran for more than ${this.#options.timeout ?? 1000} ms`);
      }
      return undefined;
    } finally {
      this.#current = undefined;
    }
  }

  /** Rules that look at a call look at an event of it. */
  event(syscall: string, event: RuleEvent, container: Container): void {
    const rules = this.#bySyscall.get(syscall);
    if (rules === undefined) return;
    for (const running of rules) {
      if (running.isOff || !running.filter.isOf(container)) continue;
      this.#run(running, { time: event.time, container, event }, (alert) => {
        if (!running.filter.passes(event)) return;
        const { options } = running;
        // Names and options are what load() has checked them to be.
        return running.rule.evaluate?.({ event: event as never, options: options as never, alert });
      });
    }
  }

  /** Rules hear of containers, and of what they have called; what was held back long enough is told. */
  tick({ time, interval, changes, tallies }: Tick): void {
    this.#now = Number(time / 1_000_000n);
    for (const running of this.#rules) {
      const { rule: { onContainer, onTally } } = running;
      if (onContainer !== undefined) {
        for (const change of changes) this.#change(running, change, onContainer);
      }
      if (onTally === undefined) continue;
      for (const { container, total, new: added } of tallies) {
        if (running.isOff || !running.filter.isOf(container)) continue;
        const tally = {
          container: containerView(container),
          time,
          interval,
          totalCalls: (syscall: string) => total.get(syscall) ?? 0,
          newCalls: (syscall: string) => added.get(syscall) ?? 0,
        };
        this.#run(
          running,
          { time, container },
          (alert) => onTally({ tally, options: running.options as never, alert }),
        );
      }
    }
    for (const running of this.#rules) {
      for (const { key, count } of running.limiter.expire(this.#now)) {
        this.#tellHeld(running, key, count);
      }
    }
    for (const { key, count } of this.#budget.expire(this.#now)) this.#tellOverBudget(key, count);
  }

  /** Tells of all that is still held back. */
  end(): void {
    for (const running of this.#rules) {
      for (const { key, count } of running.limiter.end()) this.#tellHeld(running, key, count);
    }
    for (const { key, count } of this.#budget.end()) this.#tellOverBudget(key, count);
  }

  #change(
    running: Running,
    { action, container, time }: ContainerChange,
    onContainer: NonNullable<Rule["onContainer"]>,
  ): void {
    if (running.isOff || !running.filter.isOf(container)) return;
    const view = containerView(container);
    const options = running.options as never;
    this.#run(
      running,
      { time, container },
      (alert) => onContainer({ action, container: view, time, options, alert }),
    );
  }

  #run(running: Running, about: About, code: (alert: RaiseAlert) => unknown): void {
    this.#current = running;
    try {
      const result = code((message, fields) => this.#alert(running, about, message, fields));
      if (result instanceof Promise) {
        result.catch(() => {});
        this.#switchOff(running, "is async: an event is another one by the time it goes on");
      }
    } catch (error) {
      if (
        error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
      ) {
        throw error;
      }
      this.#fail(running, error);
    }
    this.#current = undefined;
  }

  #alert(
    running: Running,
    about: About,
    message: string,
    fields: Readonly<Record<string, unknown>> | undefined,
  ): void {
    const { rule, limiter, severity } = running;
    const { container, event, time } = about;
    const now = Number(time / 1_000_000n);
    const by = event === undefined ? undefined : running.rule.limit?.by?.(event as never);
    const key = `${container === undefined ? "" : keyOf(container)} ${by ?? ""}`;
    const verdict = limiter.take(key, now);
    if (!verdict.passes) {
      this.#held.set(`${rule.id} ${key}`, { time, container });
      return;
    }
    if (!this.#budget.take(rule.id, now).passes) return;
    this.#options.onAlert({
      time,
      rule: rule.id,
      title: rule.title,
      severity,
      tags: rule.tags ?? [],
      message: String(message),
      container,
      fields,
      event: event === undefined ? undefined : this.#options.describe(event),
      suppressed: verdict.suppressed,
    });
  }

  #tellHeld(running: Running, key: string, count: number): void {
    const { rule, severity } = running;
    const name = `${rule.id} ${key}`;
    const about = this.#held.get(name);
    this.#held.delete(name);
    this.#options.onAlert({
      time: about?.time ?? 0n,
      rule: rule.id,
      title: rule.title,
      severity,
      tags: rule.tags ?? [],
      message: `${count} more like this were held back`,
      container: about?.container,
      fields: undefined,
      event: undefined,
      suppressed: count,
    });
  }

  #tellOverBudget(rule: string, count: number): void {
    const message =
      `${count} alerts held back: it raised more than ${this.#mostInAll} within a minute`;
    this.#options.onProblem({ rule, message, isOff: false });
  }

  #fail(running: Running, error: unknown): void {
    const text = error instanceof Error ? error.stack ?? String(error) : String(error);
    running.failures = running.failures.filter((at) => this.#now - at < MINUTE);
    running.failures.push(this.#now);
    if (!running.hasFailed) {
      running.hasFailed = true;
      this.#options.onProblem({ rule: running.rule.id, message: text, isOff: false });
    }
    if (running.failures.length >= FAILURES) {
      this.#switchOff(running, `failed ${FAILURES} times within a minute`);
    }
  }

  #switchOff(running: Running, why: string): void {
    if (running.isOff) return;
    running.isOff = true;
    this.#options.onProblem({ rule: running.rule.id, message: why, isOff: true });
  }
}
