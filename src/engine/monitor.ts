/**
 * The counting half of the core loop: the kernel's rows, once a tick, to tallies of containers.
 *
 * @module
 */
import {
  Cgroups,
  type Container,
  Containers,
  type Engine,
  findContainers,
  identify,
  type Identity,
  MetadataFinder,
  processes,
} from "../containers/mod.ts";
import { blockedCalls, CallEvent, type ProcessEvent, processEventAt } from "../events/mod.ts";
import {
  type Call,
  type CallSpec,
  Capture,
  type CaptureOptions,
  type Events,
  type V1Controller,
} from "../kernel/mod.ts";
import { Proc, ProcessTable, type ProcFacts, procFiles } from "../processes/mod.ts";
import { syscallName, syscallNumber } from "../syscalls/mod.ts";
import {
  type ContainerChange,
  type ContainerLoss,
  type ContainerTally,
  keyOf,
  type Tick,
} from "../sinks/mod.ts";
import { FormerOwners } from "./former_owners.ts";
import { Tally } from "./tally.ts";

/** Hears of all that comes of events, as it comes: to keep it. */
export interface Witness {
  /** Stands between the process table and whom it asks. */
  facts(of: ProcFacts): ProcFacts;
  /** These calls are sent from now on, and this is copied of them. */
  wanted(specs: ReadonlyMap<Call, CallSpec>): void;
  /** The ring is drained once more. */
  round(bytes: ArrayBuffer): void;
  /** A process's record, which the table has taken in, before it is handed over. */
  process(event: ProcessEvent, offset: number, length: number, owner: Container | undefined): void;
  /** A call's record, before it is handed over. */
  call(event: CallEvent, offset: number, length: number, owner: Container): void;
  /** The call, or what happened to the process, has been handled. */
  handled(): void;
  /** The round is over. Not told where V8 cut it short: then all of it comes again. */
  drained(): void;
}

/** Hears what happened to a process. */
export type OnProcess = (event: ProcessEvent, container: Container) => void;

/** How to monitor. */
export interface MonitorOptions extends
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
  readonly witness?: Witness;
  /** Hears what happened to processes while events are handed over, when the table has taken it in. */
  readonly onProcess?: OnProcess;
  /** Those that may know a container, the likeliest first. */
  readonly engines?: (identity: Identity) => readonly Engine[];
}

interface Entry {
  readonly tally: Tally;
  /** As it was last told. */
  metadata: Container["metadata"];
  /** Whether a tick has told of the container. */
  isTold: boolean;
}

/** Of which events are to be sent. */
interface Wish {
  readonly calls: readonly Call[];
  readonly isWanted: (container: Container) => boolean;
}

/** ns that a stopped container may wait for its engine to say its name. */
const NAME_WITHIN = 3_000_000_000n;

/** ms of a tick in which the process table may take in who runs already. */
const FILL = 20;

/** Stopped containers whose totals are kept, in case they are started again. */
const KEPT_TALLIES = 1024;

/** Counts what every container on this machine calls. */
export class Monitor implements Disposable {
  readonly #resources: DisposableStack;
  readonly #capture: Capture;
  readonly #containers: Containers;
  readonly #metadata: MetadataFinder;
  readonly #entries = new Map<Container, Entry>();
  /** Totals of containers that have stopped, the latest last, by what tells them apart. */
  readonly #stopped = new Map<string, Tally>();
  #event: CallEvent | undefined;
  #records: DataView<ArrayBuffer> | undefined;
  /** All processes that ran when events were first wanted are in the table. */
  #isFilled = false;
  #wish: Wish | undefined;
  /** What the kernel has been told of each slot. */
  readonly #granted = new Map<number, { readonly owner: Container; readonly isWanted: boolean }>();
  /** Who had slots that are free again, and of whom there may still be records in the ring. */
  readonly #former = new FormerOwners();
  /** Records of which nobody knows whose they are. */
  #ownerless = 0;
  /** Where the last record of a process stood in the ring that the table has taken in. */
  #followed = -1;
  /** By container and call. */
  readonly #undecoded = new Map<Container, Map<string, number>>();
  readonly #begun = new WeakSet<Container>();
  /** Stopped containers that have not been told of yet, and when they stopped. */
  readonly #leaving = new Map<Container, bigint>();
  readonly #countsHost: boolean;
  readonly #witness: Witness | undefined;
  readonly #onProcess: MonitorOptions["onProcess"];
  /** Who runs, who ran a moment ago: kept while events are handed over. */
  readonly processes: ProcessTable;
  /** Nanoseconds from CLOCK_BOOTTIME to UTC. */
  readonly bootTime: bigint;
  #pending: ContainerChange[] = [];
  #lastTick = performance.now();
  #oddCalls = 0n;

