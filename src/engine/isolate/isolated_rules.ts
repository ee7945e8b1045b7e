/**
 * Rules in a child process that has no permissions, and that may be killed at any time: what is sent to it, what comes
 * of it, and what happens when it ends.
 *
 * What is promised: a batch is kept until the child says that all rules have looked at it, and what they told of it
 * comes with that, in one message. So where the child ends, no alert of a batch is lost, and none is told twice: the
 * child after it looks at the batch again, this time rule by rule, each of which is named before it begins. If it ends
 * again, the rule that was named last is switched off, and the others go on where they were. What is lost is what rules
 * remember; and what the rule told of that very event of which the child died.
 *
 * The monitor never waits for the child. So much is under way at most; then events stay in the ring, and where that
 * is full the kernel counts those that are lost.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { Event } from "../../events/decoded/mod.ts";
import { alertEvent } from "../../sinks/events/mod.ts";
import type { Alert, ContainerLoss, Tick } from "../../sinks/mod.ts";
import { ConfigError, type Settings } from "../config/mod.ts";
import type { EventSource, Replaced, RuleProblem } from "../rules/mod.ts";
import { ReceivedBatch, ReceivedProcesses } from "../snapshots/mod.ts";
import { LimitedAlerts } from "./alerts.ts";
import { Backoff } from "./backoff.ts";
import { Feed, type FeedOptions } from "./feed.ts";
import { FrameError } from "./frames.ts";
import type { SentProblem, SentRule, Told } from "./messages.ts";
import { type ChildTask, LOOK, RulesChild } from "./rules_child.ts";
import type { Sources } from "./sources.ts";
import { TRIES, type UnderWay, WorkQueue } from "./work_queue.ts";

/** Records that are taken together. */
const BATCH = 1024;

/** ms of draining after which others get their turn. */
const TURN = 100;

/** Bytes that are under way to the child, at most and one batch more. */
const UNDER_WAY = 4 * 1024 * 1024;

/** ms that the child gets for what is left at the end. */
const LAST = 5000;

/** MB of V8's heap that rules may take. */
const MEMORY = 256;

/** Where things go, and what there is. */
export interface IsolationOptions extends FeedOptions {
  readonly onAlert: (alert: Alert) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** Something that a user has to know of, a line. */
  readonly onNotice: (text: string) => void;
  /** The folder of the rules that come with the monitor. */
  readonly shipped: string;
  /** The deno.json by which rules find `"tallyman"`. */
  readonly config: string;
  /** ms that a batch of rules' code may take; 1,000 by default. */
  readonly timeout?: number;
  /** MB of V8's heap that rules may take; 256 by default. */
  readonly memory?: number;
  /** Alerts in a minute, of all rules and containers. */
  readonly budget?: number;
}

/** Rules in a child process. */
export class IsolatedRules implements AsyncDisposable {
  /** What tells them from rules of this process. */
  readonly isIsolated = true;
  readonly #source: EventSource;
  readonly #options: IsolationOptions;
  #settings: Settings;
  readonly #alerts: LimitedAlerts;
  readonly #feed: Feed;
  /** What was sent, for describing what alerts are about. */
  readonly #sent: { processes: ReceivedProcesses; event: Event; bootTime: bigint };
  #rules: readonly SentRule[] = [];
  readonly #off = new Set<string>();
  /** Rules whose first failure was told. */
  readonly #failed = new Set<string>();
  readonly #queue = new WorkQueue();
  /** Who is given work; undefined: it has ended, and another one is to come. */
  #child: RulesChild | undefined;
  /** Who loads what is edited. */
  #next: RulesChild | undefined;
  /** What was loaded last, for a child that is to run the same. */
  #good: Sources | undefined;
  /** The last try to start a child with it has failed. */
  #hasFailed = false;
  #isReady = false;
  /** No more work is given until another child has taken over. */
  #isTakenOver = false;
  #lookedAt = 0;
  readonly #backoff = new Backoff();
  #restart: ReturnType<typeof setTimeout> | undefined;
  readonly #look: ReturnType<typeof setInterval>;
  readonly #closing = new Set<Promise<void>>();
  #isOver = false;
  #onProgress = () => {};

