/**
 * What the child is given: events that some of its rules look at, and ticks.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { callSpecs, Event } from "../../events/decoded/mod.ts";
import type { CallEvent, ProcessEvent } from "../../events/mod.ts";
import type { ContainerLoss, Tick } from "../../sinks/mod.ts";
import { ContainerNews } from "../rules/container_news.ts";
import { LiveEvent } from "../rules/live_event.ts";
import {
  type EventFilter,
  type EventSource,
  PendingLosses,
  SelectedEvents,
  type Verdict,
} from "../rules/mod.ts";
import { BatchWriter, followed, type Shown } from "../snapshots/mod.ts";
import { WaitingEvents } from "../waiting/mod.ts";
import { type SelectedContainers, tickOf } from "../selection.ts";
import type { SentRule, Work } from "./messages.ts";
import { PendingTick } from "./ticks.ts";
import { Wanted } from "./wanted.ts";

/** What is kept from rules. */
export interface FeedOptions {
  /** Whether rules are to see a container, and an event, at all; by default they are. */
  readonly filter?: Omit<EventFilter, "cut"> | undefined;
  /** The containers that rules are kept to; all, by default. */
  readonly selected?: SelectedContainers | undefined;
}

/** Work without its number. */
export interface Parcel {
  readonly work: Omit<Work, "id" | "careful">;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly containers: readonly Container[];
}

/** Puts work together. */
export class Feed {
  readonly #source: EventSource;
  readonly #selected: SelectedContainers | undefined;
  readonly #filter: FeedOptions["filter"];
  readonly #losses = new PendingLosses("name_pending");
  readonly #event: Event;
  readonly #view: LiveEvent;
  readonly #waiting: WaitingEvents;
  /** Shows calls that have waited. */
  readonly #lateView: LiveEvent;
  readonly #news = new ContainerNews();
  readonly #pending = new PendingTick();
  #writer = new BatchWriter();
  #wanted = new Wanted([]);
  /** Undefined: the kernel is to be told anew. */
  #wantedCalls: string | undefined = "";
  #hasTick = false;

  constructor(source: EventSource, { filter, selected }: FeedOptions) {
    this.#source = source;
    this.#selected = selected;
    this.#filter = selected === undefined
      ? filter
      : new SelectedEvents(selected, this.#losses, filter);
    this.#event = new Event(source.processes, source.bootTime);
    this.#view = new LiveEvent(this.#event);
    this.#waiting = new WaitingEvents(source.processes, source.bootTime);
    this.#lateView = new LiveEvent(this.#waiting.event);
  }

  /** There is a tick that has not been taken. */
  get hasTick(): boolean {
    return this.#hasTick;
  }

  /** From now on it is for these rules; the kernel sends what they look at. */
  want(rules: readonly SentRule[]): void {
    this.#wanted = new Wanted(rules, this.#losses);
    const { syscalls } = this.#wanted;
    const calls = syscalls.join();
    if (calls === this.#wantedCalls) return;
    this.#wantedCalls = calls;
    this.#source.want(
      callSpecs(syscalls),
      (container) => this.#keeps(container) && this.#wanted.isOf(container),
    );
  }

  /** These rules begin anew, or are gone; others may be wanted of other containers. */
  forget(ids: Iterable<string>): void {
    this.#news.forget(ids);
    this.#wantedCalls = undefined;
  }

  #keeps(container: Container): boolean {
    return this.#filter?.keeps(container) !== false;
  }

