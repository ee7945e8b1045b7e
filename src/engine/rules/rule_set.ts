/**
 * The rules that run: who looks at which call, what they find, and what becomes of those that fail.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Alert, AlertEvent, Tick } from "../../sinks/mod.ts";
import type { ActiveRule, NamedRule, Replaced, RuleProblem } from "./active_rule.ts";
import { AlertLimits, headOf, type QuotaOf } from "./alert_limits.ts";
import type { Heard, Hearer } from "./container_news.ts";
import { containerView } from "./container_view.ts";
import type { Rule, RuleEvent } from "./define.ts";
import { failureText, plainFields, stackOf } from "./failure.ts";
import { asRuleCode, endRuleCode } from "./fences.ts";
import { guarded, TimedOut } from "./guard.ts";
import { type Job, jobsOf } from "./jobs.ts";
import { LastLook } from "./last_look.ts";
import type { PendingLosses } from "./pending_losses.ts";
import type { ProcessNews } from "./process_change.ts";
import { begin, isSame, type Running } from "./running.ts";
import type { Patience } from "../waiting/mod.ts";

/** Where things go. */
export interface RuleSetOptions {
  /** `key`: what the alert was counted by, within its rule and container. */
  readonly onAlert: (alert: Alert, key: string) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** What an alert says of the event that it is about. */
  readonly describe: (of: RuleEvent | ProcessNews) => AlertEvent;
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

/** What a filter says of an event. "not yet": that depends on what is still to be known of its container. */
export type Verdict = boolean | "not yet";

/** Keeps events from rules. */
export interface EventFilter {
  /** Whether a container's events are of interest at all. */
  keeps(container: Container): boolean;
  /**
   * Whether rules are to hear of a process of a container. Guarded, as `passes` is.
   *
   * @param mayWait Otherwise the answer is not "not yet", and what is kept from rules for that is counted.
   */
  hears(container: Container, mayWait: boolean): Verdict;
  passes(syscall: string, event: RuleEvent, container: Container, mayWait: boolean): Verdict;
  /** The batch was cut short while no rule ran. */
  cut(isBusy: boolean): void;
}

/** ms that a batch of rules' code may take. */
export const DEFAULT_TIMEOUT = 1000;

/** A batch ends by itself when it has taken this part of what it may: nobody is cut short for what others took. */
const PATIENCE = 1 / 4;

/** Whether a rule asks for such an event, of whatever container. What its filter throws is told when it looks. */
function asks({ isOff, filter }: Running, event: RuleEvent): boolean {
  try {
    return !isOff && filter.passes(event);
  } catch {
    return true;
  }
}

function named({ rule: { id }, file }: ActiveRule): NamedRule {
  return { id, file };
}

/** Rules at work. */
export class RuleSet {
  readonly #options: RuleSetOptions;
  #timeout: number;
  #rules: readonly Running[] = [];
  readonly #last = new LastLook();
  readonly #bySyscall = new Map<string, readonly Running[]>();
  /** URLs of code that ran before it was edited, and whose rule that was; none: it has been told of. */
  readonly #former = new Map<string, string | undefined>();
  #hearingProcesses: readonly Running[] = [];
  readonly #limits: AlertLimits;
  /** Whose code runs, and what it looks at. */
  #current: Running | undefined;
  #container: Container | undefined;
  #event: RuleEvent | undefined;
  #change: ProcessNews | undefined;
  #time: bigint | undefined;
  /** Of the rules of a call, the next that looks at the event. */
  #next = 0;
  /** ms of the newest tick. */
  #now = 0;
  #isGuarded = false;
  /** Raised by code that is still guarded: to write them may take long, and that is not the rules' fault. */
  readonly #alerts: { readonly alert: Alert; readonly key: string }[] = [];
  readonly #problems: RuleProblem[] = [];

