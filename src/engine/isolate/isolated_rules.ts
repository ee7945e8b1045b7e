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
import type { Container } from "../../containers/mod.ts";
import { callSpecs, Event } from "../../events/decoded/mod.ts";
import type { CallEvent } from "../../events/mod.ts";
import { alertEvent } from "../../sinks/events/mod.ts";
import type { Alert, Tick } from "../../sinks/mod.ts";
import { speaksOfShipped } from "../config/choose.ts";
import { ConfigError, type Settings } from "../config/mod.ts";
import { type EventFilter, type EventSource, ruleFiles, type RuleProblem } from "../rules/mod.ts";
import { LiveEvent } from "../rules/live_event.ts";
import { LimitedAlerts } from "./alerts.ts";
import { Backoff } from "./backoff.ts";
import { BatchWriter, ReceivedBatch } from "./batch.ts";
import { denoArguments } from "./entry.ts";
import { ReceivedProcesses } from "./facts.ts";
import { type Frame, FrameError } from "./frames.ts";
import {
  type Begin,
  type FromChild,
  readFromChild,
  type SentProblem,
  type SentRule,
  type Told,
  type Work,
} from "./messages.ts";
import { RulesProcess } from "./rules_process.ts";
import { PendingTick } from "./ticks.ts";
import { Wanted } from "./wanted.ts";

/** Records that are taken together. */
const BATCH = 1024;

/** ms of draining after which others get their turn. */
const TURN = 100;

/** Bytes that are under way to the child, at most and one batch more. */
const UNDER_WAY = 4 * 1024 * 1024;

/** ms between looks at the child; and how many of them count where we were not looking ourselves. */
const LOOK = 100;

/** ms that the child may be silent for, besides twice what a rule may take: the machine may be busy. */
const GRACE = 3000;

/** ms that loading may take. */
const LOADING = 20_000;

/** The same work is tried so often where nobody can be blamed for the child's end. */
const TRIES = 3;

/** ms that the child gets for what is left at the end. */
const LAST = 5000;

/** MB of V8's heap that rules may take. */
const MEMORY = 256;

/** Where things go, and what there is. */
export interface IsolationOptions {
  readonly onAlert: (alert: Alert) => void;
  readonly onProblem: (problem: RuleProblem) => void;
  /** Whether rules are to see an event at all; by default they are. */
  readonly passes?: EventFilter["passes"] | undefined;
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

/** What the child has not answered yet. */
interface UnderWay {
  readonly work: Work;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly containers: readonly Container[];
  /** What was looked at carefully: the event that was last, and who looked at it. */
  event: number;
  entered: string[];
  /** Whether the child now is told to be careful. */
  isCareful: boolean;
  tries: number;
}

/** Rules in a child process. */
export class IsolatedRules implements AsyncDisposable {
  readonly #source: EventSource;
  readonly #settings: Settings;
  readonly #options: IsolationOptions;
  readonly #timeout: number;
  readonly #memory: number;
  readonly #alerts: LimitedAlerts;
  readonly #event: Event;
  readonly #view: LiveEvent;
  /** What was sent, for describing what alerts are about. */
  readonly #sent = new ReceivedProcesses();
  readonly #sentEvent: Event;
  #writer = new BatchWriter();
  #wanted = new Wanted([]);
  #wantedCalls: readonly string[] = [];
  #rules: readonly SentRule[] = [];
  readonly #off = new Set<string>();
  /** Rules whose first failure was told. */
  readonly #failed = new Set<string>();
  #underWay: UnderWay[] = [];
  #bytes = 0;
  #nextId = 0;
  readonly #pending = new PendingTick();
  #hasTick = false;
  #process: RulesProcess | undefined;
  #isReady = false;
  #startedAt = 0;
  /** ms for which nothing was heard while there was something to say. */
  #silence = 0;
  #lookedAt = 0;
  readonly #backoff = new Backoff();
  #restart: ReturnType<typeof setTimeout> | undefined;
  readonly #look: ReturnType<typeof setInterval>;
  #isOver = false;
  /** What has been said on standard error before the rules were loaded. */
  #lines: string[] = [];
  readonly #loaded = Promise.withResolvers<void>();
  #hasLoaded = false;
  #onProgress = () => {};

  private constructor(source: EventSource, settings: Settings, options: IsolationOptions) {
    this.#source = source;
    this.#settings = settings;
    this.#options = options;
    this.#timeout = options.timeout ?? settings.ruleTimeout ?? 1000;
    this.#memory = options.memory ?? MEMORY;
    this.#alerts = new LimitedAlerts(options.onAlert, options.budget);
    this.#event = new Event(source.processes, source.bootTime);
    this.#view = new LiveEvent(this.#event);
    this.#sentEvent = new Event(this.#sent, source.bootTime);
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
      rules.#spawn();
      await rules.#loaded.promise;
      return rules;
    } catch (error) {
      await rules[Symbol.asyncDispose]();
      throw error;
    }
  }

