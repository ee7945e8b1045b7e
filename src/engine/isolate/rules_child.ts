/**
 * One child from its start to its end: it loads the rules, and is looked after.
 *
 * @module
 */
import { speaksOfShipped } from "../config/choose.ts";
import type { Settings } from "../config/mod.ts";
import { ruleFiles } from "../rules/mod.ts";
import { denoArguments, entryModule } from "./entry.ts";
import { type Frame, FrameError } from "./frames.ts";
import {
  type Begin,
  type FromChild,
  readFromChild,
  type SentProblem,
  type SentRule,
} from "./messages.ts";
import { RulesProcess } from "./rules_process.ts";
import { type Copies, Sources } from "./sources.ts";

/** ms between looks at a child. */
export const LOOK = 100;

/** ms that a child may be silent for, besides twice what a rule may take: the machine may be busy. */
const GRACE = 3000;

/** ms that loading may take. */
const LOADING = 20_000;

/** Lines of standard error that are kept until the rules are loaded. */
const LINES = 100;

/** What it says when the rules are loaded. */
export type Answer = Exclude<FromChild, { type: "ready" | "refused" }>;

/** What is the same for all children. */
export interface ChildOptions {
  /** The folder of the rules that come with the monitor. */
  readonly shipped: string;
  /** The deno.json by which rules find `"tallyman"`. */
  readonly config: string;
  /** ns from CLOCK_BOOTTIME to UTC. */
  readonly bootTime: bigint;
  /** MB of V8's heap that rules may take. */
  readonly memory: number;
  /** Something that a user has to know of, a line. */
  readonly onNotice: (text: string) => void;
}

/** What one child is to do, and who hears of it. */
export interface ChildTask {
  readonly settings: Settings;
  /** What another child has loaded, to be loaded again; by default what settings name, as it is now. */
  readonly sources?: Sources | undefined;
  /** Rules that are not to run, whatever settings say. */
  readonly off: readonly string[];
  /** ms that a batch of rules' code may take. */
  readonly timeout: number;
  /** What it says when the rules are loaded. Throws {@linkcode FrameError} if that is nothing it may say. */
  readonly onMessage: (message: Answer) => void;
  /** It is over, and had loaded the rules. */
  readonly onEnd: (reason: string) => void;
}

/** What is wrong with the rules, as their loader says it: with the file's name in it. */
function ruleError(message: string): Error {
  return Object.assign(new Error(message), { name: "RuleError" });
}

/** @throws {RuleError} if files can't be listed. */
function sourcesOf(settings: Settings, shipped: string): Sources {
  const paths = [...settings.paths, ...speaksOfShipped(settings) ? [shipped] : []];
  return new Sources(Object.fromEntries(paths.map((path) => [path, ruleFiles(path)])), shipped);
}

/** What Deno says of a module that it can't load, or that throws. */
function startText(text: string): string {
  return text.replace(/^error: (?:Uncaught (?:\(in promise\) )?)?/, "");
}

/** A child. */
export class RulesChild {
  readonly #options: ChildOptions;
  readonly #task: ChildTask;
  readonly #process: RulesProcess;
  /** What it loads. */
  readonly sources: Sources;
  readonly #copies: Copies | undefined;
  readonly #loaded = Promise.withResolvers<readonly SentRule[]>();
  readonly startedAt: number = performance.now();
  #isReady = false;
  #end: string | undefined;
  /** What it has said on standard error before the rules were loaded. */
  #lines: string[] = [];
  /** ms for which nothing was heard while there was something to say. */
  #silence = 0;

