/**
 * The kernel's records, handed over one by one as the events of their containers.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { CallEvent, type ProcessEvent, processEventAt } from "../events/mod.ts";
import type { Events } from "../kernel/mod.ts";
import type { ProcessTable } from "../processes/mod.ts";
import { FormerOwners } from "./former_owners.ts";
import type { LostEvents } from "./lost_events.ts";
import type { Roster } from "./roster.ts";
import type { Witness } from "./witness.ts";

/** Hears of a call. The event is valid until the handler returns. */
export type OnCall = (event: CallEvent, container: Container) => void;

/** Hears what happened to a process. */
export type OnProcess = (event: ProcessEvent, container: Container) => void;

/** Who hears of records besides whom they are handed to. */
export interface Listeners {
  readonly witness?: Witness | undefined;
  /** Hears what happened to processes, once, when the table has taken it in. */
  readonly onProcess?: OnProcess | undefined;
}

/** Finds whose each record is, and has the process table follow. */
export class Delivery {
  readonly #events: Events;
  readonly #roster: Roster;
  readonly #processes: ProcessTable;
  readonly #lost: LostEvents;
  readonly #witness: Witness | undefined;
  readonly #onProcess: OnProcess | undefined;
  readonly #event: CallEvent;
  readonly #records: DataView<ArrayBuffer>;
  /** Who had slots that are free again, and of whom there may still be records in the ring. */
  readonly #former = new FormerOwners();
  /** Where the last record of a process stood in the ring that the table has taken in. */
  #followed = -1;
  /** Whose slot was found last in this drain, and the owner if somebody wants to know of it. */
  #lastSlot = -1;
  #lastOwner: Container | undefined;

  constructor(
    events: Events,
    roster: Roster,
    processes: ProcessTable,
    lost: LostEvents,
    { witness, onProcess }: Listeners,
  ) {
    this.#events = events;
    this.#roster = roster;
    this.#processes = processes;
    this.#lost = lost;
    this.#witness = witness;
    this.#onProcess = onProcess;
    this.#event = new CallEvent(events.ring.bytes);
    this.#records = new DataView(events.ring.bytes);
  }

  /** Hands over the calls that have not returned yet. */
  inFlight(onCall: OnCall): void {
    this.#events.inFlight((bytes, offset, length) => {
      const event = new CallEvent(bytes).move(offset, length);
      const container = this.#roster.met(event.slot);
      if (container !== undefined) onCall(event, container);
    });
  }

  /**
   * Hands over the events that have come, oldest first.
   *
   * @param most How many records are taken before others get their turn; 4,096 by default.
   * @param onProcess Hears what happened to processes, in order with their calls.
   * @returns how many were; fewer when there are no more now.
   */
  drain(onCall: OnCall, most?: number, onProcess?: OnProcess): number {
    const { ring } = this.#events;
    const event = this.#event;
    const view = this.#records;
    const witness = this.#witness;
    this.#former.forget(ring.start);
    this.#lastSlot = -1;
    this.#processes.nextRound();
    witness?.round(ring.bytes);
    try {
      return ring.drain((offset, length) => {
        const processEvent = processEventAt(view, offset);
        if (processEvent !== undefined) {
          const container = this.#owner(processEvent.slot, ring.position);
          this.#follow(processEvent, ring.position, container);
          witness?.process(processEvent, offset, length, container);
          try {
            if (container !== undefined) onProcess?.(processEvent, container);
          } finally {
            witness?.handled();
          }
          return;
        }
        event.move(offset, length);
        const container = this.#owner(event.slot, ring.position);
        if (container === undefined) return;
        if (witness === undefined) return onCall(event, container);
        witness.call(event, offset, length, container);
        try {
          onCall(event, container);
        } finally {
          witness.handled();
        }
      }, most);
    } finally {
      witness?.drained();
    }
  }

  /** The slot will be somebody else's. @param end Where the ring ended before that was decided. */
  forget(slot: number, owner: Container | undefined, end: number): void {
    if (owner !== undefined) this.#former.add(slot, owner, end);
  }

  /**
   * Whose record it is: that of who had the slot when it was written. undefined: nobody's whose events are of
   * interest; one that nobody is known to have written is counted as lost.
   */
  #owner(slot: number, position: number): Container | undefined {
    // Nobody loses a slot between two records of one drain: it is free when a tick has said so.
    if (slot === this.#lastSlot) return this.#lastOwner;
    const owner = this.#former.owner(slot, position) ?? this.#roster.met(slot);
    if (owner === undefined) {
      this.#lost.ownerless();
      return undefined;
    }
    const watched = this.#roster.isWatched(owner) ? owner : undefined;
    if (this.#former.isEmpty) {
      this.#lastSlot = slot;
      this.#lastOwner = watched;
    }
    return watched;
  }

  /** The table takes it in, once: where V8 has cut a batch short all of it comes again. */
  #follow(event: ProcessEvent, position: number, container: Container | undefined): void {
    if (position <= this.#followed) return;
    this.#followed = position;
    this.#processes.follow(event);
    if (container !== undefined) this.#onProcess?.(event, container);
  }
}