  private constructor(
    resources: DisposableStack,
    capture: Capture,
    containers: Containers,
    metadata: MetadataFinder,
    { countHost = false, followsCloses = false, onProcess, witness }: MonitorOptions,
  ) {
    this.#resources = resources;
    this.#capture = capture;
    this.#containers = containers;
    this.#metadata = metadata;
    this.#countsHost = countHost;
    this.#onProcess = onProcess;
    this.#witness = witness;
    const facts = witness?.facts(new Proc(procFiles));
    this.processes = new ProcessTable({ followsCloses, ...(facts !== undefined && { facts }) });
    this.bootTime = capture.now("realtime") - capture.now("boottime");
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
    for (const container of seen) if (!gone.has(container)) monitor.#begin(container, 0n);
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
    const { wanted } = this.#events();
    this.#witness?.wanted(specs);
    const calls = [...specs.keys()];
    this.#wish = { calls, isWanted };
    for (const [call, spec] of specs) wanted.describe(call, spec);
    const execs = (["native", "compat"] as const).flatMap((abi): Call[] => {
      const nr = syscallNumber("execve", abi);
      return nr === undefined ? [] : [{ nr, abi }];
    });
    wanted.setForAll(calls, execs);
    for (const [slot, owner] of this.#containers.slots()) {
      if (this.#isForEvents(owner)) wanted.set(slot, calls);
    }
    this.#granted.clear();
    this.#grantWishes();
  }

  #isForEvents(owner: Container): boolean {
    return owner !== this.#containers.host || this.#countsHost;
  }

  /** Says in the kernel which slots are of wanted containers. A new slot begins as wanted. */
  #grantWishes(): void {
    const wish = this.#wish;
    if (wish === undefined) return;
    const { wanted } = this.#events();
    for (const [slot, owner] of this.#containers.slots()) {
      if (!this.#isForEvents(owner)) continue;
      const isWanted = owner.metadata.state === "pending" || wish.isWanted(owner);
      const granted = this.#granted.get(slot);
      // Of one that came back to the slot that it had, nobody knows: it may have been away when calls were wanted.
      const before = granted?.owner === owner ? granted.isWanted : undefined;
      if (isWanted !== before) wanted.set(slot, isWanted ? wish.calls : []);
      if (granted === undefined || granted.owner !== owner || granted.isWanted !== isWanted) {
        this.#granted.set(slot, { owner, isWanted });
      }
    }
  }

  /**
   * Hands over the calls that began before anybody looked, and that containers' threads are blocked in: what /proc
   * says of them, without memory and without the time of their enter.
   */
  blocked(onEvent: (event: CallEvent, container: Container) => void): void {
    const now = this.#capture.now("boottime");
    const byCgroup = new Map([...this.#entries.keys()].map((each) => [each.identity.cgroup, each]));
    for (const { identity, pids } of scan(Cgroups.read()).found) {
      const container = byCgroup.get(identity.cgroup);
      if (container === undefined) continue;
      for (const pid of pids) {
        for (const call of blockedCalls(pid, now)) onEvent(call, container);
      }
    }
  }

  /**
   * Hands over the calls that have not returned yet: of those that are wanted. Each is valid until its handler
   * returns.
   */
  inFlight(onEvent: (event: CallEvent, container: Container) => void): void {
    this.#events().inFlight((bytes, offset, length) => {
      const event = new CallEvent(bytes).move(offset, length);
      const container = this.#metOwner(event.slot);
      if (container !== undefined) onEvent(event, container);
    });
  }

  /** Waits until there is an event, or for some ms. */
  async eventReady(timeout: number): Promise<void> {
    await this.#events().ring.readable(timeout);
  }

  /**
   * Hands over the events that have come, oldest first; each is valid until its handler returns.
   *
   * @param most How many records are taken before others get their turn; 4,096 by default.
   * @param onProcess Hears what happened to processes, in order with their calls, when the table has taken it in.
   * @returns how many were; fewer when there are no more now.
   */
  drain(
    onEvent: (event: CallEvent, container: Container) => void,
    most?: number,
    onProcess?: OnProcess,
  ): number {
    const { ring } = this.#events();
    const event = this.#event ??= new CallEvent(ring.bytes);
    const view = this.#records ??= new DataView(ring.bytes);
    const witness = this.#witness;
    this.#former.forget(ring.start);
    this.processes.nextRound();
    witness?.round(ring.bytes);
    try {
      return ring.drain((offset, length) => {
        const processEvent = processEventAt(view, offset);
        if (processEvent !== undefined) {
          const container = this.#ownerForEvents(processEvent.slot, ring.position);
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
        const container = this.#ownerForEvents(event.slot, ring.position);
        if (container === undefined) return;
        if (witness === undefined) return onEvent(event, container);
        witness.call(event, offset, length, container);
        try {
          onEvent(event, container);
        } finally {
          witness.handled();
        }
      }, most);
    } finally {
      witness?.drained();
    }
  }

  /** Whose slot it is, also if it is a container's that is new to us. */
  #metOwner(slot: number): Container | undefined {
    // Another cgroup at the path of one that has just gone is met by the second look: the first ends that one.
    for (let looks = 0; looks < 2 && this.#containers.owner(slot) === undefined; looks++) {
      this.#update();
    }
    return this.#containers.owner(slot);
  }