  /** @throws {RuleError} if the files of rules can't be listed, or are too many. */
  constructor(options: ChildOptions, task: ChildTask) {
    this.#options = options;
    this.#task = task;
    // Whoever waits hears of it.
    this.#loaded.promise.catch(() => {});
    const { shipped, config, memory, bootTime } = options;
    const { settings, off, timeout } = task;
    this.sources = task.sources ?? sourcesOf(settings, shipped);
    const { files, all } = this.sources;
    using laid = new DisposableStack();
    const copies = this.#copies = task.sources?.isCurrent === false
      ? task.sources.lay()
      : undefined;
    laid.use(copies);
    const entry = entryModule(all, copies && ((file) => copies.of(file)));
    this.#process = new RulesProcess({
      args: denoArguments(config, memory, entry),
      memory,
      onFrame: (frame) => this.#hear(frame),
      onLine: (line) => this.#line(line),
      onEnd: (reason) => this.#ended(reason),
    });
    const begin: Begin = {
      type: "begin",
      settings: { ...settings, switched: [...settings.switched] },
      shipped,
      files,
      off,
      timeout,
      bootTime: bootTime.toString(),
      memory,
    };
    this.#process.send(begin);
    // It has read them when the rules are loaded, and will not if they can't be.
    const read = laid.move();
    this.#loaded.promise.catch(() => {}).finally(() => read.dispose());
  }

  /** What it says of copies is about the files that they are of. */
  #ofFiles(text: string): string {
    return this.#copies === undefined ? text : text.replaceAll(this.#copies.root, "");
  }

  /**
   * The rules that run in it, when they are loaded.
   *
   * @throws {RuleError} if there is something wrong with them, or it has ended.
   */
  get loaded(): Promise<readonly SentRule[]> {
    return this.#loaded.promise;
  }

  /** How it has ended, if it has. */
  get end(): string | undefined {
    return this.#end;
  }

  #hear({ header }: Frame): void {
    const message = readFromChild(header);
    if (message === undefined) throw new FrameError("a message that there is not");
    this.#silence = 0;
    if (message.type === "ready") return this.#ready(message.rules);
    if (message.type !== "refused") return this.#task.onMessage(this.#told(message));
    this.#loaded.reject(ruleError(message.message));
    this.#process.kill(`refused the rules: ${message.message}`);
  }

  #ready(rules: readonly SentRule[]): void {
    this.#isReady = true;
    this.#loaded.resolve(rules);
    for (const line of this.#lines.splice(0)) this.#options.onNotice(line);
  }

  #told(message: Answer): Answer {
    if (this.#copies === undefined || message.type === "alive") return message;
    const ofFiles = (problems: readonly SentProblem[]) =>
      problems.map((each) => ({ ...each, message: this.#ofFiles(each.message) }));
    if (message.type === "later") return { ...message, problems: ofFiles(message.problems) };
    return { ...message, told: { ...message.told, problems: ofFiles(message.told.problems) } };
  }

  #line(said: string): void {
    const line = this.#ofFiles(said);
    if (this.#isReady) this.#options.onNotice(line);
    else if (this.#lines.length < LINES) this.#lines.push(line);
  }

  #ended(reason: string): void {
    this.#end = reason;
    if (this.#isReady) return this.#task.onEnd(reason);
    const said = this.#lines.join("\n").trim();
    this.#loaded.reject(ruleError(said === "" ? `the rules' process ${reason}` : startText(said)));
  }

  /**
   * Looks whether it is well.
   *
   * @param passed ms since the last look.
   * @param isBusy It has something to do.
   */
  look(passed: number, isBusy: boolean): void {
    this.#process.checkMemory();
    if (this.#isReady && !isBusy) {
      this.#silence = 0;
      return;
    }
    this.#silence += passed;
    const most = this.#isReady ? 2 * this.#task.timeout + GRACE : LOADING;
    if (this.#silence <= most) return;
    this.#process.kill(
      this.#isReady
        ? `did not answer for ${most / 1000} s`
        : `had not loaded the rules after ${most / 1000} s`,
    );
  }

  /** Gives it something to do. */
  send(header: object, body?: Uint8Array): void {
    this.#process.send(header, body);
  }

  /** Tells it that there is nothing more, and waits for its end; after some ms it is killed. */
  async close(milliseconds: number): Promise<void> {
    await this.#process.close(milliseconds);
  }
}