  #spawn(): void {
    const { shipped, config } = this.#options;
    const settings = this.#settings;
    const paths = [...settings.paths, ...speaksOfShipped(settings) ? [shipped] : []];
    const files = Object.fromEntries(paths.map((path) => [path, ruleFiles(path)]));
    const all = [...new Set(Object.values(files).flat())];
    this.#isReady = false;
    this.#startedAt = performance.now();
    this.#silence = 0;
    const process = new RulesProcess({
      args: denoArguments(all, config, this.#memory),
      memory: this.#memory,
      onFrame: (frame) => this.#hear(frame),
      onLine: (line) => this.#line(line),
      onEnd: (reason) => this.#ended(reason),
    });
    this.#process = process;
    const begin: Begin = {
      type: "begin",
      settings: { ...settings, switched: [...settings.switched] },
      shipped,
      files,
      off: [...this.#off],
      timeout: this.#timeout,
      bootTime: this.#source.bootTime.toString(),
      memory: this.#memory,
    };
    process.send(begin);
  }

  #line(line: string): void {
    if (this.#hasLoaded) this.#options.onNotice(line);
    else if (this.#lines.length < 100) this.#lines.push(line);
  }

  /** Looks whether the child is well. */
  #watch(): void {
    const now = performance.now();
    // Where we were stopped ourselves it is not the child that was silent.
    const passed = Math.min(now - this.#lookedAt, 2 * LOOK);
    this.#lookedAt = now;
    const process = this.#process;
    if (process === undefined) return;
    process.checkMemory();
    if (this.#isReady && this.#underWay.length === 0) {
      this.#silence = 0;
      return;
    }
    this.#silence += passed;
    const most = this.#isReady ? 2 * this.#timeout + GRACE : LOADING;
    if (this.#silence <= most) return;
    process.kill(
      this.#isReady
        ? `did not answer for ${most / 1000} s`
        : `had not loaded the rules after ${most / 1000} s`,
    );
  }

  #hear({ header }: Frame): void {
    const message = readFromChild(header);
    if (message === undefined) throw new FrameError("a message that there is not");
    this.#silence = 0;
    this.#answer(message);
    this.#onProgress();
  }

  #answer(message: FromChild): void {
    switch (message.type) {
      case "alive":
        return;
      case "refused":
        return this.#refused(message.message);
      case "ready":
        return this.#ready(message.rules);
      case "later":
        return message.problems.forEach((each) => this.#problem(each));
      case "at": {
        const first = this.#first(message.id);
        this.#tell(first, message.told);
        if (message.event !== first.event) first.entered = [];
        first.event = message.event;
        first.entered.push(message.rule);
        return;
      }
      case "done": {
        const first = this.#first(message.id);
        this.#underWay.shift();
        this.#bytes -= first.body.length;
        this.#tell(first, message.told);
        this.#sendTick();
        return;
      }
    }
  }

  /** What is answered: nothing else than what was sent first. */
  #first(id: number): UnderWay {
    const [first] = this.#underWay;
    if (first?.work.id !== id) throw new FrameError("an answer to nothing");
    return first;
  }

  #refused(message: string): void {
    // RuleError adds the file's name, which the message has.
    const error = Object.assign(new Error(message), { name: "RuleError" });
    if (this.#hasLoaded) this.#process?.kill(`refused the rules: ${message}`);
    else this.#loaded.reject(error);
  }

  #ready(rules: readonly SentRule[]): void {
    this.#isReady = true;
    this.#rules = rules;
    this.#alerts.takeIn(rules);
    this.#want();
    for (const [index, each] of this.#underWay.entries()) {
      // What came behind it was not begun.
      if (index > 0) each.isCareful = false;
      this.#send(each);
    }
    this.#hasLoaded = true;
    this.#loaded.resolve();
    for (const line of this.#lines.splice(0)) this.#options.onNotice(line);
    this.#sendTick();
  }

  /** Has the kernel send what rules that still run look at. */
  #want(): void {
    this.#wanted = new Wanted(this.#rules.filter(({ id }) => !this.#off.has(id)));
    const { syscalls } = this.#wanted;
    if (syscalls.join() === this.#wantedCalls.join()) return;
    this.#wantedCalls = syscalls;
    this.#source.want(callSpecs(syscalls), (container) => this.#wanted.isOf(container));
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
      ? new ReceivedBatch(work, body, containers, this.#sent, this.#sentEvent)
      : undefined;
    for (const alert of alerts) {
      if (batch !== undefined && alert.time === undefined) {
        if (alert.at >= batch.size) throw new FrameError("an alert about nothing");
        const container = batch.show(alert.at);
        const { time } = this.#sentEvent;
        this.#alerts.tell(alert, { container, time, describe: () => alertEvent(this.#sentEvent) });
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

  /** The child has ended: another one is started, which does what this one has not. */
  #ended(reason: string): void {
    this.#process = undefined;
    const wasReady = this.#isReady;
    this.#isReady = false;
    if (!this.#hasLoaded) {
      const said = this.#lines.join("\n").trim();
      const text = said === "" ? `the rules' process ${reason}` : startText(said);
      this.#loaded.reject(Object.assign(new Error(text), { name: "RuleError" }));
      return;
    }
    this.#onProgress();
    if (this.#isOver) return;
    if (wasReady) this.#blame(reason);
    const wait = this.#backoff.wait(performance.now() - this.#startedAt);
    this.#options.onNotice(
      `rules: their process ${reason}; it is started again in ${wait} ms`,
    );
    this.#restart = setTimeout(() => {
      try {
        this.#spawn();
      } catch (error) {
        // A folder of rules that is gone: it may come back.
        this.#ended(`can't be started: ${error instanceof Error ? error.message : error}`);
      }
    }, wait);
  }

  /** Who was the last to look at something carefully has done it. If nobody was careful, the next child will be. */
  #blame(reason: string): void {
    const [first] = this.#underWay;
    if (first === undefined) return;
    const last = first.entered.at(-1);
    if (first.isCareful && last !== undefined) {
      this.#switchOff(last, `when it ran the rules' process ${reason}`);
      first.tries = 0;
    } else if (++first.tries >= TRIES) {
      this.#underWay.shift();
      this.#bytes -= first.body.length;
      const events = first.work.type === "batch" ? first.work.events.length : 0;
      this.#options.onNotice(
        `rules: ${events} events are passed over, at which their process ended ${TRIES} times`,
      );
      return;
    }
    first.isCareful = true;
  }

