/**
 * Rules on the kernel's events: which calls they make the kernel send, and how events come to them.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { callSpecs, Event } from "../../events/decoded/mod.ts";
import type { CallEvent, ProcessEvent } from "../../events/mod.ts";
import type { ContainerLoss, Tick } from "../../sinks/mod.ts";
import { alertEvent } from "../../sinks/events/mod.ts";
import type { Monitor } from "../monitor.ts";
import { type SelectedContainers, tickOf } from "../selection.ts";
import { failureText } from "./failure.ts";
import { Fences } from "./fences.ts";
import { LiveEvent } from "./live_event.ts";
import { NamedRules } from "./named_rules.ts";
import { conditionOf } from "./pushdown.ts";
import type { ActiveRule, Replaced } from "./active_rule.ts";
import { BatchClock } from "./batch_clock.ts";
import { ContainerNews } from "./container_news.ts";
import { PendingLosses } from "./pending_losses.ts";
import { SelectedEvents } from "./selected.ts";
import { type RoomSize, WaitingEvents } from "../waiting/mod.ts";
import type { Shown } from "../snapshots/mod.ts";
import { ProcessChange } from "./process_change.ts";
import { RuleSet, type RuleSetOptions } from "./rule_set.ts";

/** Records that are taken together: a batch is what a rule that never returns is cut out of. */
const BATCH = 1024;

/** ms of draining after which others get their turn, however much there is. */
const TURN = 100;

/** What tells a record from all others: a call's thread or a process, and when it was. */
interface RecordId {
  readonly tid: number;
  readonly time: bigint;
}

function idOf({ tid, time }: RecordId): RecordId {
  return { tid, time };
}

function isSame(a: RecordId | undefined, b: RecordId): boolean {
  return a !== undefined && a.tid === b.tid && a.time === b.time;
}

/** Where a batch was cut short. */
interface Cut {
  readonly first: RecordId | undefined;
  /** Records that were done with. */
  readonly handled: number;
  /** The one that was not, and how many of its rules had seen it. */
  readonly open: RecordId | undefined;
  readonly rules: number;
}

/** The batch has taken its time: the rest is for another. */
class Enough extends Error {}

/** Where events come from: a monitor. */
export type EventSource = Pick<Monitor, "processes" | "bootTime" | "want" | "drain">;

/** Where things go, and what rules look at. */
export interface LiveRulesOptions
  extends Omit<RuleSetOptions, "describe" | "pending" | "patience"> {
  /** The containers that rules are kept to; all, by default. */
  readonly selected?: SelectedContainers | undefined;
  /** Memory for events that wait until a container has a name; 16 MiB by default. */
  readonly room?: RoomSize | undefined;
  /** Something that a user has to know of, of no rule that is known. */
  readonly onNotice?: (text: string) => void;
}

/** Rules on a monitor's events and ticks. While there are any, fences stand around their code. */
export class LiveRules implements Disposable {
  readonly #monitor: EventSource;
  readonly #rules: RuleSet;
  readonly #event: Event;
  readonly #view: LiveEvent;
  readonly #fences: Fences;
  readonly #names = new NamedRules();
  readonly #onNotice: LiveRulesOptions["onNotice"];
  /** Something has failed later, of which nobody knows whose it is: told once. */
  #hasFailed = false;
  readonly #news = new ContainerNews();
  readonly #selected: SelectedContainers | undefined;
  readonly #pending = new PendingLosses("name_pending");
  readonly #waiting: WaitingEvents;
  /** Shows calls that have waited. */
  readonly #lateView: LiveEvent;
  /** The call that rules look at. */
  #shown: Event;
  /** What is looked at is to wait; `only`: for these rules. */
  #wait: { readonly only: readonly string[] | undefined } | undefined;
  /** Which rules wanted which calls when the kernel was told; undefined: it is to be told anew. */
  #wanted: string | undefined = "[]";
  /** Of the batch: its first record, how many are done with, the one that is not, and when it should end. */
  #first: RecordId | undefined;
  #handled = 0;
  #open: RecordId | undefined;
  readonly #clock = new BatchClock();
  #cut: Cut | undefined;

