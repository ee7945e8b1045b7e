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
import { type EventFilter, type EventSource, PendingLosses, SelectedEvents } from "../rules/mod.ts";
import { type SelectedContainers, tickOf } from "../selection.ts";
import { BatchWriter } from "./batch.ts";
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
    const taken = this.#source.drain(this.#onCall, most, this.#onProcess);
    if (this.#writer.size === 0) return { taken, parcel: undefined };
    const { batch: work, body, containers } = this.#writer;
    this.#writer = new BatchWriter();
    return { taken, parcel: { work, body, containers } };
  }

  readonly #onCall = (call: CallEvent, container: Container): void => {
    const event = this.#event.show(call, container);
    const { syscall } = event;
    // 32-bit code's calls are those that a rule named, by another number.
    const name = syscall.slice(syscall.indexOf(":") + 1);
    const isWanted = this.#wanted.has(name, this.#view, container) &&
      this.#filter?.passes(name, this.#view, container) !== false;
    if (isWanted) this.#writer.add(event);
    else event.follow();
  };

  readonly #onProcess = (event: ProcessEvent, container: Container): void => {
    if (!this.#wanted.hearsProcesses(container, event.uid)) return;
    if (this.#filter?.hears(container) === false) return;
    this.#writer.addProcess(event, container, this.#source.processes);
  };

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
  }

  /** The ticks that have not been taken, as one. */
  takeTick(): Parcel {
    this.#hasTick = false;
    const { tick: work, containers } = this.#pending.take();
    return { work, body: new Uint8Array(), containers };
  }

  /** Events that were passed over since this was asked last, and that somebody asks for as is known now. */
  takeLosses(): ContainerLoss[] {
    return this.#losses.take();
  }
}
