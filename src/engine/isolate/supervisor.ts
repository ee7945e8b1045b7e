/**
 * Sees to it that there is a child which runs the rules: starts it, watches it, starts another one where it ends, and
 * puts one that has loaded edited rules in its place.
 *
 * @module
 */
import type { Settings } from "../config/mod.ts";
import { DEFAULT_TIMEOUT } from "../rules/mod.ts";
import { Backoff } from "./backoff.ts";
import type { SentRule } from "./messages.ts";
import { type ChildOptions, type ChildTask, LOOK, RulesChild } from "./rules_child.ts";
import type { Sources } from "./sources.ts";

/** MB of V8's heap that rules may take. */
const MEMORY = 256;

/** What is the same for all children. */
export interface SupervisorOptions extends Omit<ChildOptions, "memory"> {
  /** MB of V8's heap that rules may take; 256 by default. */
  readonly memory?: number | undefined;
  /** ms that a batch of rules' code may take; by default what settings say. */
  readonly timeout?: number | undefined;
}

/** Whose rules they are. */
export interface Supervised {
  /** Rules that are not to run, whatever settings say. */
  readonly off: readonly string[];
  /** There is work that was not answered. */
  readonly isBusy: boolean;
  readonly onMessage: ChildTask["onMessage"];
  /** A child has loaded these rules, and is there for work. */
  onReady(rules: readonly SentRule[]): void;
  /** It has ended. */
  onEnd(reason: string): void;
}

/** A child that has loaded its rules. */
export interface Loaded {
  readonly child: RulesChild;
  readonly rules: readonly SentRule[];
}

/** Looks after the child. */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions;
  readonly #supervised: Supervised;
  #settings: Settings;
  /** Who is given work; undefined: it has ended, and another one is to come. */
  #child: RulesChild | undefined;
  #isReady = false;
  /** Who loads what is edited. */
  #next: RulesChild | undefined;
  /** What was loaded last, for a child that is to run the same. */
  #good: Sources | undefined;
  /** The last try to start a child with it has failed. */
  #hasFailed = false;
  readonly #backoff = new Backoff();
  #restart: ReturnType<typeof setTimeout> | undefined;
  readonly #look: ReturnType<typeof setInterval>;
  #lookedAt = 0;
  readonly #closing = new Set<Promise<void>>();
  #isOver = false;

  constructor(settings: Settings, options: SupervisorOptions, supervised: Supervised) {
    this.#settings = settings;
    this.#options = options;
    this.#supervised = supervised;
    this.#look = setInterval(() => this.#watch(), LOOK);
  }

  /** What the child runs by. */
  get settings(): Settings {
    return this.#settings;
  }

  /** ms that a batch of rules' code may take. */
  get timeout(): number {
    return this.#timeoutOf(this.#settings);
  }

  #timeoutOf({ ruleTimeout }: Settings): number {
    return this.#options.timeout ?? ruleTimeout ?? DEFAULT_TIMEOUT;
  }

  /** There is a child, which may still be loading the rules. */
  get hasChild(): boolean {
    return this.#child !== undefined;
  }

  /** It has loaded them. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** It is the end. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Starts the first child.
   *
   * @throws {RuleError} or {@linkcode ConfigError}, if there is something wrong with the rules.
   */
  async start(): Promise<void> {
    const child = this.#next = this.#spawn(this.#settings, []);
    const rules = await child.loaded;
    this.#next = undefined;
    this.#take(child, rules);
  }

  /** Gives the child something to do. */
  send(header: object, body: Uint8Array<ArrayBuffer>): void {
    this.#child?.send(header, body);
  }

  /**
   * Has a child load rules, beside the one that works.
   *
   * @param off Rules that are not to run.
   * @throws {RuleError} or {@linkcode ConfigError}, if there is something wrong with them: then nothing has changed.
   */
  async load(settings: Settings, off: readonly string[]): Promise<Loaded> {
    const child = this.#next = this.#spawn(settings, off);
    try {
      return { child, rules: await child.loaded };
    } catch (error) {
      this.#next = undefined;
      const isNone = this.#child === undefined && this.#restart === undefined;
      if (isNone && !this.#isOver) void this.#again();
      throw error;
    }
  }

  /** Gives all work to that child from now on. */
  takeOver({ child, rules }: Loaded, settings: Settings): void {
    this.#settings = settings;
    this.#stopRestart();
    this.#close(this.#child);
    if (this.#isOver) return this.#close(child);
    this.#next = undefined;
    this.#take(child, rules);
  }

  #spawn(settings: Settings, off: readonly string[], sources?: Sources): RulesChild {
    const { memory = MEMORY } = this.#options;
    const child: RulesChild = new RulesChild({ ...this.#options, memory }, {
      settings,
      sources,
      off,
      timeout: this.#timeoutOf(settings),
      onMessage: this.#supervised.onMessage,
      onEnd: (reason) => this.#ended(child, reason),
    });
    return child;
  }

  #take(child: RulesChild, rules: readonly SentRule[]): void {
    this.#child = child;
    // What was edited while it was loaded may be another, and be broken: it comes as an edit.
    if (child.sources.isCurrent) this.#good = child.sources;
    this.#hasFailed = false;
    this.#isReady = true;
    this.#supervised.onReady(rules);
    // While it was not given work yet nobody missed it.
    if (child.end !== undefined) this.#ended(child, child.end);
  }

  #watch(): void {
    const now = performance.now();
    // Where we were stopped ourselves it is not the child that was silent.
    const passed = Math.min(now - this.#lookedAt, 2 * LOOK);
    this.#lookedAt = now;
    this.#child?.look(passed, this.#supervised.isBusy);
    this.#next?.look(passed, false);
  }

  /** A child has ended that had loaded the rules: another one is started, which does what it has not. */
  #ended(child: RulesChild, reason: string): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#isReady = false;
    this.#supervised.onEnd(reason);
    if (this.#isOver) return;
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

  #stopRestart(): void {
    clearTimeout(this.#restart);
    this.#restart = undefined;
  }

  async #again(): Promise<void> {
    this.#restart = undefined;
    const startedAt = performance.now();
    let child: RulesChild | undefined;
    try {
      // Not what is there now: that may be half an edit. But where copies can't be made it is better than nothing.
      const sources = this.#hasFailed ? undefined : this.#good;
      child = this.#child = this.#spawn(this.#settings, this.#supervised.off, sources);
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

  #close(child: RulesChild | undefined): void {
    if (child === undefined) return;
    const closed = child.close(LOOK).finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#look);
    this.#stopRestart();
    this.#close(this.#child);
    this.#close(this.#next);
    await Promise.all(this.#closing);
  }
}