  constructor(
    monitor: EventSource,
    rules: readonly ActiveRule[],
    { selected, room, onNotice, ...options }: LiveRulesOptions,
  ) {
    this.#selected = selected;
    this.#monitor = monitor;
    this.#event = new Event(monitor.processes, monitor.bootTime);
    this.#view = new LiveEvent(this.#event);
    this.#shown = this.#event;
    const waiting = this.#waiting = new WaitingEvents(monitor.processes, monitor.bootTime, room);
    this.#lateView = new LiveEvent(waiting.event);
    const describe: RuleSetOptions["describe"] = (of) =>
      "action" in of ? of.describe() : alertEvent(this.#shown);
    const patience: RuleSetOptions["patience"] = {
      mayWait: (container) => waiting.mayWait(container),
      holds: (container) => waiting.holds(container),
      wait: (only) => this.#wait = { only },
    };
    const filter = selected === undefined
      ? options.filter
      : new SelectedEvents(selected, this.#pending, options.filter);
    const pending = this.#pending;
    this.#rules = new RuleSet(rules.map((each) => this.#names.name(each)), {
      ...options,
      filter,
      pending,
      patience,
      describe,
    });
    this.#onNotice = onNotice;
    this.#fences = new Fences((...error) => this.#failedLater(...error));
    this.#want();
  }

  /** An error of code that nobody waits for. Of code that is not ours it ends nothing, whosever it is. */
  #failedLater(error: unknown, isForeign: boolean, plugin?: string): boolean {
    if (plugin !== undefined) return false;
    if (this.#rules.failedLater(error, this.#names.whose())) return true;
    if (!isForeign) return false;
    if (!this.#hasFailed) this.#onNotice?.(`rules: ${failureText(error)}`);
    this.#hasFailed = true;
    return true;
  }

  /** Has the kernel send what rules that still run look at. */
  #want(): void {
    const rules = this.#rules.bySyscall();
    const wanted = JSON.stringify([...rules].map(([name, of]) => [name, of.map(({ id }) => id)]));
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    const specs = callSpecs(rules.keys(), (name, call) => conditionOf(rules.get(name) ?? [], call));
    this.#monitor.want(specs, (container) => this.#rules.isOf(container));
  }

