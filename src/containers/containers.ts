/**
 * The containers of this machine, while the monitor runs.
 *
 * @module
 */
import {
  type Announcement,
  type CgroupKey,
  constants,
  type Slots,
  type V1Controller,
} from "../kernel/mod.ts";
import { type Cgroups, cgroupsOf, type ProcessInCgroup } from "./cgroups.ts";
import type { Identity, Metadata } from "./container.ts";
import { identify } from "./patterns.ts";

/** A container that has been seen. */
export interface Container {
  readonly identity: Identity;
  metadata: Metadata;
  /** First met in the v1 hierarchy, because its v2 cgroup was the root. */
  readonly v1: boolean;
  /** It ran already when the monitor began, or it started since. */
  readonly origin: "seen" | "started";
  /** CLOCK_BOOTTIME in ns of its first call that was seen. */
  readonly since: bigint;
  state: "running" | "stopped";
}

/** A container found by looking at the processes that there are. */
export interface Found {
  readonly identity: Identity;
  readonly v1: boolean;
  readonly nested: boolean;
  readonly pids: number[];
}

/** Which of its cgroups names a process, as bpf/cgroup.h chooses. */
function namingCgroup(
  process: ProcessInCgroup,
  controller: V1Controller | undefined,
): { path: string; v1: boolean } {
  const { v2, v1 } = process.cgroups;
  const path = controller === undefined ? undefined : v1.get(controller);
  return v2 === "/" && path !== undefined ? { path, v1: true } : { path: v2, v1: false };
}

/** The containers that these processes are in. */
export function findContainers(
  processes: Iterable<ProcessInCgroup>,
  controller: V1Controller | undefined,
): Found[] {
  const found = new Map<string, Found>();
  for (const process of processes) {
    const { path, v1 } = namingCgroup(process, controller);
    const identity = identify(path, process.nested);
    if (identity === undefined) continue;
    const container = found.get(identity.cgroup) ??
      { identity, v1, nested: process.nested, pids: [] };
    container.pids.push(process.pid);
    found.set(identity.cgroup, container);
  }
  return [...found.values()];
}

/** What the monitor has learnt since the last look. */
export interface ContainerChanges {
  readonly started: readonly Container[];
  readonly stopped: readonly Container[];
}

/** What is done to the kernel's slots here. */
export type SlotTable = Pick<
  Slots,
  "claim" | "assign" | "adopt" | "poll" | "release" | "settle"
>;

/** What is known of a container besides what others may see. */
interface Entry {
  readonly container: Container;
  /** The slot that ends with the container's own cgroup. */
  slot: number;
}

/** A container that is none: all of the host's calls, or those for which there was no slot. */
function pseudo(runtime: "host" | "overflow", since: bigint): Container {
  return {
    identity: { runtime, id: runtime, cgroup: "/" },
    metadata: { state: "known", description: { name: runtime } },
    v1: false,
    origin: "seen",
    since,
    state: "running",
  };
}

/**
 * Keeps which slot counts for which container. The kernel gives slots to cgroups; this says what the
 * cgroups are, gives back the slots of those that are the host's, and ends containers whose cgroup is gone.
 */
export class Containers {
  readonly #cgroups: Cgroups;
  readonly #controller: V1Controller | undefined;
  readonly #slots: SlotTable;
  readonly #byCgroup = new Map<string, Entry>();
  readonly #ownerOf = new Map<number, Container>();
  /** All that is in no container; its slot counts only where that was asked for. */
  readonly host: Container;
  /** All for which there was no slot. */
  readonly overflow: Container;
  /** Of containers that were started again before their end was told. */
  #deferred: Announcement[] = [];

  constructor(
    cgroups: Cgroups,
    controller: V1Controller | undefined,
    slots: SlotTable,
    now: bigint,
  ) {
    this.#cgroups = cgroups;
    this.#controller = controller;
    this.#slots = slots;
    this.host = pseudo("host", now);
    this.overflow = pseudo("overflow", now);
    this.#ownerOf.set(constants.SLOT_HOST, this.host);
    this.#ownerOf.set(constants.SLOT_OVERFLOW, this.overflow);
  }