  constructor(rules: readonly ActiveRule[], options: RuleSetOptions) {
    this.#options = options;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
    this.#limits = new AlertLimits(options.budget, options.quota);
    this.#set(rules.map((active) => this.#ready(active)));
  }

  #set(rules: readonly Running[]): void {
    this.#rules = rules;
    this.#bySyscall.clear();
    this.#last.forget();
    for (const running of rules) {
      for (const syscall of new Set<string>(running.rule.syscalls)) {
        this.#bySyscall.set(syscall, [...this.#bySyscall.get(syscall) ?? [], running]);
      }
    }
    this.#hearingProcesses = rules.filter(({ rule }) => rule.onProcess !== undefined);
  }

  /**
   * Puts rules in the place of those that run: between two batches. A rule that is the same, with the same options,
   * severity and limit, runs on with all that it has told and held back; another one begins anew, and what it had
   * held back is told.
   *
   * @param timeout ms that a batch may take from now on.
   */
  replace(rules: readonly ActiveRule[], timeout: number = this.#timeout): Replaced {
    this.#timeout = timeout;
    const before = new Map(this.#rules.map((running) => [running.rule.id, running]));
    const running = rules.map((active) => {
      const same = before.get(active.rule.id);
      return same !== undefined && isSame(same, active) ? same : this.#ready(active);
    });
    const kept = new Set(running);
    const retired = this.#rules.filter((each) => !kept.has(each));
    this.#set(running);
    for (const each of running) if (each.url !== undefined) this.#former.delete(each.url);
    for (const each of retired) this.#retire(each);
    this.#tell();
    const begun = rules.filter((active, i) => running[i] !== before.get(active.rule.id));
    const ids = new Set(rules.map(({ rule }) => rule.id));
    return {
      changed: begun.filter(({ rule }) => before.has(rule.id)).map(named),
      added: begun.filter(({ rule }) => !before.has(rule.id)).map(named),
      gone: retired.filter(({ rule }) => !ids.has(rule.id)).map(named),
    };
  }

  #retire(running: Running): void {
    this.#tellLater(this.#limits.end(running));
    const { url, rule } = running;
    if (url !== undefined && !this.#rules.some((each) => each.url === url)) {
      this.#former.set(url, rule.id);
    }
  }

  #ready(active: ActiveRule): Running {
    return begin(active, (...alert) => this.#alert(...alert));
  }

  /** The calls that some rule looks at, and which rules these are. */
  bySyscall(): Map<string, Rule[]> {
    const active = new Map<string, Rule[]>();
    for (const [syscall, all] of this.#bySyscall) {
      const rules = all.filter(({ isOff }) => !isOff).map(({ rule }) => rule);
      if (rules.length > 0) active.set(syscall, rules);
    }
    return active;
  }

  /** The ids of all rules, or of those that look at a call, in the order in which they do. */
  ids(syscall?: string): string[] {
    const rules = syscall === undefined ? this.#rules : this.#bySyscall.get(syscall) ?? [];
    return rules.map(({ rule }) => rule.id);
  }

  /** Whether some rule hears of processes. */
  get hearsProcesses(): boolean {
    return this.#hearingProcesses.length > 0;
  }

  /** The ids of all rules that do, in their order. */
  get processIds(): string[] {
    return this.#hearingProcesses.map(({ rule }) => rule.id);
  }

  /** Rules that hear of containers. */
  get hearers(): Hearer[] {
    const { filter } = this.#options;
    return this.#rules.filter(({ rule, isOff }) => rule.onContainer !== undefined && !isOff)
      .map((running) => ({
        id: running.rule.id,
        isOf: (container) => filter?.keeps(container) !== false && running.filter.isOf(container),
      }));
  }

  /** Whether some rule that hears of calls looks at this container. */
  isOf(container: Container): boolean {
    if (this.#options.filter?.keeps(container) === false) return false;
    return this.#rules.some(({ rule, isOff, filter }) =>
      !isOff && (rule.syscalls?.length ?? 0) > 0 && filter.isOf(container)
    );
  }