  /**
   * Whose record it is: that of who had the slot when it was written. undefined: nobody's whose events are of
   * interest; one that nobody is known to have written is counted as lost.
   */
  #ownerForEvents(slot: number, position: number): Container | undefined {
    const owner = this.#former.owner(slot, position) ?? this.#metOwner(slot);
    if (owner === undefined) this.#ownerless++;
    return owner !== undefined && this.#isForEvents(owner) ? owner : undefined;
  }

  /** The table takes it in, once: where V8 has cut a batch short all of it comes again. */
  #follow(event: ProcessEvent, position: number, container: Container | undefined): void {
    if (position <= this.#followed) return;
    this.#followed = position;
    this.#takeIn(event);
    if (container !== undefined) this.#onProcess?.(event, container);
  }

  #takeIn(event: ProcessEvent): void {
    switch (event.type) {
      case "fork":
        return this.processes.fork(event);
      case "exec":
        return this.processes.exec(event);
      case "exit":
        return this.processes.exit(event);
    }
  }

  #events(): Events {
    const { events } = this.#capture;
    if (events === undefined) throw new Error("no events were asked for");
    return events;
  }

  /** Takes in which containers came and went. */
  #update(): void {
    const time = this.#capture.now("realtime");
    const { started, stopped } = this.#containers.update();
    for (const container of started) this.#begin(container, time);
    for (const container of stopped) this.#leaving.set(container, time);
  }

  /** An event that was delivered could not be shown: it is told of like those that were lost before. */
  undecoded(container: Container, syscall: string): void {
    let calls = this.#undecoded.get(container);
    if (calls === undefined) this.#undecoded.set(container, calls = new Map());
    calls.set(syscall, (calls.get(syscall) ?? 0) + 1);
  }

  /** Events that were not delivered since the last tick. */
  #lost(): ContainerLoss[] {
    const { events } = this.#capture;
    if (events === undefined) return [];
    const lost: ContainerLoss[] = [];
    const owners = new Map(this.#containers.slots());
    for (const { slot, reason, call, count } of events.losses.take(owners.keys())) {
      const container = owners.get(slot);
      if (container === undefined) continue;
      const syscall = call === undefined ? {} : { syscall: syscallName(call.nr, call.abi) };
      lost.push({ container, reason, count, ...syscall });
    }
    for (const [container, calls] of this.#undecoded) {
      for (const [syscall, count] of calls) {
        lost.push({ container, reason: "decode_error", syscall, count });
      }
    }
    this.#undecoded.clear();
    if (this.#ownerless > 0) {
      const container = this.#containers.overflow;
      // It is told of, so that its losses are.
      this.#tallyOf(container);
      lost.push({ container, reason: "no_owner", count: this.#ownerless });
      this.#ownerless = 0;
    }
    // One of them may have closed a descriptor, or gone to another directory.
    if (lost.length > 0) this.processes.descriptors.lost();
    return lost;
  }

  /** Reads the kernel's counts. */
  tick(): Tick {
    const capture = this.#capture;
    const now = performance.now();
    const time = capture.now("realtime");
    this.#update();
    this.#grantWishes();
    if (this.#wish !== undefined && !this.#isFilled) this.#isFilled = this.processes.fill(FILL);
    this.#read();
    const losses = this.#lost();
    capture.events?.ring.rest();
    const end = capture.events?.ring.end;
    this.#containers.settle((slot, owner) => {
      if (end !== undefined && owner !== undefined) this.#former.add(slot, owner, end);
      capture.rows.forget(slot);
      capture.measures?.forget(slot);
      capture.terminalCalls?.forget(slot);
      capture.events?.losses.forget(slot);
      this.#granted.delete(slot);
    });
    const tallies: ContainerTally[] = [];
    const measured = capture.measures?.measured;
    for (const [container, entry] of this.#entries) {
      if (entry.metadata !== container.metadata) {
        entry.metadata = container.metadata;
        if (entry.isTold) this.#pending.push({ action: "updated", container, time });
      }
      entry.isTold = true;
      const { tally } = entry;
      const { total, durations, errors, onTerminal } = tally;
      const taken = tally.take();
      tallies.push({
        container,
        total,
        new: taken,
        ...(capture.terminalCalls !== undefined && {
          onTerminal: { total: onTerminal.total, new: onTerminal.take(taken) },
        }),
        ...(measured?.latency && { durations }),
        ...(measured?.errors && { errors }),
      });
    }
    for (const [container, stoppedAt] of this.#leaving) {
      // Its last record waits a little for its name.
      if (container.metadata.state === "pending" && time - stoppedAt < NAME_WITHIN) continue;
      this.#pending.push({ action: "stopped", container, time: stoppedAt });
      this.#leaving.delete(container);
      this.#end(container);
    }
    const interval = now - this.#lastTick;
    this.#lastTick = now;
    const changes = this.#pending;
    this.#pending = [];
    const { missed, slots: { overflowed, unmeasured } } = capture;
    return { time, interval, changes, tallies, losses, missed, overflowed, unmeasured };
  }

  /** @param time Of now, for a container that begins again. */
  #begin(container: Container, time: bigint): void {
    // It ended and began again before that was told.
    if (this.#leaving.delete(container)) return;
    const key = keyOf(container);
    const tally = this.#stopped.get(key) ?? new Tally();
    this.#stopped.delete(key);
    if (container.metadata.state === "pending") this.#metadata.find(container);
    this.#entries.set(container, { tally, metadata: container.metadata, isTold: false });
    if (this.#begun.has(container)) {
      this.#pending.push({ action: "started", container, time });
    } else {
      this.#begun.add(container);
      const since = container.since + this.bootTime;
      this.#pending.push({ action: container.origin, container, time: since });
    }
  }

  #end(container: Container): void {
    const entry = this.#entries.get(container);
    this.#entries.delete(container);
    if (entry === undefined) return;
    this.#stopped.set(keyOf(container), entry.tally);
    const [oldest] = this.#stopped.keys();
    if (this.#stopped.size > KEPT_TALLIES && oldest !== undefined) this.#stopped.delete(oldest);
  }

  #read(): void {
    const { rows, slots, measures, terminalCalls } = this.#capture;
    const containers = this.#containers;
    // A container that has begun since we looked for some is met at the next tick, with all that it has called.
    const isKnown = (slot: number) => containers.owner(slot) !== undefined;
    for (const [slot, owner] of containers.slots()) {
      if (owner === containers.host && !this.#countsHost) continue;
      rows.read(slot, (_, nr, abi, calls) => this.#count(owner, syscallName(nr, abi), calls));
    }
    const oddCalls = slots.oddCalls;
    if (oddCalls !== this.#oddCalls) {
      const isAll = rows.readOdd(isKnown, (slot, nr, abi, calls) => {
        const owner = this.#countedOwner(slot);
        if (owner !== undefined) this.#count(owner, syscallName(nr, abi), calls);
      });
      if (isAll) this.#oddCalls = oddCalls;
    }
    // After all calls, so that none is on a terminal that has not been counted.
    for (const [slot, owner] of terminalCalls === undefined ? [] : containers.slots()) {
      if (owner === containers.host && !this.#countsHost) continue;
      terminalCalls?.read(slot, (_, nr, abi, calls) => {
        this.#tallyOf(owner)?.onTerminal.add(syscallName(nr, abi), calls);
      });
    }
    measures?.readTimes(isKnown, (slot, nr, abi, times) => {
      const owner = this.#countedOwner(slot);
      if (owner !== undefined) this.#tallyOf(owner)?.addTimes(syscallName(nr, abi), times);
    });
    measures?.readErrors(isKnown, (slot, nr, abi, errno, calls) => {
      const owner = this.#countedOwner(slot);
      if (owner !== undefined) this.#tallyOf(owner)?.addErrors(syscallName(nr, abi), errno, calls);
    });
  }

  /** Whose calls a slot's are; undefined if nobody wants to know. */
  #countedOwner(slot: number): Container | undefined {
    const owner = this.#containers.owner(slot);
    return owner === this.#containers.host && !this.#countsHost ? undefined : owner;
  }

  #count(owner: Container, syscall: string, calls: number): void {
    this.#tallyOf(owner)?.add(syscall, calls);
  }

  #tallyOf(owner: Container): Tally | undefined {
    const entry = this.#entries.get(owner);
    if (entry !== undefined) return entry.tally;
    // The host and the overflow appear with their first call; nothing else counts without a beginning.
    this.#begin(owner, 0n);
    return this.#entries.get(owner)?.tally;
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}

/** The containers that run now, and the v1 controller that tells them apart where v2 does not. */
export function scan(
  cgroups: Cgroups,
): { found: ReturnType<typeof findContainers>; v1Controller: V1Controller | undefined } {
  const all = [...processes()];
  const v1Controller = cgroups.chooseController(
    all.map((process) => process.cgroups),
    (path) => identify(path, false) !== undefined,
  );
  return { found: findContainers(all, v1Controller), v1Controller };
}