  /**
   * Takes some events.
   *
   * @returns how many records were taken, and what of them some rule looks at.
   */
  take(most: number): { readonly taken: number; readonly parcel: Parcel | undefined } {
    const [waited] = this.#waiting.isEmpty ? [] : this.#waiting.ready();
    if (waited !== undefined) {
      const { batch } = waited;
      for (let i = 0; i < batch.size; i++) this.#onWaited(batch.show(i));
      // There may be more.
      return { taken: most, parcel: this.#parcel() };
    }
    const taken = this.#source.drain(this.#onCall, most, this.#onProcess);
    return { taken, parcel: this.#parcel() };
  }

  #parcel(): Parcel | undefined {
    if (this.#writer.size === 0) return undefined;
    const { batch: work, body, containers } = this.#writer;
    this.#writer = new BatchWriter();
    return { work, body, containers };
  }

  readonly #onCall = (call: CallEvent, container: Container): void => {
    const event = this.#event.show(call, container);
    const name = event.bareSyscall;
    if (!this.#waiting.mayWait(container)) {
      const { now } = this.#wanted.has(name, this.#view, container, false);
      const passes = now !== undefined &&
        this.#filter?.passes(name, this.#view, container, false) !== false;
      if (passes) this.#writer.add(event, followed(event));
      else event.follow();
      return;
    }
    const verdict = this.#inOrder(
      this.#filter?.passes(name, this.#view, container, true),
      container,
    );
    if (verdict === "not yet" && this.#wanted.asks(name, this.#view)) {
      return this.#waiting.add(event, undefined);
    }
    if (verdict !== true) return event.follow();
    const { now, later } = this.#wanted.has(name, this.#view, container, true);
    if (now === undefined && later.length === 0) return event.follow();
    const descriptors = followed(event);
    if (now !== undefined) this.#writer.add(event, descriptors, now.only);
    if (later.length > 0) this.#waiting.add(event, later, descriptors);
  };

  /** Nothing goes before what waits already. */
  #inOrder(verdict: Verdict = true, container: Container): Verdict {
    return verdict === true && this.#waiting.holds(container) ? "not yet" : verdict;
  }

  readonly #onProcess = (event: ProcessEvent, container: Container): void => {
    const mayWait = this.#waiting.mayWait(container);
    const heard = this.#filter?.hears(container, mayWait);
    const verdict = mayWait ? this.#inOrder(heard, container) : heard ?? true;
    if (verdict === "not yet" && this.#wanted.asksProcesses(event.uid)) {
      return this.#waiting.addProcess(event, container, undefined);
    }
    if (verdict !== true) return;
    const { now, later } = this.#wanted.hearsProcesses(container, event.uid, mayWait);
    const { processes } = this.#source;
    if (now !== undefined) this.#writer.addProcess(event, container, processes, now.only);
    if (later.length > 0) this.#waiting.addProcess(event, container, later);
  };

  /** Takes in what waits no longer: it is decided by what is known now. */
  #onWaited({ container, change, only }: Shown): void {
    if (change !== undefined) {
      if (this.#filter?.hears(container, false) === false) return;
      const { now } = this.#wanted.hearsProcesses(container, change.facts.uid, false);
      if (now !== undefined) this.#writer.addProcess(change.facts, container, change.finder, only);
      return;
    }
    const { event } = this.#waiting;
    const name = event.bareSyscall;
    if (this.#filter?.passes(name, this.#lateView, container, false) === false) return;
    const { now } = this.#wanted.has(name, this.#lateView, container, false);
    if (now !== undefined) this.#writer.add(event, followed(event), only);
  }

  /** Takes in a tick. */
  tick(whole: Tick): void {
    const tick = this.#selected === undefined ? whole : tickOf(this.#selected, whole);
    const { hearers, hearsTallies } = this.#wanted;
    const kept = hearers.map(({ id, isOf }) => ({
      id,
      isOf: (container: Container) => this.#keeps(container) && isOf(container),
    }));
    this.#pending.add(tick, { tallies: hearsTallies, containers: this.#news.of(tick, kept) });
    this.#hasTick = true;
    this.#waiting.hurry(tick.time);
  }

  /** The ticks that have not been taken, as one. */
  takeTick(): Parcel {
    this.#hasTick = false;
    const { tick: work, containers } = this.#pending.take();
    return { work, body: new Uint8Array(), containers };
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
    return this.#losses.take();
  }
}
