/**
 * Which containers a tick tells of: those that came and went, and what each has called.
 *
 * @module
 */
import type { Container, Containers, MetadataFinder } from "../containers/mod.ts";
import { type ContainerChange, keyOf } from "../sinks/mod.ts";
import { Tally } from "./tally.ts";

interface Entry {
  readonly tally: Tally;
  /** As it was last told. */
  metadata: Container["metadata"];
  /** Whether a tick has told of the container. */
  isTold: boolean;
}

/** ns that a stopped container may wait for its engine to say its name. */
const NAME_WITHIN = 3_000_000_000n;

/** Stopped containers whose totals are kept, in case they are started again. */
const KEPT_TALLIES = 1024;

/** Who has which slot. */
export type SlotOwners = Pick<Containers, "host" | "owner" | "slots" | "update">;

/** The containers of a monitor, with their tallies, from when they begin until their end is told. */
export class Roster {
  readonly #containers: SlotOwners;
  readonly #metadata: Pick<MetadataFinder, "find">;
  readonly #bootTime: bigint;
  readonly #countsHost: boolean;
  /** Nanoseconds of UTC. */
  readonly #now: () => bigint;
  readonly #entries = new Map<Container, Entry>();
  /** Totals of containers that have stopped, the latest last, by what tells them apart. */
  readonly #stopped = new Map<string, Tally>();
  readonly #begun = new WeakSet<Container>();
  /** Stopped containers that have not been told of yet, and when they stopped. */
  readonly #leaving = new Map<Container, bigint>();
  #pending: ContainerChange[] = [];

  /**
   * @param bootTime Nanoseconds from CLOCK_BOOTTIME to UTC.
   * @param now Nanoseconds of UTC.
   */
  constructor(
    containers: SlotOwners,
    metadata: Pick<MetadataFinder, "find">,
    { countsHost, bootTime, now }: {
      readonly countsHost: boolean;
      readonly bootTime: bigint;
      readonly now: () => bigint;
    },
  ) {
    this.#containers = containers;
    this.#metadata = metadata;
    this.#countsHost = countsHost;
    this.#bootTime = bootTime;
    this.#now = now;
  }

  /** Those that have begun and whose end has not been told. */
  containers(): Iterable<Container> {
    return this.#entries.keys();
  }

  /** Whether anybody wants to know what it calls: of the host only where that was asked for. */
  isWatched(container: Container): boolean {
    return container !== this.#containers.host || this.#countsHost;
  }

  /** Every slot that counts for somebody who is watched. */
  *slots(): Iterable<[slot: number, owner: Container]> {
    for (const each of this.#containers.slots()) if (this.isWatched(each[1])) yield each;
  }

  /** Whose slot it is, also if it is a container's that is new to us. */
  met(slot: number): Container | undefined {
    // Another cgroup at the path of one that has just gone is met by the second look: the first ends that one.
    for (let looks = 0; looks < 2 && this.#containers.owner(slot) === undefined; looks++) {
      this.update();
    }
    return this.#containers.owner(slot);
  }

  /** Takes in which containers came and went. */
  update(): void {
    const time = this.#now();
    const { started, stopped } = this.#containers.update();
    for (const container of started) this.begin(container, time);
    for (const container of stopped) this.#leaving.set(container, time);
  }

  /** @param time Of now, for a container that begins again. */
  begin(container: Container, time: bigint): void {
    // It ended and began again before that was told.
    if (this.#leaving.delete(container)) return;
    const key = keyOf(container);
    this.#endBefore(key);
    const tally = this.#stopped.get(key) ?? new Tally();
    this.#stopped.delete(key);
    if (container.metadata.state === "pending") this.#metadata.find(container);
    this.#entries.set(container, { tally, metadata: container.metadata, isTold: false });
    if (this.#begun.has(container)) {
      this.#pending.push({ action: "started", container, time });
    } else {
      this.#begun.add(container);
      const since = container.since + this.#bootTime;
      this.#pending.push({ action: container.origin, container, time: since });
    }
  }

  /** The one before it, that only waits for its name: its end comes before another's beginning, and its totals go on. */
  #endBefore(key: string): void {
    for (const [container, stoppedAt] of this.#leaving) {
      if (keyOf(container) === key) this.#leave(container, stoppedAt);
    }
  }

  /** Where its calls are counted. */
  tallyOf(container: Container): Tally | undefined {
    const entry = this.#entries.get(container);
    if (entry !== undefined) return entry.tally;
    // The host and the overflow appear with their first call; nothing else counts without a beginning.
    this.begin(container, 0n);
    return this.#entries.get(container)?.tally;
  }

  /** Those that a tick tells of, with what has come to be known of them. */
  *tell(time: bigint): Iterable<[container: Container, tally: Tally]> {
    for (const [container, entry] of this.#entries) {
      if (entry.metadata !== container.metadata) {
        entry.metadata = container.metadata;
        if (entry.isTold) this.#pending.push({ action: "updated", container, time });
      }
      entry.isTold = true;
      yield [container, entry.tally];
    }
  }

  /** Ends a tick: what happened to containers since the last one. */
  takeChanges(time: bigint): readonly ContainerChange[] {
    for (const [container, stoppedAt] of this.#leaving) {
      // Its last record waits a little for its name.
      if (container.metadata.state === "pending" && time - stoppedAt < NAME_WITHIN) continue;
      this.#leave(container, stoppedAt);
    }
    const changes = this.#pending;
    this.#pending = [];
    return changes;
  }

  #leave(container: Container, time: bigint): void {
    this.#pending.push({ action: "stopped", container, time });
    this.#leaving.delete(container);
    this.#end(container);
  }

  #end(container: Container): void {
    const entry = this.#entries.get(container);
    this.#entries.delete(container);
    if (entry === undefined) return;
    this.#stopped.set(keyOf(container), entry.tally);
    const [oldest] = this.#stopped.keys();
    if (this.#stopped.size > KEPT_TALLIES && oldest !== undefined) this.#stopped.delete(oldest);
  }
}
