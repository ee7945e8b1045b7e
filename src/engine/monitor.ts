/**
 * The first half of the core loop: the kernel's rows, once a tick, to tallies of containers; its records, as they
 * come, to those who want them.
 *
 * @module
 */
import {
  Cgroups,
  type Container,
  Containers,
  type Engine,
  type Identity,
  MetadataFinder,
  scan,
} from "../containers/mod.ts";
import { blockedCalls } from "../events/mod.ts";
import {
  type Call,
  type CallSpec,
  Capture,
  type CaptureOptions,
  type Ring,
} from "../kernel/mod.ts";
import { Proc, ProcessTable, procFiles } from "../processes/mod.ts";
import type { Tick } from "../sinks/mod.ts";
import { Delivery, type Listeners, type OnCall, type OnProcess } from "./delivery.ts";
import { KernelCounts } from "./kernel_counts.ts";
import { LostEvents } from "./lost_events.ts";
import { Roster } from "./roster.ts";
import { WantedCalls } from "./wanted_calls.ts";

/** How to monitor. */
export interface MonitorOptions extends
  Listeners,
  Pick<
    CaptureOptions,
    | "slots"
    | "countHost"
    | "onMessage"
    | "attachments"
    | "hashes"
    | "events"
    | "latency"
    | "errors"
    | "terminal"
  > {
  /** All calls that close descriptors will be wanted, of every container, whatever they return. */
  readonly followsCloses?: boolean;
  /** Those that may know a container, the likeliest first. */
  readonly engines?: (identity: Identity) => readonly Engine[];
}

/** What is there where events were asked for. */
interface EventParts {
  readonly ring: Ring;
  readonly wanted: WantedCalls;
  readonly delivery: Delivery;
  readonly lost: LostEvents;
}

/** ms of a tick in which the process table may take in who runs already. */
const FILL = 20;

/** Counts what every container on this machine calls, and delivers the calls that are wanted. */
export class Monitor implements Disposable {
  readonly #resources: DisposableStack;
  readonly #capture: Capture;
  readonly #containers: Containers;
  readonly #metadata: MetadataFinder;
  readonly #roster: Roster;
  readonly #counts: KernelCounts;
  readonly #parts: EventParts | undefined;
  readonly #witness: Listeners["witness"];
  /** All processes that ran when events were first wanted are in the table. */
  #isFilled = false;
  /** Who runs, who ran a moment ago: kept while events are handed over. */
  readonly processes: ProcessTable;
  /** Nanoseconds from CLOCK_BOOTTIME to UTC. */
  readonly bootTime: bigint;
  #lastTick = performance.now();

