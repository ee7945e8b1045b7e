/**
 * Events of containers of which too little is known yet: who asks for containers by name or label can't say whether it
 * wants them. They are kept, as they were, until the engine has said more, and handed on in their order.
 *
 * That is bounded. A container may keep so much, and no longer than so long; all together may, too, and who floods
 * takes no room from who comes next. What may not wait is decided by what is known: see {@linkcode Patience}.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { Event } from "../../events/decoded/mod.ts";
import type { ProcessFacts, ProcessFinder } from "../rules/process_change.ts";
import { BatchWriter, followed, ReceivedBatch, ReceivedProcesses } from "../snapshots/mod.ts";
import { Room, type RoomSize } from "./room.ts";

/** Who lets events wait. */
export interface Patience {
  /** Whether an event of a container may wait until more is known of it: there is room, and time. */
  mayWait(container: Container): boolean;
  /** Whether some event of a container waits for all, so that those that follow have to, too. */
  holds(container: Container): boolean;
  /**
   * The event that is looked at is to wait.
   *
   * @param only The ids of the rules that it is for; undefined: for all, and the filters are to be asked again.
   */
  wait(only: readonly string[] | undefined): void;
}

/** Memory for events: a container's first second is some hundred of those that rules ask for. */
const SIZE: RoomSize = { all: 16 * 1024 * 1024, each: 256 * 1024 };

/** Bytes for records that each begins with. */
const FIRST_ROOM = 4096;

/** ns: engines are asked for ten seconds, and may take their time each time. */
const WITHIN = 30_000_000_000n;

interface Queue {
  readonly writer: BatchWriter;
  /** Nanoseconds since 1970, UTC, of the first. */
  readonly since: bigint;
  /** Some of them are for all, so that what comes later may not go first. */
  isWhole: boolean;
  cost: number;
}

/** Events of a container that have waited. */
export interface Waited {
  readonly container: Container;
  readonly batch: ReceivedBatch;
}

/** Keeps events. */
export class WaitingEvents {
  readonly #finder: ProcessFinder;
  readonly #bootTime: bigint;
  readonly #room: Room;
  readonly #queues = new Map<Container, Queue>();
  /** Containers that have waited for too long. */
  readonly #late = new WeakSet<Container>();
  #isOver = false;
  readonly #processes = new ReceivedProcesses();
  /** Shows a call that has waited. */
  readonly event: Event;

  /**
   * @param finder Whom events that have not waited ask for their processes.
   * @param bootTime Nanoseconds from CLOCK_BOOTTIME to UTC.
   */
  constructor(finder: ProcessFinder, bootTime: bigint, size: RoomSize = SIZE) {
    this.#finder = finder;
    this.#bootTime = bootTime;
    this.#room = new Room(size);
    this.event = new Event(this.#processes, bootTime);
  }

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /** Bytes of memory that are taken, roughly. */
  get cost(): number {
    return this.#room.used;
  }

  /** Whether an event of a container may wait. */
  mayWait(container: Container): boolean {
    return this.#hasTime(container) &&
      this.#room.has(this.#queues.get(container)?.cost ?? 0);
  }

  #hasTime(container: Container): boolean {
    return container.metadata.state === "pending" && !this.#isOver && !this.#late.has(container);
  }

  /** Whether some of a container's events waits for all, so that those that follow have to, too. */
  holds(container: Container): boolean {
    return this.#queues.size > 0 && this.#queues.get(container)?.isWhole === true;
  }

  /**
   * Keeps the call that an event shows.
   *
   * @param descriptors If it has been followed; if not it is here.
   */
  add(
    event: Event,
    only: readonly string[] | undefined,
    descriptors: ReturnType<typeof followed> = followed(event),
  ): void {
    this.#change(
      event.container,
      event.time,
      only,
      (writer) => writer.add(event, descriptors, only),
    );
  }

  /** Keeps what happened to a process: the table has it already. */
  addProcess(
    facts: ProcessFacts,
    container: Container,
    only: readonly string[] | undefined,
  ): void {
    const add = (writer: BatchWriter) => writer.addProcess(facts, container, this.#finder, only);
    this.#change(container, facts.time + this.#bootTime, only, add);
  }

  #change(
    container: Container,
    time: bigint,
    only: readonly string[] | undefined,
    add: (writer: BatchWriter) => void,
  ): void {
    const queue = this.#queues.get(container) ??
      { writer: new BatchWriter(FIRST_ROOM), since: time, isWhole: false, cost: 0 };
    add(queue.writer);
    queue.isWhole ||= only === undefined;
    this.#room.change(queue.writer.cost - queue.cost);
    queue.cost = queue.writer.cost;
    this.#queues.set(container, queue);
  }

  /** Takes what waits no longer: more is known of its container, or it has waited for too long. */
  *ready(): Generator<Waited, void, undefined> {
    for (const [container, { writer, cost }] of this.#queues) {
      if (this.#hasTime(container)) continue;
      this.#queues.delete(container);
      this.#room.change(-cost);
      const { batch, body, containers } = writer;
      const to = { processes: this.#processes, event: this.event, bootTime: this.#bootTime };
      yield { container, batch: new ReceivedBatch(batch, body, containers, to) };
    }
  }

  /**
   * Who has waited for too long waits no longer.
   *
   * @param time Nanoseconds since 1970, UTC.
   */
  hurry(time: bigint): void {
    for (const [container, { since }] of this.#queues) {
      if (time - since > WITHIN) this.#late.add(container);
    }
  }

  /** It is the end: nobody waits any longer. */
  end(): void {
    this.#isOver = true;
  }
}