  /** Before anything counts: the containers that run already get their slots, other cgroups the host's. */
  prepare(found: readonly Found[], now: bigint): Container[] {
    const containers = found.map(({ identity, v1, nested }) => {
      const root = this.#rootKey(identity, v1);
      const slot = root &&
        this.#slots.claim({ ...root, nested: onlyNested(identity) && nested }, now);
      if (root === undefined || slot === undefined) return undefined;
      if (!onlyNested(identity)) this.#slots.assign({ ...root, nested: true }, slot);
      return this.#add(identity, v1, "seen", now, slot);
    });
    const hierarchies = this.#controller === undefined
      ? [undefined]
      : [undefined, this.#controller];
    for (const hierarchy of hierarchies) {
      for (const { path, key } of this.#cgroups.walk(hierarchy)) {
        if (identify(path, false) === undefined) {
          this.#slots.assign(key, constants.SLOT_HOST, "noexist");
        }
      }
    }
    return containers.filter((container) => container !== undefined);
  }

  /** The container, or the host, whose calls this slot counts. */
  owner(slot: number): Container | undefined {
    return this.#ownerOf.get(slot);
  }

  /** Every slot that counts for somebody. */
  slots(): Iterable<[slot: number, owner: Container]> {
    return this.#ownerOf;
  }

  /** Takes in what the kernel did since the last call. The rows of what has stopped are still to be read. */
  update(): ContainerChanges {
    const started: Container[] = [];
    const stopped: Container[] = [];
    const polled = this.#slots.poll();
    const removed = new Set(polled.removed);
    const ending = new Set(polled.removed.filter((slot) => this.#ownerOf.has(slot)));
    const announced = [...this.#deferred, ...polled.announced];
    this.#deferred = [];
    for (const announcement of announced) {
      const container = this.#meet(announcement, ending);
      if (container === undefined) continue;
      started.push(container);
      // What was met may be gone while its container is not, and the other way round.
      if (this.#rootKey(container.identity, container.v1) === undefined) {
        removed.add(announcement.slot);
      } else {
        removed.delete(announcement.slot);
      }
    }
    for (const slot of polled.filled) {
      const container = this.#runningAs(slot);
      if (container?.state !== "stopped") continue;
      container.state = "running";
      started.push(container);
    }
    // A container is over when nobody is in it; some engines keep its cgroup until it is removed.
    for (const slot of [...polled.emptied, ...removed]) {
      const container = this.#runningAs(slot);
      if (container?.state !== "running") continue;
      container.state = "stopped";
      stopped.push(container);
    }
    // What is not met yet has calls that nobody has read.
    for (const { slot } of this.#deferred) removed.delete(slot);
    for (const slot of removed) {
      const container = this.#runningAs(slot);
      if (container !== undefined) this.#byCgroup.delete(container.identity.cgroup);
      this.#slots.release(slot);
    }
    return { started, stopped };
  }

  /**
   * To be called when all rows have been read.
   *
   * @param onFree Hears of each slot that will be somebody else's from now on, and whose it was.
   */
  settle(onFree: (slot: number, owner: Container | undefined) => void): void {
    this.#slots.settle((slot) => {
      const owner = this.#ownerOf.get(slot);
      this.#ownerOf.delete(slot);
      onFree(slot, owner);
    });
  }

  /** Ends containers whose cgroup went away before the programs were attached. */
  sweep(): Container[] {
    const gone: Container[] = [];
    for (const [key, { container, slot }] of this.#byCgroup) {
      if (this.#rootKey(container.identity, container.v1) !== undefined) continue;
      this.#byCgroup.delete(key);
      this.#slots.release(slot);
      container.state = "stopped";
      gone.push(container);
    }
    return gone;
  }

  /** The container that begins and ends with this slot's cgroup. */
  #runningAs(slot: number): Container | undefined {
    const container = this.#ownerOf.get(slot);
    if (container === undefined) return undefined;
    return this.#byCgroup.get(container.identity.cgroup)?.slot === slot ? container : undefined;
  }

  /** @param ending Slots of containers that are about to stop. */
  #meet(announcement: Announcement, ending: ReadonlySet<number>): Container | undefined {
    const { slot, v1, nested, time } = announcement;
    const key: CgroupKey = { id: announcement.id, nested, v1 };
    const identity = identify(this.#fullPath(announcement), nested);
    if (identity === undefined) {
      this.#ownerOf.set(slot, this.host);
      this.#slots.release(slot, new Map([[key, constants.SLOT_HOST]]));
      return undefined;
    }
    const root = this.#rootKey(identity, v1);
    const keys = root === undefined ? [key] : [key, { ...root, nested: true }];
    if (root !== undefined && !onlyNested(identity)) keys.push(root);
    const known = this.#byCgroup.get(identity.cgroup);
    if (known !== undefined && ending.has(known.slot)) {
      // Another cgroup, at the same path as the one that is gone: its calls wait in its slot.
      this.#deferred.push(announcement);
      return undefined;
    }
    if (known !== undefined) {
      // It was met twice: outside and inside of its pid namespace, in a v1 hierarchy and in v2 while its
      // engine set it up, or in a cgroup below its own. From now on all count in one slot.
      this.#ownerOf.set(slot, known.container);
      // The cgroup at its path may be another one by now, made since it was looked for: that one's end is its end.
      if (root !== undefined && v1 === known.container.v1) this.#slots.adopt(known.slot, root);
      this.#slots.release(slot, new Map(keys.map((each) => [each, known.slot])));
      return undefined;
    }
    this.#slots.adopt(slot, root ?? key);
    for (const each of keys) this.#slots.assign(each, slot);
    return this.#add(identity, v1, "started", time, slot);
  }

  #add(
    identity: Identity,
    v1: boolean,
    origin: Container["origin"],
    since: bigint,
    slot: number,
  ): Container {
    const metadata: Metadata = { state: "pending" };
    const container: Container = { identity, metadata, v1, origin, since, state: "running" };
    this.#byCgroup.set(identity.cgroup, { container, slot });
    this.#ownerOf.set(slot, container);
    return container;
  }

  /** The key of a container's own cgroup, outside of its pid namespace; undefined if it is gone. */
  #rootKey(identity: Identity, v1: boolean): CgroupKey | undefined {
    const id = this.#cgroups.id(identity.cgroup, v1 ? this.#controller : undefined);
    return id === undefined ? undefined : { id, nested: false, v1 };
  }

  /** The kernel keeps 16 names of 127 bytes; what is longer is asked of the process, while it lives. */
  #fullPath({ truncated, path, pid, v1 }: Announcement): string {
    if (!truncated) return path;
    try {
      const paths = cgroupsOf(pid);
      const full = v1 && this.#controller ? paths.v1.get(this.#controller) : paths.v2;
      return full !== undefined && full.length >= path.length ? full : path;
    } catch (error) {
      if (error instanceof Error) return path;
      throw error;
    }
  }
}

/** Only the processes in a child pid namespace make this a container: others may share its cgroup. */
function onlyNested(identity: Identity): boolean {
  return identify(identity.cgroup, false) === undefined;
}
