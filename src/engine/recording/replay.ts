/**
 * A recording as a source of events and ticks: what the monitor was, without the kernel and without /proc.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { Event, specsByName } from "../../events/decoded/mod.ts";
import { CallEvent, processEventAt } from "../../events/mod.ts";
import {
  containerOf,
  type Entries,
  type Fact,
  metadataOf,
  Packed,
  type RecordedBytes,
  type RecordedCounts,
  RecordedFacts,
  type RecordedTick,
  RecordingError,
  RecordingReader,
} from "../../events/recording/mod.ts";
import type { Call, CallCondition, CallSpec } from "../../kernel/mod.ts";
import { ProcessTable } from "../../processes/mod.ts";
import type { ContainerTally, Counts, Tick, Writer } from "../../sinks/mod.ts";
import { syscallName } from "../../syscalls/mod.ts";
import type { OnProcess } from "../delivery.ts";
import type { EventSource } from "../rules/mod.ts";
import { Conditions } from "./coverage.ts";
import { specFingerprint } from "./recorder.ts";
import { Touch } from "./touch.ts";

interface Entry {
  readonly container: Container;
  readonly tally: Counted;
  readonly onTerminal: Counted;
}

/** Gives what was recorded, in the order in which it was. */
export class Replay implements EventSource {
  readonly #reader: RecordingReader;
  readonly #facts = new RecordedFacts();
  readonly #touch: Touch;
  readonly processes: ProcessTable;
  readonly bootTime: bigint;
  readonly #containers: Entry[] = [];
  readonly #owners = new Map<number, Container>();
  readonly #recorded = new Conditions();
  readonly #wanted = new Conditions();
  #stopped: bigint | undefined;
  #entries: Entries | undefined;
  #next = 0;
  #bytes: ArrayBuffer | undefined;
  #event = new CallEvent(new ArrayBuffer(0));
  #view = new DataView(new ArrayBuffer(0));
  #calls = 0;
  #onProcess: OnProcess | undefined;