  private constructor(source: EventSource, settings: Settings, options: IsolationOptions) {
    this.#source = source;
    this.#settings = settings;
    this.#options = options;
    this.#alerts = new LimitedAlerts(options.onAlert, options.budget);
    const { bootTime } = source;
    this.#feed = new Feed(source, options);
    const sent = new ReceivedProcesses();
    this.#sent = { processes: sent, event: new Event(sent, bootTime), bootTime };
    this.#look = setInterval(() => this.#watch(), LOOK);
  }

  /**
   * Starts the child, and has it load the rules that settings speak of.
   *
   * @throws {RuleError} or {@linkcode ConfigError}, if there is something wrong with them.
   */
  static async start(
    source: EventSource,
    settings: Settings,
    options: IsolationOptions,
  ): Promise<IsolatedRules> {
    mustBePlain(settings);
    const rules = new IsolatedRules(source, settings, options);
    try {
      const child = rules.#next = rules.#spawn(settings, []);
      rules.#take(child, await child.loaded);
      return rules;
    } catch (error) {
      await rules[Symbol.asyncDispose]();
      throw error;
    }
  }

  #timeoutOf({ ruleTimeout }: Settings): number {
    return this.#options.timeout ?? ruleTimeout ?? 1000;
  }

  #spawn(settings: Settings, off: readonly string[], sources?: Sources): RulesChild {
    const { shipped, config, onNotice, memory = MEMORY } = this.#options;
    const { bootTime } = this.#source;
    const onMessage: ChildTask["onMessage"] = (message) => {
      this.#answer(message);
      this.#onProgress();
    };
    const child: RulesChild = new RulesChild(
      { shipped, config, bootTime, memory, onNotice },
      {
        settings,
        sources,
        off,
        timeout: this.#timeoutOf(settings),
        onMessage,
        onEnd: (reason) => this.#ended(child, reason),
      },
    );
    return child;
  }

  /** Looks whether the child is well. */
  #watch(): void {
    const now = performance.now();
    // Where we were stopped ourselves it is not the child that was silent.
    const passed = Math.min(now - this.#lookedAt, 2 * LOOK);
    this.#lookedAt = now;
    this.#child?.look(passed, !this.#queue.isEmpty);
    this.#next?.look(passed, false);
  }

  /** A child has loaded the rules: it is the one that is given work, from what another has not done on. */
  #take(child: RulesChild, rules: readonly SentRule[]): void {
    if (child === this.#next) {
      this.#next = undefined;
      this.#isTakenOver = false;
    }
    this.#child = child;
    // What was edited while it was loaded may be another, and be broken: it comes as an edit.
    if (child.sources.isCurrent) this.#good = child.sources;
    this.#hasFailed = false;
    this.#isReady = true;
    this.#rules = rules;
    this.#alerts.takeIn(rules);
    this.#want();
    for (const each of this.#queue.again()) this.#send(each);
    this.#sendTick();
  }

  #answer(message: Parameters<ChildTask["onMessage"]>[0]): void {
    switch (message.type) {
      case "alive":
        return;
      case "later":
        return message.problems.forEach((each) => this.#problem(each));
      case "at": {
        const first = this.#queue.first(message.id);
        this.#tell(first, message.told);
        this.#queue.entered(first, message.event, message.rule);
        return;
      }
      case "done": {
        const first = this.#queue.first(message.id);
        this.#queue.done();
        this.#tell(first, message.told);
        this.#sendTick();
        return;
      }
    }
  }

  /** Has the kernel send what rules that still run look at. */
  #want(): void {
    const running = this.#rules.filter(({ id }) => !this.#off.has(id));
    this.#feed.want(running);
  }

  #problem({ rule, message, isOff }: SentProblem): void {
    if (rule === undefined) {
      return this.#options.onNotice(`rules: ${message}`);
    }
    if (!this.#rules.some(({ id }) => id === rule)) return;
    if (isOff) return this.#switchOff(rule, message);
    // Its first failure is told, also if another child has had it.
    if (this.#failed.has(rule)) return;
    this.#failed.add(rule);
    this.#options.onProblem({ rule, message, isOff });
  }

  #switchOff(rule: string, message: string): void {
    if (this.#off.has(rule)) return;
    this.#off.add(rule);
    this.#options.onProblem({ rule, message, isOff: true });
    this.#want();
  }

  /** Tells what the child has told of some work. */
  #tell({ work, body, containers }: UnderWay, { alerts, held, problems }: Told): void {
    const batch = work.type === "batch" && alerts.length > 0
      ? new ReceivedBatch(work, body, containers, this.#sent)
      : undefined;
    for (const alert of alerts) {
      if (batch !== undefined && alert.time === undefined) {
        if (alert.at >= batch.size) throw new FrameError("an alert about nothing");
        const { container, change } = batch.show(alert.at);
        const { event } = this.#sent;
        const time = change?.time ?? event.time;
        const describe = () => change?.describe() ?? alertEvent(event);
        this.#alerts.tell(alert, { container, time, describe });
      } else {
        const container = containers[alert.at];
        if (container === undefined || alert.time === undefined) {
          throw new FrameError("an alert about nothing");
        }
        this.#alerts.tell(alert, { container, time: BigInt(alert.time) });
      }
    }
    for (const each of held) {
      const container = containers[each.container];
      if (container !== undefined) this.#alerts.hold(each, container);
    }
    for (const each of problems) this.#problem(each);
  }

  /** A child has ended that had loaded the rules: another one is started, which does what it has not. */
  #ended(child: RulesChild, reason: string): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#isReady = false;
    this.#onProgress();
    if (this.#isOver) return;
    this.#blame(reason);
    // Who loads what is edited goes on with it.
    if (this.#next === undefined) this.#startAgain(reason, child.startedAt);
    else this.#options.onNotice(`rules: their process ${reason}`);
  }

  #startAgain(reason: string, startedAt: number): void {
    const wait = this.#backoff.wait(performance.now() - startedAt);
    this.#options.onNotice(
      `rules: their process ${reason}; it is started again in ${wait} ms`,
    );
    this.#restart = setTimeout(() => void this.#again(), wait);
  }

  async #again(): Promise<void> {
    this.#restart = undefined;
    const startedAt = performance.now();
    let child: RulesChild | undefined;
    try {
      // Not what is there now: that may be half an edit. But where copies can't be made it is better than nothing.
      const sources = this.#hasFailed ? undefined : this.#good;
      child = this.#child = this.#spawn(this.#settings, [...this.#off], sources);
      const rules = await child.loaded;
      if (child === this.#child) this.#take(child, rules);
    } catch (error) {
      // What is there now can't be loaded, or a folder of rules is gone: it may be mended.
      if (this.#isOver || child !== this.#child) return;
      this.#child = undefined;
      this.#hasFailed = !this.#hasFailed;
      const text = error instanceof Error ? error.message : String(error);
      this.#startAgain(`can't be started: ${text}`, startedAt);
    }
  }

  #blame(reason: string): void {
    const blame = this.#queue.blame();
    if (blame.type === "rule") {
      this.#switchOff(blame.id, `when it ran the rules' process ${reason}`);
    } else if (blame.type === "passed over") {
      this.#options.onNotice(
        `rules: ${blame.events} events are passed over, at which their process ended ${TRIES} times`,
      );
    }
  }

  #send({ work, body, event, entered, isCareful }: UnderWay): void {
    this.#child?.send(isCareful ? { ...work, careful: { event, done: entered } } : work, body);
  }

  /**
   * Puts rules in the place of those that run, in another child, which loads them first. Nothing changes if it can't.
   * What the child until now was given it still does; what comes after that is for the other one.
   *
   * All that rules remember begins anew; the limits of those that have not changed go on, and who was switched off
   * among them stays off.
   *
   * @param isEdited Whether a file has changed, or something that it imports.
   * @throws {RuleError} or {@linkcode ConfigError}, if there is something wrong with them.
   */
  async replace(settings: Settings, isEdited: (file: string) => boolean): Promise<Replaced> {
    mustBePlain(settings);
    const before = new Map(this.#rules.map((rule) => [rule.id, rule]));
    const isSame = (rule: SentRule) =>
      !isEdited(rule.file) &&
      isDeepStrictEqual(settings.rule[rule.id], this.#settings.rule[rule.id]);
    const off = [...this.#off].filter((id) => {
      const rule = before.get(id);
      return rule !== undefined && isSame(rule);
    });
    const next = this.#next = this.#spawn(settings, off);
    let rules: readonly SentRule[];
    try {
      rules = await next.loaded;
    } catch (error) {
      this.#next = undefined;
      const isNone = this.#child === undefined && this.#restart === undefined;
      if (isNone && !this.#isOver) void this.#again();
      throw error;
    }
    clearTimeout(this.#restart);
    this.#restart = undefined;
    this.#isTakenOver = true;
    while (this.#child !== undefined && !this.#queue.isEmpty && !this.#isOver) {
      await this.#progress(LOOK);
    }
    const ids = new Set([...rules.map(({ id }) => id), ...off]);
    const changed = rules.filter(({ id }) => {
      const rule = before.get(id);
      return rule !== undefined && !isSame(rule);
    });
    const gone = [...before.values()].filter(({ id }) => !ids.has(id));
    const anew = [...changed, ...gone].map(({ id }) => id);
    this.#settings = settings;
    this.#off.clear();
    for (const id of off) this.#off.add(id);
    for (const id of anew) this.#failed.delete(id);
    this.#feed.forget(anew);
    this.#alerts.retire(anew);
    this.#close(this.#child);
    if (this.#isOver) this.#close(next);
    else this.#take(next, rules);
    return { changed, added: rules.filter(({ id }) => !before.has(id)), gone };
  }

  #close(child: RulesChild | undefined): void {
    if (child === undefined) return;
    const closed = child.close(LOOK).finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  get #mayGive(): boolean {
    return this.#isReady && !this.#isTakenOver;
  }

  /**
   * Takes what has come to the child.
   *
   * @returns how many records that was; at least one where there may be more, and the child has enough for now.
   */
  drain(): number {
    let all = 0;
    const end = performance.now() + TURN;
    for (let taken = BATCH; taken === BATCH && performance.now() < end;) {
      if (!this.#mayGive || this.#queue.bytes >= UNDER_WAY) return Math.max(1, all);
      const { taken: some, parcel } = this.#feed.take(BATCH);
      taken = some;
      all += taken;
      if (parcel !== undefined) this.#send(this.#queue.add(parcel));
    }
    return all;
  }

  /** Events wait for more to be known of their containers. */
  get isWaiting(): boolean {
    return this.#feed.isWaiting;
  }

  /** It is the end: what waits, and what is still to come, is decided by what is known. */
  waitNoLonger(): void {
    this.#feed.waitNoLonger();
  }

  /** Events that were passed over since this was asked last, and that somebody asks for as is known now. */
  takeLosses(): ContainerLoss[] {
    return this.#feed.takeLosses();
  }

  /** Rules hear of a tick. */
  tick(tick: Tick): void {
    this.#feed.tick(tick);
    this.#sendTick();
    this.#alerts.tick(tick.time);
  }

  /** One is under way at most: what comes meanwhile is added to the next. */
  #sendTick(): void {
    if (!this.#feed.hasTick || !this.#mayGive || this.#queue.hasTick) return;
    this.#send(this.#queue.add(this.#feed.takeTick()));
  }

  /** Has rules look at what is left, for some seconds at most, and tells what was held back until now. */
  async end(): Promise<void> {
    const until = performance.now() + LAST + Math.min(this.#timeoutOf(this.#settings), LAST);
    while (performance.now() < until) {
      const taken = this.drain();
      if (taken === 0 && this.#queue.isEmpty && !this.#feed.hasTick) break;
      await this.#progress(LOOK);
    }
    if (!this.#queue.isEmpty) {
      this.#options.onNotice("rules: they had not looked at all events when the monitor ended");
    }
    await this[Symbol.asyncDispose]();
    this.#alerts.end();
  }

  async #progress(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#onProgress;
    this.#onProgress = () => {
      before();
      resolve();
    };
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    this.#onProgress = () => {};
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#look);
    clearTimeout(this.#restart);
    this.#close(this.#child);
    this.#close(this.#next);
    await Promise.all(this.#closing);
  }
}

/** JSON is all that the child is told: what it can't hold would become something else. */
function mustBePlain({ rule, file = "" }: Settings): void {
  const check = (value: unknown, path: readonly string[]): void => {
    const isPlain = value === null ||
      ["string", "number", "boolean", "undefined"].includes(typeof value);
    if (isPlain) return;
    const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
      throw new ConfigError({ file, path }, "with --isolate it has to be what JSON can hold");
    }
    for (const [key, each] of Object.entries(value as object)) check(each, [...path, key]);
  };
  check(rule, ["rule"]);
}
