/**
 * What is edited takes effect: files of rules, what they import, the configuration.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import type { VersionedCode } from "../code/mod.ts";
import {
  chooseRules,
  type ChosenRule,
  configNames,
  readSettings,
  type RuleFlags,
  type Settings,
} from "../config/mod.ts";
import { type RuleError, ruleFiles, ruleFolders, type RuleLoader } from "../rules/mod.ts";
import { Changes, existingFolder } from "./changes.ts";
import { Debounce } from "./debounce.ts";
import { HandedOver } from "./handed_over.ts";
import { LastGood } from "./last_good.ts";

/** ms of quiet after which files are looked at: an editor writes one in several steps. */
const QUIET = 100;
/** ms that files wait at most while others are written on and on. */
const LONGEST = 1000;
/** ms that a file may be gone or empty: some editors take it away and write another one. */
const GRACE = 500;

/** Rules that are imported here are to take the place of those that run: at once. */
export type Apply = (rules: readonly ChosenRule[], settings: Settings) => void;

/**
 * Rules are loaded elsewhere, and take the place of those that run. What it throws is wrong with them: then nothing
 * has changed.
 *
 * @param isEdited Whether a file has changed, or something that it imports.
 */
export type HandOver = (settings: Settings, isEdited: (file: string) => boolean) => Promise<void>;

/** What comes of edits. */
export interface ReloadEvents {
  readonly to:
    | { readonly here: Apply; readonly elsewhere?: never }
    | { readonly elsewhere: HandOver; readonly here?: never };
  /** A file can't be loaded, and `count` rules of it run as they did. */
  broken(error: RuleError, count: number): void;
  /** Nothing is applied: the configuration is wrong, or the rules together are, or files can't be read. */
  refused(error: unknown): void;
  /** Nobody hears of edits any more. */
  deaf(error: unknown): void;
}

/** Loads rules so that they can be loaded again, and does so when their files are edited. */
export class Reload implements Disposable {
  readonly #code: VersionedCode;
  readonly #files: LastGood;
  readonly #handedOver: HandedOver;
  readonly #flags: RuleFlags;
  readonly #shipped: string;
  readonly #debounce = new Debounce(() => void this.#run(), QUIET, LONGEST);
  #changes: Changes | undefined;
  #events: ReloadEvents | undefined;
  #settings: Settings | undefined;
  /** The files that there were when rules were loaded last. */
  #listing: string | undefined;
  /** Missed already when files were looked at last. */
  #missed: ReadonlySet<string> = new Set();
  /** Why the last edit was refused. */
  #refused: string | undefined;
  #isRunning = false;
  #isOver = false;

  /**
   * @param shipped The folder of the rules that come with the monitor.
   * @param code By which the configuration was imported, and rules are to be.
   */
  constructor(flags: RuleFlags, shipped: string, code: VersionedCode) {
    this.#code = code;
    this.#files = new LastGood(code);
    this.#handedOver = new HandedOver(code.versions, shipped);
    this.#flags = flags;
    this.#shipped = shipped;
  }

  /** How rules are to be loaded before {@linkcode begin}. */
  get loader(): RuleLoader {
    return this.#files;
  }

  /**
   * Rules were loaded by our loader, or elsewhere, and run: what is edited from now on takes effect.
   *
   * @throws if files can't be watched.
   */
  begin(settings: Settings, events: ReloadEvents): void {
    this.#files.commit();
    this.#settings = settings;
    this.#events = events;
    if (events.to.elsewhere !== undefined) {
      this.#handedOver.look(settings);
      this.#handedOver.commit();
    }
    this.#listing = this.#list();
    this.#changes = new Changes(() => this.#debounce.happened(), (error) => events.deaf(error));
    this.#changes.watch(this.#folders());
    // Whatever was edited while they were loaded.
    this.#debounce.happened();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return this.#debounce.happened();
    const { versions } = this.#code;
    const missed = versions.vanished();
    if (missed.some((file) => !this.#missed.has(file))) {
      this.#missed = new Set(missed);
      return this.#debounce.happened(GRACE);
    }
    this.#missed = new Set();
    this.#isRunning = true;
    const isEdited = versions.refresh().size > 0;
    const listing = this.#list();
    if (isEdited || listing !== this.#listing || this.#refused !== undefined) {
      await this.#load(isEdited);
    }
    this.#listing = listing;
    if (!this.#isOver) this.#watch();
    this.#isRunning = false;
  }

  async #load(isEdited: boolean): Promise<void> {
    const files = this.#files;
    files.begin();
    try {
      const settings = await readSettings(this.#flags, this.#code);
      const { here, elsewhere } = this.#events?.to ?? {};
      if (here !== undefined) await this.#import(settings, here);
      if (elsewhere !== undefined) await this.#handOver(settings, elsewhere);
    } catch (error) {
      const reason = String(error);
      if (this.#isOver || reason === this.#refused && !isEdited) return;
      this.#refused = reason;
      for (const each of files.problems) this.#events?.broken(each, files.count(each.file));
      this.#events?.refused(error);
    }
  }

  async #import(settings: Settings, apply: Apply): Promise<void> {
    const files = this.#files;
    const rules = await chooseRules(settings, this.#shipped, false, files);
    if (this.#isOver) return;
    const kept = files.problems.map((error) => ({ error, count: files.count(error.file) }));
    this.#settings = settings;
    this.#refused = undefined;
    apply(rules, settings);
    files.commit();
    for (const { error, count } of kept) this.#events?.broken(error, count);
  }

  async #handOver(settings: Settings, handOver: HandOver): Promise<void> {
    const files = this.#handedOver;
    files.look(settings);
    await handOver(settings, files.isEdited);
    this.#settings = settings;
    this.#refused = undefined;
    files.commit();
  }

  /** The files that may have rules. */
  #list(): string {
    try {
      return [...this.#settings?.paths ?? [], this.#shipped].flatMap(ruleFiles).join("\0");
    } catch (error) {
      // For the load to tell.
      return String(error);
    }
  }

  /** Watches the folders of all files that matter. What has come meanwhile into those that are new is looked at. */
  #watch(): void {
    try {
      if (this.#changes?.watch(this.#folders())) this.#debounce.happened();
    } catch (error) {
      // One was taken away just now: the next look does without it.
      if (error instanceof Deno.errors.NotFound) this.#debounce.happened();
      else this.#events?.deaf(error);
    }
  }

  #folders(): Set<string> {
    const folders = new Set<string>();
    const { versions } = this.#code;
    for (const file of this.#configs()) versions.of(file);
    for (const path of this.#settings?.paths ?? []) {
      const folder = existingFolder(path);
      folders.add(existingFolder(dirname(path)));
      for (const each of folder === path ? ruleFolders(path) : [folder]) folders.add(each);
    }
    for (const file of versions.files) folders.add(existingFolder(dirname(file)));
    return folders;
  }

  /** The configuration, or where one may come to be. */
  #configs(): string[] {
    const { config } = this.#flags;
    return config === undefined
      ? configNames.map((name) => join(resolve("."), name))
      : [resolve(config)];
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#debounce[Symbol.dispose]();
    this.#changes?.[Symbol.dispose]();
  }
}