  /**
   * Rules look at what has come.
   *
   * @returns how many records that was.
   */
  drain(): number {
    if (!this.#waiting.isEmpty) this.#release();
    let all = 0;
    const end = performance.now() + TURN;
    for (let taken = BATCH; taken === BATCH && performance.now() < end;) {
      taken = this.#batch();
      all += taken;
    }
    return all;
  }

  /** @returns how many records were taken; `BATCH` also if there may be more. */
  #batch(): number {
    this.#first = undefined;
    this.#handled = 0;
    this.#clock.start(this.#rules.patience);
    const taken = this.#rules.guarded(() => this.#take());
    if (taken !== undefined) return taken;
    this.#cut = {
      first: this.#first,
      handled: this.#handled,
      open: this.#open === undefined ? undefined : idOf(this.#open),
      rules: this.#open === undefined ? 0 : this.#rules.done,
    };
    this.#open = undefined;
    return BATCH;
  }

  #take(): number {
    try {
      return this.#monitor.drain(this.#onCall, BATCH, this.#onProcess);
    } catch (error) {
      if (error instanceof Enough) return BATCH;
      throw error;
    }
  }

  readonly #onCall = (call: CallEvent, container: Container): void => {
    this.#first ??= idOf(call);
    const from = this.#seen(call);
    if (from !== undefined) this.#handle(call, container, from);
    this.#handled++;
    if (this.#clock.isOver()) throw new Enough();
  };

  readonly #onProcess = (event: ProcessEvent, container: Container): void => {
    const id = { tid: event.pid, time: event.time };
    this.#first ??= id;
    const from = this.#seen(id);
    if (from !== undefined && this.#rules.hearsProcesses) {
      const { processes, bootTime } = this.#monitor;
      this.#open = id;
      this.#rules.process(new ProcessChange(event, container, processes, bootTime), from);
      const wait = this.#takeWait();
      if (wait !== undefined) this.#waiting.addProcess(event, container, wait.only);
      this.#open = undefined;
    }
    this.#handled++;
    if (this.#clock.isOver()) throw new Enough();
  };

  /**
   * How many rules have seen a record before the batch was cut short; undefined: all. V8 runs no `finally` where it
   * cuts, so that the ring brings the whole batch again.
   */
  #seen(record: RecordId): number | undefined {
    const cut = this.#cut;
    if (cut === undefined) return 0;
    const isAgain = isSame(cut.first, this.#first ?? record);
    if (isAgain && this.#handled < cut.handled) return undefined;
    this.#cut = undefined;
    return isSame(cut.open, record) ? cut.rules : 0;
  }

  #handle(call: CallEvent, container: Container, from: number): void {
    this.#open = call;
    const event = this.#event.show(call, container);
    this.#rules.event(event.bareSyscall, this.#view, container, from);
    const wait = this.#takeWait();
    if (wait === undefined) event.follow();
    else this.#waiting.add(event, wait.only);
    this.#open = undefined;
  }

  #takeWait() {
    const wait = this.#wait;
    this.#wait = undefined;
    return wait;
  }

  /** Rules look at what has waited for long enough. */
  #release(): void {
    this.#shown = this.#waiting.event;
    for (const { batch } of this.#waiting.ready()) {
      this.#rules.each(batch.size, (at, from) => this.#look(batch.show(at), from));
    }
    this.#shown = this.#event;
  }

  #look({ container, change, only }: Shown, from: number): void {
    if (change !== undefined) return this.#rules.process(change, from, undefined, only);
    this.#rules.event(this.#shown.bareSyscall, this.#lateView, container, from, undefined, only);
  }

  /**
   * Puts rules in the place of those that run; see {@linkcode RuleSet.replace}. To be called between two drains: what
   * has been handed to those before is handed to nobody else, and what comes from now on to the new ones alone.
   */
  replace(rules: readonly ActiveRule[], timeout?: number): Replaced {
    // A batch that was cut short is done with first: how far it was is known by the rules that it was for.
    while (this.#cut !== undefined && this.#batch() > 0);
    this.#cut = undefined;
    const replaced = this.#rules.replace(rules.map((each) => this.#names.name(each)), timeout);
    const { changed, added, gone } = replaced;
    this.#news.forget([...changed, ...gone].map(({ id }) => id));
    // Even if the calls are the same: they may be wanted of other containers.
    if (changed.length + added.length + gone.length > 0) this.#wanted = undefined;
    this.#want();
    return replaced;
  }

  /** Events wait for more to be known of their containers. */
  get isWaiting(): boolean {
    return !this.#waiting.isEmpty;
  }

  /** It is the end: what waits, and what is still to come, is decided by what is known. */
  waitNoLonger(): void {
    this.#waiting.end();
  }

  /** Events that were passed over since this was asked last, and that somebody asks for as is known now. */
  takeLosses(): ContainerLoss[] {
    return this.#pending.take();
  }

  /** Rules hear of a tick. */
  tick(whole: Tick): void {
    const tick = this.#selected === undefined ? whole : tickOf(this.#selected, whole);
    this.#rules.tick(tick, this.#news.of(tick, this.#rules.hearers));
    this.#waiting.hurry(tick.time);
    this.#want();
  }

  /** What was held back until now is told, and the fences fall. */
  end(): void {
    this.#rules.end();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#fences[Symbol.dispose]();
  }
}
