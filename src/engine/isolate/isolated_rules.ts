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
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { Alert, ContainerLoss, Tick } from "../../sinks/mod.ts";
import type { Settings } from "../config/mod.ts";
import type { EventSource, Replaced, RuleProblem } from "../rules/mod.ts";
import { LimitedAlerts } from "./alerts.ts";
import { Feed, type FeedOptions } from "./feed.ts";
import { LoadedRules, RuleChanges } from "./loaded_rules.ts";
import type { SentRule } from "./messages.ts";
import { mustBePlain } from "./plain_settings.ts";
import { Progress } from "./progress.ts";
import { Relay } from "./relay.ts";
import { type Answer, LOOK } from "./rules_child.ts";
import { Supervisor, type SupervisorOptions } from "./supervisor.ts";
import { TRIES } from "./work_queue.ts";
import { WorkSender } from "./work_sender.ts";

/** ms that the child gets for what is left at the end. */
const LAST = 5000;

/** Where things go, and what there is. */
export interface IsolationOptions extends FeedOptions, Omit<SupervisorOptions, "bootTime"> {
  readonly onAlert: (alert: Alert) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** Alerts in a minute, of all rules and containers. */
  readonly budget?: number;
}

/** Rules in a child process. */
export class IsolatedRules implements AsyncDisposable {
  /** What tells them from rules of this process. */
  readonly isIsolated = true;
  readonly #onNotice: IsolationOptions["onNotice"];
  readonly #alerts: LimitedAlerts;
  readonly #feed: Feed;
  readonly #rules: LoadedRules;
  readonly #relay: Relay;
  readonly #supervisor: Supervisor;
  readonly #sender: WorkSender;
  readonly #progress = new Progress();

  private constructor(source: EventSource, settings: Settings, options: IsolationOptions) {
    const { onNotice, onProblem, onAlert, budget } = options;
    const { bootTime } = source;
    this.#onNotice = onNotice;
    this.#alerts = new LimitedAlerts(onAlert, budget);
    this.#feed = new Feed(source, options);
    const rules = this.#rules = new LoadedRules({ onProblem, onNotice, onOff: () => this.#want() });
    this.#relay = new Relay(rules, this.#alerts, bootTime);
    const isBusy = () => !this.#sender.queue.isEmpty;
    this.#supervisor = new Supervisor(settings, { ...options, bootTime }, {
      get off() {
        return rules.off;
      },
      get isBusy() {
        return isBusy();
      },
      onMessage: (message) => {
        this.#answer(message);
        this.#progress.made();
      },
      onReady: (rules) => this.#ready(rules),
      onEnd: (reason) => this.#ended(reason),
    });
    this.#sender = new WorkSender(this.#feed, this.#supervisor);
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
      await rules.#supervisor.start();
      return rules;
    } catch (error) {
      await rules[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A child has loaded the rules: it is the one that is given work, from what another has not done on. */
  #ready(rules: readonly SentRule[]): void {
    this.#rules.set(rules);
    this.#alerts.takeIn(rules);
    this.#want();
    this.#sender.sendAgain();
  }

  /** Has the kernel send what rules that still run look at. */
  #want(): void {
    this.#feed.want(this.#rules.running);
  }

  #answer(message: Answer): void {
    const { queue } = this.#sender;
    switch (message.type) {
      case "alive":
        return;
      case "later":
        return message.problems.forEach((each) => this.#rules.problem(each));
      case "at": {
        const first = queue.first(message.id);
        this.#relay.tell(first, message.told);
        queue.entered(first, message.event, message.rule);
        return;
      }
      case "done": {
        const first = queue.first(message.id);
        queue.done();
        this.#relay.tell(first, message.told);
        this.#sender.sendTick();
        return;
      }
    }
  }

  /** The child has ended: who was the last to look at something carefully is to blame. */
  #ended(reason: string): void {
    this.#progress.made();
    if (this.#supervisor.isOver) return;
    const blame = this.#sender.queue.blame();
    if (blame.type === "rule") {
      this.#rules.switchOff(blame.id, `when it ran the rules' process ${reason}`);
    } else if (blame.type === "passed over") {
      this.#onNotice(
        `rules: ${blame.events} events are passed over, at which their process ended ${TRIES} times`,
      );
    }
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
    const before = this.#rules.all;
    const { settings: current } = this.#supervisor;
    const isSame = ({ id, file }: SentRule) =>
      !isEdited(file) && isDeepStrictEqual(settings.rule[id], current.rule[id]);
    const stillOff = before.filter(isSame).map(({ id }) => id);
    const off = this.#rules.off.filter((id) => stillOff.includes(id));
    const loaded = await this.#supervisor.load(settings, off);
    this.#sender.isHeld = true;
    await this.#finish();
    const changes = new RuleChanges(before, loaded.rules, off, isSame);
    const { anew } = changes;
    this.#rules.replace(off, anew);
    this.#feed.forget(anew);
    this.#alerts.retire(anew);
    this.#sender.isHeld = false;
    this.#supervisor.takeOver(loaded, settings);
    return changes;
  }

  /** The child does what it was given. */
  async #finish(): Promise<void> {
    while (this.#supervisor.hasChild && !this.#sender.queue.isEmpty && !this.#supervisor.isOver) {
      await this.#progress.within(LOOK);
    }
  }

  /**
   * Takes what has come to the child.
   *
   * @returns how many records that was; at least one where there may be more, and the child has enough for now.
   */
  drain(): number {
    return this.#sender.drain();
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
    this.#sender.sendTick();
    this.#alerts.tick(tick.time);
  }

  /** Has rules look at what is left, for some seconds at most, and tells what was held back until now. */
  async end(): Promise<void> {
    const until = performance.now() + LAST + Math.min(this.#supervisor.timeout, LAST);
    while (performance.now() < until) {
      const taken = this.drain();
      if (taken === 0 && this.#sender.queue.isEmpty && !this.#feed.hasTick) break;
      await this.#progress.within(LOOK);
    }
    if (!this.#sender.queue.isEmpty) {
      this.#onNotice("rules: they had not looked at all events when the monitor ended");
    }
    await this[Symbol.asyncDispose]();
    this.#alerts.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor[Symbol.asyncDispose]();
  }
}