  /** ms after which a batch should end by itself. */
  get patience(): number {
    return this.#timeout * PATIENCE;
  }

  /**
   * How many of a call's rules are done with the event that {@linkcode event} was called with last: where it was cut
   * short, those that follow have not seen it.
   */
  get done(): number {
    return this.#next;
  }

  /**
   * Runs something that hands over events, until it is done or some rule has taken too long. What rules tell of
   * meanwhile is told afterwards.
   *
   * @returns undefined: it was cut short, and the rule that did it is switched off.
   */
  guarded<T>(run: () => T): T | undefined {
    this.#isGuarded = true;
    try {
      return guarded(() => asRuleCode(run), this.#timeout);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      endRuleCode();
      if (this.#current !== undefined) this.#cut(this.#current, error.isBusy);
      else this.#options.filter?.cut(error.isBusy);
      return undefined;
    } finally {
      this.#current = undefined;
      this.#isGuarded = false;
      this.#tell();
    }
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
    this.#next = from;
    const rules = this.#last.rules(syscall, this.#bySyscall);
    if (rules === undefined) return;
    const { filter, patience } = this.#options;
    const mayWait = this.#mayWait(container);
    // Who is called again behind a rule that was cut short has passed it already.
    if (from === 0 && filter !== undefined) {
      const verdict = this.#inOrder(filter.passes(syscall, event, container, mayWait), container);
      if (verdict === "not yet" && this.#areAsking(rules, event)) patience?.wait(undefined);
      if (verdict !== true) return;
    }
    this.#lookAt(container, event, undefined);
    const end = Math.min(rules.length, to);
    const areOf = this.#last.areOf(container);
    for (let next = from; next < end; this.#next = ++next) {
      const running = rules[next]!;
      if (running.isOff || only?.has(running.rule.id) === false) continue;
      const { filter } = running;
      if (!areOf && !filter.isOf(container)) {
        if (!mayWait) this.#options.pending?.note(filter, container, syscall);
        continue;
      }
      this.#current = running;
      try {
        if (filter.passesAll || filter.passes(event)) this.#evaluate(running, event);
      } catch (error) {
        this.#fail(running, error);
      }
      this.#current = undefined;
    }
    if (mayWait) this.#letWait(rules.filter((each) => asks(each, event)), container, only);
  }

  /** Whether an event may wait until more is known of its container. */
  #mayWait(container: Container): boolean {
    return container.metadata.state === "pending" &&
      this.#options.patience?.mayWait(container) === true;
  }

  /** Nothing goes before what waits already, as long as there is room for it. */
  #inOrder(verdict: Verdict, container: Container): Verdict {
    if (verdict !== true || container.metadata.state !== "pending") return verdict;
    const isBehind = this.#options.patience?.holds(container) === true;
    return isBehind && this.#mayWait(container) ? "not yet" : true;
  }

  /** Whether some rule asks for such an event, of whatever container. */
  #areAsking(rules: readonly Running[], event: RuleEvent): boolean {
    return rules.some((each) => asks(each, event));
  }

