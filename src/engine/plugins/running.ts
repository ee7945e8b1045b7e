/**
 * One plugin at work: its hooks are called here, and nowhere else.
 *
 * @module
 */
import { failureText } from "../rules/failure.ts";
import { Strikes } from "../rules/strikes.ts";
import type { Plugin, PluginContext } from "./define.ts";

/** A plugin that is to run, with what a configuration has made of it. */
export interface ActivePlugin {
  readonly plugin: Plugin;
  /** Its options, checked. */
  readonly options: unknown;
  /** Where it is from: what comes of its code later is known by that. */
  readonly file?: string | undefined;
  /** It comes with the monitor. */
  readonly isShipped?: boolean | undefined;
}

/** Something about a plugin that its user has to know. */
export interface PluginProblem {
  readonly plugin: string;
  readonly message: string;
  /** It does not run any more. */
  readonly isOff: boolean;
}

/** Runs code that may not return. */
export interface Contain extends Disposable {
  /** @returns undefined: it was cut short, after `onCut`. */
  run<T>(code: () => T, timeout: number, onCut: (isBusy: boolean) => void): T | undefined;
  /** Runs code of a plugin: what fails of it later is known to be that plugin's. */
  as<T>(plugin: string, code: () => T): T;
}

/** What plugins that run have in common. */
export interface RunningOptions {
  /** Undefined: all that runs is ours. */
  readonly contain: Contain | undefined;
  /** ms that a hook may take. */
  readonly timeout: number;
  readonly onProblem: (problem: PluginProblem) => void;
}

/** A hook, to be called with what each of them gets. */
type Hook<T> = (context: PluginContext<never, never>) => T;

/** What a hook has returned, as it is. */
export function asIs<T>(result: T): T {
  return result;
}

/** A plugin whose hooks can be called. */
export class Running {
  readonly active: ActivePlugin;
  readonly name: string;
  readonly #options: RunningOptions;
  readonly #strikes = new Strikes();
  #context: PluginContext<never, never> | undefined;
  #isOff = false;

  constructor(active: ActivePlugin, options: RunningOptions) {
    this.active = active;
    this.name = active.plugin.name;
    this.#options = options;
  }

  get plugin(): Plugin {
    return this.active.plugin;
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  /** What each hook gets. Options and state are what was checked at load, and made here. */
  get context(): PluginContext<never, never> {
    if (this.#context === undefined) {
      const { options } = this.active;
      const state = this.plugin.state?.(options as never);
      this.#context = { options: options as never, state: state as never };
    }
    return this.#context;
  }

  /**
   * Calls a hook. Where it throws, or does not return, that is told, and the plugin is switched off if it does so too
   * often.
   *
   * @param made Takes what the hook has returned, and may throw likewise.
   * @returns undefined also if it failed.
   */
  call<T, Made>(hook: Hook<T>, made: (result: T) => Made): Made | undefined {
    if (this.#isOff) return undefined;
    const run = () => this.direct(hook, made);
    const { contain, timeout } = this.#options;
    if (contain === undefined) return run();
    return contain.run(run, timeout, (isBusy) => this.cut(isBusy));
  }

  /** Likewise, where somebody else has seen to it that it returns. */
  direct<T, Made>(hook: Hook<T>, made: (result: T) => Made): Made | undefined {
    try {
      const result = this.#named(() => hook(this.context));
      if (!isPromise(result)) return made(result);
      // What becomes of it is nobody's business any more.
      result.catch(() => {});
      this.switchOff(
        "has an async hook: what it looks at is something else by the time it goes on",
      );
    } catch (error) {
      this.fail(error);
    }
    return undefined;
  }

  /**
   * Calls code that may go on later.
   *
   * @returns what to wait for: undefined if it has returned, or failed.
   */
  start(code: () => void | Promise<void>): Promise<void> | undefined {
    const run = () => {
      try {
        return this.#named(code);
      } catch (error) {
        this.fail(error);
        return undefined;
      }
    };
    const { contain, timeout } = this.#options;
    const answer = contain === undefined
      ? run()
      : contain.run(run, timeout, (isBusy) => this.cut(isBusy));
    return isPromise(answer) ? answer : undefined;
  }

  /**
   * Calls code that may go on later, and that may fail without its being the plugin's fault.
   *
   * @throws what it throws; also if it was cut short.
   */
  async attempt<T>(code: () => T | Promise<T>): Promise<T> {
    const { contain, timeout } = this.#options;
    if (contain === undefined) return await code();
    const run = () => ({ answer: this.#named(code) });
    const returned = contain.run(run, timeout, (isBusy) => this.cut(isBusy));
    if (returned === undefined) throw new Error(`it did not return within ${timeout} ms`);
    return await returned.answer;
  }

  /**
   * Calls a hook that may take its time.
   *
   * @param most ms that it may take.
   * @returns whether it has returned.
   */
  async wait(
    hook: (context: PluginContext<never, never>) => void | Promise<void>,
    most: number,
  ): Promise<boolean> {
    let hasReturned = false;
    const promise = this.start(() => {
      const answer = hook(this.context);
      hasReturned = true;
      return answer;
    });
    if (promise === undefined) return hasReturned;
    try {
      return await this.#within(promise, most);
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  async #within(promise: Promise<void>, most: number): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), most);
    });
    try {
      if (await Promise.race([promise, late]) !== "late") return true;
    } finally {
      clearTimeout(timer);
    }
    this.tell(`was not ready after ${most} ms`);
    promise.catch(() => {});
    return false;
  }

  #named<T>(code: () => T): T {
    const { contain } = this.#options;
    return contain === undefined ? code() : contain.as(this.name, code);
  }

  /** It threw. */
  fail(error: unknown): void {
    const { isFirst, off } = this.#strikes.fail(performance.now());
    if (isFirst) this.tell(failureText(error));
    if (off !== undefined) this.switchOff(off);
  }

  /** It did not return. */
  cut(isBusy: boolean): void {
    const off = this.#strikes.cut(performance.now(), isBusy, this.#options.timeout);
    if (off !== undefined) this.switchOff(off);
  }

  switchOff(why: string): void {
    if (this.#isOff) return;
    this.#isOff = true;
    this.tell(why, true);
  }

  tell(message: string, isOff = false): void {
    this.#options.onProblem({ plugin: this.name, message, isOff });
  }
}

function isPromise<T>(value: T): value is T & Promise<Awaited<T>> {
  return value instanceof Promise;
}