  private constructor(
    resources: DisposableStack,
    capture: Capture,
    containers: Containers,
    metadata: MetadataFinder,
    { countHost: countsHost = false, followsCloses = false, witness, onProcess }: MonitorOptions,
  ) {
    this.#resources = resources;
    this.#capture = capture;
    this.#containers = containers;
    this.#metadata = metadata;
    this.#witness = witness;
    const facts = witness?.facts(new Proc(procFiles));
    this.processes = new ProcessTable({ followsCloses, ...(facts !== undefined && { facts }) });
    const now = () => capture.now("realtime");
    this.bootTime = now() - this.bootNow;
    const roster = new Roster(containers, metadata, { countsHost, bootTime: this.bootTime, now });
    this.#roster = roster;
    this.#counts = new KernelCounts(capture, containers, roster);
    const { events } = capture;
    if (events === undefined) return;
    const lost = new LostEvents(events.losses, containers, roster);
    this.#parts = {
      ring: events.ring,
      wanted: new WantedCalls(events.wanted, roster),
      delivery: new Delivery(events, roster, this.processes, lost, { witness, onProcess }),
      lost,
    };
  }

  /**
   * Finds the containers that run, and counts from when it returns.
   *
   * @throws {LibraryError} without libbpf.
   * @throws {CaptureError} if the kernel refuses the programs.
   */
  static open(options: MonitorOptions = {}): Monitor {
    using resources = new DisposableStack();
    const cgroups = Cgroups.read();
    const { found, v1Controller } = scan(cgroups);
    const metadata = resources.use(new MetadataFinder(options.engines ?? (() => [])));
    let containers: Containers | undefined;
    let seen: Container[] = [];
    const capture = resources.use(Capture.open({
      ...options,
      v1Controller,
      prepare: (slots, now) => {
        containers = new Containers(cgroups, v1Controller, slots, now);
        seen = containers.prepare(found, now);
      },
    }));
    if (containers === undefined) throw new Error("the capture was not prepared");
    const gone = new Set(containers.sweep());
    const monitor = new Monitor(resources.move(), capture, containers, metadata, options);
    for (const container of seen) if (!gone.has(container)) monitor.#roster.begin(container, 0n);
    return monitor;
  }

  /** Which of the kernel's ways the programs took: `tp_btf`, or `raw_tp` where that was refused. */
  get attachment(): Capture["attachment"] {
    return this.#capture.attachment;
  }

  /** Nanoseconds of CLOCK_BOOTTIME now. */
  get bootNow(): bigint {
    return this.#capture.now("boottime");
  }

  /** When the engines have said what they know of the containers so far, or after `timeout` ms. */
  metadataSettled(timeout: number): Promise<void> {
    return this.#metadata.settled(timeout);
  }

  /**
   * Sends events of these calls from now on, of every container that is wanted. One whose name is not known yet
   * is, so that its first calls are not missed: what comes of it is for the caller to keep or drop.
   *
   * @param specs What is copied of a call's memory.
   */
  want(
    specs: ReadonlyMap<Call, CallSpec>,
    isWanted: (container: Container) => boolean = () => true,
  ): void {
    const { wanted } = this.#events;
    this.#witness?.wanted(specs);
    wanted.want(specs, isWanted);
  }

  /**
   * Hands over the calls that began before anybody looked, and that containers' threads are blocked in: what /proc
   * says of them, without memory and without the time of their enter.
   */
  blocked(onCall: OnCall): void {
    const now = this.bootNow;
    const byCgroup = new Map(
      Array.from(this.#roster.containers(), (each) => [each.identity.cgroup, each]),
    );
    for (const { identity, pids } of scan(Cgroups.read()).found) {
      const container = byCgroup.get(identity.cgroup);
      if (container === undefined) continue;
      for (const pid of pids) {
        for (const call of blockedCalls(pid, now)) onCall(call, container);
      }
    }
  }

  /**
   * Hands over the calls that have not returned yet: of those that are wanted. Each is valid until its handler
   * returns.
   */
  inFlight(onCall: OnCall): void {
    this.#events.delivery.inFlight(onCall);
  }

  /** Waits until there is an event, or for some ms. */
  async eventReady(timeout: number): Promise<void> {
    await this.#events.ring.readable(timeout);
  }

  /**
   * Hands over the events that have come, oldest first; each is valid until its handler returns.
   *
   * @param most How many records are taken before others get their turn; 4,096 by default.
   * @param onProcess Hears what happened to processes, in order with their calls, when the table has taken it in.
   * @returns how many were; fewer when there are no more now.
   */
  drain(onCall: OnCall, most?: number, onProcess?: OnProcess): number {
    return this.#events.delivery.drain(onCall, most, onProcess);
  }

  /** An event that was delivered could not be shown: it is told of like those that were lost before. */
  undecoded(container: Container, syscall: string): void {
    this.#events.lost.undecoded(container, syscall);
  }

  get #events(): EventParts {
    if (this.#parts === undefined) throw new Error("no events were asked for");
    return this.#parts;
  }

  /** Reads the kernel's counts. */
  tick(): Tick {
    const capture = this.#capture;
    const parts = this.#parts;
    const now = performance.now();
    const time = capture.now("realtime");
    this.#roster.update();
    parts?.wanted.grant();
    if (parts?.wanted.areAsked && !this.#isFilled) this.#isFilled = this.processes.fill(FILL);
    this.#counts.read();
    const losses = parts?.lost.take() ?? [];
    // One of them may have closed a descriptor, or gone to another directory.
    if (losses.length > 0) this.processes.descriptors.lost();
    parts?.ring.rest();
    const end = parts?.ring.end ?? 0;
    this.#containers.settle((slot, owner) => {
      this.#counts.forget(slot);
      parts?.delivery.forget(slot, owner, end);
      parts?.lost.forget(slot);
      parts?.wanted.forget(slot);
    });
    const tallies = Array.from(
      this.#roster.tell(time),
      ([container, tally]) => this.#counts.take(container, tally),
    );
    const changes = this.#roster.takeChanges(time);
    const interval = now - this.#lastTick;
    this.#lastTick = now;
    const { missed, slots: { overflowed, unmeasured } } = capture;
    return { time, interval, changes, tallies, losses, missed, overflowed, unmeasured };
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