  /** @throws {RecordingError} if it is no recording, or none that can be replayed here. */
  constructor(from: RecordedBytes) {
    this.#reader = new RecordingReader(from);
    const { boot_time, follows_closes } = this.#reader.header;
    this.bootTime = boot_time;
    this.processes = new ProcessTable({ followsCloses: follows_closes, facts: this.#facts });
    this.#touch = new Touch(new Event(this.processes, boot_time), this.#facts);
  }

  /** When and how it was made. */
  get header(): RecordingReader["header"] {
    return this.#reader.header;
  }

  /** The recorder has said that nothing more comes. */
  get isEnded(): boolean {
    return this.#reader.isEnded;
  }

  /** Calls that were handed over. */
  get calls(): number {
    return this.#calls;
  }

  /** Who recorded, for `status` records. */
  get writer(): Writer {
    const { writer } = this.#reader.header;
    return { ...writer, libbpf: writer.libbpf };
  }

  /** When the recorder ended: ns since 1970; undefined: it has not said so yet. */
  get stopped(): bigint | undefined {
    return this.#stopped;
  }

  /** Calls that rules look at, and that were not recorded: so far as the recording was read. */
  get missing(): string[] {
    return this.#wanted.beyond(this.#recorded).filter((name) => !this.#recorded.has(name));
  }

  /** Calls that rules look at, and of which the filters of those that ran then may have left some out. */
  get partial(): string[] {
    return this.#wanted.beyond(this.#recorded).filter((name) => this.#recorded.has(name));
  }

  /** What was not recorded can't be had any more: see {@linkcode Replay.missing} and {@linkcode Replay.partial}. */
  want(specs: ReadonlyMap<Call, CallSpec>): void {
    for (const [{ nr, abi }, { only }] of specs) this.#wanted.add(syscallName(nr, abi), only);
  }

  /**
   * Reads on, when all that was read has been handed over.
   *
   * @returns false: there is no more.
   * @throws {RecordingError} where it can't be read.
   */
  read(): boolean {
    const entries = this.#reader.next();
    if (entries === undefined) return false;
    this.#entries = entries;
    this.#next = 0;
    if (entries.bytes !== this.#bytes) {
      this.#bytes = entries.bytes;
      this.#event = new CallEvent(entries.bytes);
      this.#view = new DataView(entries.bytes);
    }
    return true;
  }

  /** Whether there is something that was read and not handed over. */
  get isPending(): boolean {
    return this.#entries !== undefined && this.#next < this.#entries.count;
  }

  /**
   * Hands over calls as a monitor does, up to the next tick or to the end of what was read.
   *
   * @param most How many records are taken before others get their turn.
   * @param onProcess Hears what happened to processes.
   * @returns how many were.
   */
  drain(
    onEvent: (event: CallEvent, container: Container) => void,
    most = 4096,
    onProcess?: OnProcess,
  ): number {
    const entries = this.#entries;
    if (entries === undefined) return 0;
    this.#onProcess = onProcess;
    let next = this.#next;
    let taken = 0;
    try {
      for (; next < entries.count && taken < most;) {
        const kind = entries.kinds[next]!;
        const type = kind === Packed.fact ? this.#factAt(next)?.type : undefined;
        if (type === "tick") break;
        const index = next++;
        if (kind <= Packed.touched) {
          taken++;
          this.#call(entries, index, onEvent);
        } else this.#take(entries, index);
        // As live, where more is known of a container between two drains: what waits for that goes before what follows.
        if (type === "changed") break;
      }
    } finally {
      // V8 runs none where it cuts a rule short: then the batch comes again, as the ring's does.
      this.#next = next;
      this.#calls += taken;
    }
    return taken;
  }

  #call(
    entries: Entries,
    index: number,
    onEvent: (event: CallEvent, container: Container) => void,
  ): void {
    const event = this.#event.move(entries.first[index]!, entries.second[index]!);
    const owner = this.#owners.get(event.slot);
    if (owner === undefined) throw this.#wrong(`a call of slot ${event.slot}, which is nobody's`);
    if (entries.kinds[index] === Packed.touched) this.#touch.look(event, owner);
    onEvent(event, owner);
  }

  #take(entries: Entries, index: number): void {
    const first = entries.first[index]!;
    switch (entries.kinds[index]) {
      case Packed.process: {
        const event = processEventAt(this.#view, first);
        if (event === undefined) return;
        this.processes.follow(event);
        const owner = this.#owners.get(event.slot);
        if (owner !== undefined) this.#onProcess?.(event, owner);
        return;
      }
      case Packed.round:
        this.processes.nextRound();
        return this.#touch.nextRound();
      case Packed.owner: {
        this.#owners.set(first, this.#containerAt(entries.second[index]!).container);
        return;
      }
      case Packed.fact: {
        const { fact, size } = entries.facts[first]!;
        return this.#fact(fact, size);
      }
    }
  }

  #fact(fact: Fact, size: number): void {
    switch (fact.type) {
      case "wanted":
        return this.#checkWanted(fact.calls, fact.only);
      case "stopped":
        this.#stopped = fact.time;
        return;
      case "container": {
        this.#containers.push({
          container: containerOf(fact),
          tally: new Counted(),
          onTerminal: new Counted(),
        });
        return;
      }
      case "changed": {
        const { container } = this.#containerAt(fact.container);
        container.metadata = metadataOf(fact);
        container.state = fact.state;
        return;
      }
      case "tick":
        return;
      default: {
        const pid = this.#facts.take(fact, size);
        if (pid !== undefined) this.processes.takeIn(pid);
      }
    }
  }

  /** The memory of calls is read as it is copied now: what was copied otherwise can't be. */
  #checkWanted(
    calls: Readonly<Record<string, string>>,
    only: Readonly<Record<string, CallCondition>>,
  ): void {
    const specs = specsByName();
    for (const [name, recorded] of Object.entries(calls)) {
      const spec = specs.get(name);
      if (spec === undefined || specFingerprint(spec) !== recorded) {
        throw this.#wrong(
          `of ${name} other memory was recorded than is read here: replay it with the tallyman ` +
            "that recorded it",
        );
      }
      this.#recorded.add(name, only[name]);
    }
  }

  /** Whether the next that comes is a tick. */
  get isAtTick(): boolean {
    return this.#factAt(this.#next)?.type === "tick";
  }

  #factAt(index: number): Fact | undefined {
    const entries = this.#entries;
    if (entries === undefined || index >= entries.count) return undefined;
    if (entries.kinds[index] !== Packed.fact) return undefined;
    return entries.facts[entries.first[index]!]?.fact;
  }

  /** The tick that comes next; undefined: something else does. */
  tick(): Tick | undefined {
    const fact = this.#factAt(this.#next);
    if (fact?.type !== "tick") return undefined;
    this.#next++;
    const { time, interval, missed, overflowed, unmeasured } = fact;
    if (fact.forgets) this.processes.descriptors.lost();
    const of = (index: number) => this.#containerAt(index).container;
    return {
      time,
      interval,
      changes: fact.changes.map(({ action, container, time }) => ({
        action,
        container: of(container),
        time,
      })),
      tallies: fact.tallies.map((tally) => this.#tally(tally)),
      losses: fact.losses.map(({ container, reason, syscall, count }) => ({
        container: of(container),
        reason,
        ...(syscall !== undefined && { syscall }),
        count,
      })),
      missed,
      overflowed,
      unmeasured,
    };
  }

  #tally({ container, terminal, ...counts }: RecordedTick["tallies"][number]): ContainerTally {
    const entry = this.#containerAt(container);
    return {
      container: entry.container,
      ...entry.tally.take(counts),
      ...(terminal !== undefined && { onTerminal: entry.onTerminal.take(terminal) }),
    };
  }

  #containerAt(index: number) {
    const entry = this.#containers[index];
    if (entry === undefined) throw this.#wrong(`container ${index}, which has not been told of`);
    return entry;
  }

  #wrong(reason: string): RecordingError {
    return new RecordingError(this.#entries?.offset ?? 0, reason);
  }
}

/** Calls as they are added up again from what was new at each tick. */
class Counted {
  #total = new Map<string, number>();

  take({ new: added, total }: RecordedCounts): { readonly total: Counts; readonly new: Counts } {
    if (total !== undefined) this.#total = new Map(Object.entries(total));
    else {
      for (const [name, calls] of Object.entries(added)) {
        this.#total.set(name, (this.#total.get(name) ?? 0) + calls);
      }
    }
    return { total: this.#total, new: new Map(Object.entries(added)) };
  }
}