  /** Rules that ask for containers by their names look at what is looked at now when it has one. */
  #letWait(
    rules: readonly Running[],
    container: Container,
    only: ReadonlySet<string> | undefined,
  ): void {
    const ids = rules.filter(({ isOff, rule: { id }, filter }) =>
      !isOff && only?.has(id) !== false && filter.mayBeOf(container)
    ).map(({ rule: { id } }) => id);
    if (ids.length > 0) this.#options.patience?.wait(ids);
  }

  /**
   * Rules that hear of processes hear of one.
   *
   * @param from Which of them is first, `to` the first that does not, `only` who does: as of an event.
   */
  process(change: ProcessNews, from = 0, to = Infinity, only?: ReadonlySet<string>): void {
    this.#next = from;
    const { container, process: { uid } } = change;
    const rules = this.#hearingProcesses;
    const { filter, patience } = this.#options;
    const mayWait = this.#mayWait(container);
    if (from === 0 && filter !== undefined) {
      const verdict = this.#inOrder(filter.hears(container, mayWait), container);
      const areAsking = () => rules.some((each) => !each.isOff && each.filter.isOfUser(uid));
      if (verdict === "not yet" && areAsking()) patience?.wait(undefined);
      if (verdict !== true) return;
    }
    this.#lookAt(container, undefined, change.time, change);
    const end = Math.min(rules.length, to);
    for (; this.#next < end; this.#next++) {
      const running = rules[this.#next]!;
      const { filter } = running;
      if (running.isOff || !filter.isOfUser(uid) || only?.has(running.rule.id) === false) continue;
      if (!filter.isOf(container)) {
        if (!mayWait) this.#options.pending?.note(filter, container, undefined);
        continue;
      }
      this.#current = running;
      try {
        this.#look(running, this.#hearProcess(running, change));
      } catch (error) {
        this.#fail(running, error);
      }
      this.#current = undefined;
    }
    if (mayWait) this.#letWait(rules.filter(({ filter }) => filter.isOfUser(uid)), container, only);
  }

  #hearProcess({ rule, options, alert }: Running, change: ProcessNews): unknown {
    const { action, process, exit, time, container } = change;
    return rule.onProcess?.({
      action,
      process,
      exit,
      time,
      container: containerView(container),
      options: options as never,
      alert,
    });
  }

  #evaluate(running: Running, event: RuleEvent): void {
    let { context } = running;
    if (context?.event !== event) {
      // Names and options are what load() has checked them to be.
      const options = running.options as never;
      context = Object.freeze({ event, options, alert: running.alert });
      running.context = context;
    }
    this.#look(running, running.rule.evaluate?.(context as never));
  }

  /**
   * Rules hear of containers, and of what they have called; what was held back long enough is told.
   *
   * @param heard Which changes of containers each rule hears of; all of the tick's by default.
   * @param only The id of the one rule that does; all do by default.
   */
  tick(tick: Tick, heard?: Heard, only?: string): void {
    this.#now = Number(tick.time / 1_000_000n);
    const jobs = [...jobsOf(this.#rules, tick, heard)];
    this.#runAll(
      only === undefined ? jobs : jobs.filter(({ running }) => running.rule.id === only),
    );
    for (const running of this.#rules) this.#tellLater(this.#limits.release(running, this.#now));
    this.#tell();
  }

  /** Tells of all that is still held back. */
  end(): void {
    for (const running of this.#rules) this.#tellLater(this.#limits.end(running));
    this.#tell();
  }

  /**
   * An error of code that nobody waits for: a timer, a promise.
   *
   * @param id Whose it is, if that is known.
   * @returns whether it is of one of the rules, or of one that was here before it was edited: of that one, or as its
   * stack says.
   */
  failedLater(error: unknown, id?: string): boolean {
    const stack = stackOf(error);
    const running = this.#rules.find(({ rule }) => rule.id === id) ??
      this.#rules.find(({ url, file }) =>
        url === undefined ? file !== undefined && stack.includes(file) : stack.includes(`${url}:`)
      );
    if (running !== undefined) {
      this.#fail(running, error);
      this.#tell();
      return true;
    }
    const former = [...this.#former].find(([url]) => stack.includes(`${url}:`));
    if (former === undefined) return false;
    const [url, rule] = former;
    if (rule !== undefined) {
      this.#former.set(url, undefined);
      const message = `as it was before it was edited: ${failureText(error)}`;
      this.#options.onProblem({ rule, message, isOff: false, error });
    }
    return true;
  }

  /** Runs jobs, guarded; where one was cut short it goes on with those behind it. */
  #runAll(jobs: readonly Job[]): void {
    let next = 0;
    while (next < jobs.length) {
      this.guarded(() => {
        const end = performance.now() + this.patience;
        do {
          const job = jobs[next]!;
          this.#runJob(job);
          next++;
        } while (next < jobs.length && performance.now() < end);
      });
    }
  }

  #runJob({ running, container, time, code }: Job): void {
    if (running.isOff || !running.filter.isOf(container)) return;
    this.#lookAt(container, undefined, time);
    this.#current = running;
    try {
      this.#look(running, code(running.alert));
    } catch (error) {
      this.#fail(running, error);
    }
    this.#current = undefined;
  }

  /** What rules look at from now on. */
  #lookAt(
    container: Container,
    event: RuleEvent | undefined,
    time: bigint | undefined,
    change?: ProcessNews,
  ): void {
    this.#container = container;
    this.#event = event;
    this.#change = change;
    this.#time = time;
  }

  /** Looks at what a rule has returned: nothing, if it is as it should be. */
  #look(running: Running, result: unknown): void {
    if (typeof result !== "object" || result === null || !("then" in result)) return;
    // What becomes of it is nobody's business any more.
    if (result instanceof Promise) result.catch(() => {});
    this.#switchOff(running, "is async: what it looks at is something else by the time it goes on");
  }

  #alert(
    running: Running,
    message: string,
    fields: Readonly<Record<string, unknown>> | undefined,
  ): void {
    if (this.#current !== running) {
      throw new Error(
        "alert() was called when the rule had returned: it tells of what it looks at",
      );
    }
    const event = this.#event;
    const about = event ?? this.#change;
    const container = this.#container;
    if (container === undefined) return;
    const time = this.#time ??= event?.time ?? 0n;
    const key = this.#key(running, event);
    const verdict = this.#limits.take(running, container, key, time);
    if (!verdict.passes) return;
    const alert = {
      ...headOf(running),
      time,
      message: String(message),
      container,
      fields: fields === undefined ? undefined : plainFields(fields),
      event: about === undefined ? undefined : this.#options.describe(about),
      suppressed: verdict.suppressed,
    };
    this.#alerts.push({ alert, key });
    if (!this.#isGuarded) this.#tell();
  }

  /** What has a limit of its own. An alert is worth more than the key that it can't be counted by. */
  #key(running: Running, event: RuleEvent | undefined): string {
    if (event === undefined) return "";
    try {
      return String(running.rule.limit?.by?.(event as never) ?? "");
    } catch (error) {
      this.#fail(running, error);
      return "";
    }
  }

  #tellLater(alerts: readonly Alert[]): void {
    for (const alert of alerts) this.#alerts.push({ alert, key: "" });
  }

  /** Of what is looked at, or of the newest tick. */
  get #millisecond(): number {
    if (this.#current === undefined) return this.#now;
    const time = this.#time ??= this.#event?.time;
    return time === undefined ? this.#now : Number(time / 1_000_000n);
  }

  #fail(running: Running, error: unknown): void {
    const { isFirst, off } = running.strikes.fail(this.#millisecond);
    if (isFirst) this.#problem(running, failureText(error), false, error);
    if (off !== undefined) this.#switchOff(running, off);
  }

  #cut(running: Running, isBusy: boolean): void {
    const off = running.strikes.cut(this.#now, isBusy, this.#timeout);
    if (off !== undefined) this.#switchOff(running, off);
  }

  #switchOff(running: Running, why: string): void {
    if (running.isOff) return;
    running.isOff = true;
    this.#problem(running, why, true);
  }

  #problem({ rule }: Running, message: string, isOff: boolean, error?: unknown): void {
    this.#problems.push({
      rule: rule.id,
      message,
      isOff,
      ...(error !== undefined && { error }),
    });
    if (!this.#isGuarded) this.#tell();
  }

  /** Hands over what there is to tell. */
  #tell(): void {
    for (const problem of this.#problems.splice(0)) this.#options.onProblem(problem);
    for (const { alert, key } of this.#alerts.splice(0)) this.#options.onAlert(alert, key);
  }
}