  #send(each: UnderWay): void {
    const { work, body, event, entered, isCareful } = each;
    this.#process?.send(
      isCareful ? { ...work, careful: { event, done: entered } } : work,
      body,
    );
  }

  #begin(
    work: Omit<Work, "id" | "careful">,
    body: Uint8Array<ArrayBuffer>,
    containers: readonly Container[],
  ): void {
    const each: UnderWay = {
      work: { ...work, id: this.#nextId++ } as Work,
      body,
      containers,
      event: 0,
      entered: [],
      isCareful: false,
      tries: 0,
    };
    this.#underWay.push(each);
    this.#bytes += body.length;
    if (this.#isReady) this.#send(each);
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
      if (!this.#isReady || this.#bytes >= UNDER_WAY) return Math.max(1, all);
      taken = this.#source.drain(this.#onCall, BATCH);
      all += taken;
      if (this.#writer.size === 0) continue;
      const { batch, body, containers } = this.#writer;
      this.#writer = new BatchWriter();
      this.#begin(batch, body, containers);
    }
    return all;
  }

  readonly #onCall = (call: CallEvent, container: Container): void => {
    const event = this.#event.show(call, container);
    const { syscall } = event;
    // 32-bit code's calls are those that a rule named, by another number.
    const name = syscall.slice(syscall.indexOf(":") + 1);
    const { passes } = this.#options;
    const isWanted = this.#wanted.has(name, this.#view, container) &&
      passes?.(name, this.#view, container) !== false;
    if (isWanted) this.#writer.add(event);
    else event.follow();
  };

  /** Rules hear of a tick. */
  tick(tick: Tick): void {
    const running = this.#rules.filter(({ id }) => !this.#off.has(id));
    this.#pending.add(tick, {
      tallies: running.some(({ hearsTallies }) => hearsTallies),
      containers: running.some(({ hearsContainers }) => hearsContainers),
    });
    this.#hasTick = true;
    this.#sendTick();
    this.#alerts.tick(tick.time);
  }

  /** One is under way at most: what comes meanwhile is added to the next. */
  #sendTick(): void {
    const isOut = this.#underWay.some(({ work }) => work.type === "tick");
    if (!this.#hasTick || !this.#isReady || isOut) return;
    this.#hasTick = false;
    const { tick, containers } = this.#pending.take();
    this.#begin(tick, new Uint8Array(), containers);
  }

  /** Has rules look at what is left, for some seconds at most, and tells what was held back until now. */
  async end(): Promise<void> {
    const until = performance.now() + LAST + Math.min(this.#timeout, LAST);
    while (performance.now() < until) {
      const taken = this.drain();
      if (taken === 0 && this.#underWay.length === 0 && !this.#hasTick) break;
      await this.#progress(LOOK);
    }
    if (this.#underWay.length > 0) {
      this.#options.onNotice("rules: they had not looked at all events when the monitor ended");
    }
    await this[Symbol.asyncDispose]();
    this.#alerts.end();
  }

  async #progress(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onProgress = resolve;
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#look);
    clearTimeout(this.#restart);
    await this.#process?.close(LOOK);
  }
}

/** What Deno says of a module that it can't load, or that throws. */
function startText(text: string): string {
  return text.replace(/^error: (?:Uncaught (?:\(in promise\) )?)?/, "");
}

/** JSON is all that the child is told: what it can't hold would become something else. */
function mustBePlain({ rule, file = "" }: Settings): void {
  const check = (value: unknown, path: string): void => {
    const isPlain = value === null ||
      ["string", "number", "boolean", "undefined"].includes(typeof value);
    if (isPlain) return;
    const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
      throw new ConfigError(file, `${path}: with --isolate it has to be what JSON can hold`);
    }
    for (const [key, each] of Object.entries(value as object)) check(each, `${path}.${key}`);
  };
  check(rule, "rule");
}
