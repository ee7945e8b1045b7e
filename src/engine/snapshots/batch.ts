/**
 * Events for later, or for another process: records as the ring had them, and what is known of who called.
 *
 * A batch needs no other: all that its events refer to is in it. So it can be looked at whenever, and again.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Event } from "../../events/decoded/mod.ts";
import { CallEvent } from "../../events/mod.ts";
import type { Process } from "../../processes/mod.ts";
import { descriptorArguments, descriptorResult } from "../../syscalls/arguments/mod.ts";
import {
  type ReceivedProcess,
  type ReceivedProcesses,
  receivedProcesses,
  type SentContainer,
  sentContainer,
  type SentProcess,
  sentProcess,
} from "./facts.ts";
import { ProcessChange, type ProcessFacts, type ProcessFinder } from "../rules/process_change.ts";
import type { Batch, SentDescriptor, SentEvent, SentProcessEvent } from "./types.ts";

const FIRST_ROOM = 64 * 1024;

/** What an event, or a process, takes besides its bytes and texts, in bytes; roughly. */
const ENTRY = 256;

/** What a process is in this batch, as long as nothing of it changes. */
interface Written {
  readonly at: number;
  readonly cwd: string | undefined;
  readonly exe: string | undefined;
  readonly argv: readonly string[] | undefined;
  readonly previous: Process["previous"];
  readonly exited: Process["exited"];
}

/** What can change of a process without a record of it, or by one. */
function isAsWritten(process: Process, written: Written): boolean {
  return process.previous === written.previous && process.exited === written.exited &&
    process.cwd === written.cwd && process.exe === written.exe && process.argv === written.argv;
}

/** `/proc/self/fd/3`, `/dev/fd/3`: descriptors that a path names. */
const FD = new TextEncoder().encode("/fd/");

function* descriptorsInPaths(bytes: Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(FD[0]!); at >= 0; at = bytes.indexOf(FD[0]!, at + 1)) {
    if (bytes[at + 1] !== FD[1] || bytes[at + 2] !== FD[2] || bytes[at + 3] !== FD[3]) continue;
    let fd = 0;
    let digits = 0;
    for (let i = at + 4; digits < 7; i++, digits++) {
      const digit = (bytes[i] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) break;
      fd = fd * 10 + digit;
    }
    if (digits > 0) yield fd;
  }
}

/**
 * Follows an event.
 *
 * @returns what is known of the descriptors that it speaks of: its arguments, those that a path of it names, and, when
 * it has been followed, its result.
 */
export function followed(event: Event): SentDescriptor[] {
  const { call } = event;
  const sent: SentDescriptor[] = [];
  const describe = (fd: number) => {
    const described = event.describe(fd);
    if (described !== undefined) sent.push([fd, described.text, described.from]);
  };
  const named = new Set(descriptorArguments(call).map(({ fd }) => fd));
  for (const fd of descriptorsInPaths(call.bytes)) named.add(fd);
  named.forEach(describe);
  event.follow();
  const result = descriptorResult(call);
  if (result !== undefined && !named.has(result)) describe(result);
  return sent;
}

/** Ancestors as they were sent last: where they are is not asked again and again. */
const ancestorsSent = new WeakMap<Process, SentProcess>();

/** How long the texts are that a process has of its own. */
function textsOf({ argv = [], exe = "", cwd = "" }: SentProcess): number {
  return argv.reduce((all, { length }) => all + length, exe.length + cwd.length);
}

/** Puts a batch together. */
export class BatchWriter {
  readonly #sentContainers: SentContainer[] = [];
  readonly #processes: SentProcess[] = [];
  readonly #events: (SentEvent | SentProcessEvent)[] = [];
  readonly #only: (readonly [event: number, rules: readonly string[]])[] = [];
  readonly #containerAt = new Map<Container, number>();
  readonly #written = new Map<Process, Written>();
  readonly #ancestorAt = new Map<Process, number>();
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #facts = 0;
  /** Whose events they are. */
  readonly containers: Container[] = [];

  /** @param room Bytes for records, at first. */
  constructor(room: number = FIRST_ROOM) {
    this.#bytes = new Uint8Array(room);
  }

  /** How many events there are. */
  get size(): number {
    return this.#events.length;
  }

  /** Bytes of memory that it takes, roughly. */
  get cost(): number {
    return this.#bytes.length + this.#facts + ENTRY * (this.#events.length + 1);
  }

  /** What the child is told of them. */
  get batch(): Batch {
    return {
      type: "batch",
      containers: this.#sentContainers,
      processes: this.#processes,
      events: this.#events,
      ...(this.#only.length > 0 && { only: this.#only }),
    };
  }

  /** Their records. */
  get body(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Takes in the event that is shown.
   *
   * @param descriptors What is known of them; see {@linkcode followed}.
   * @param only The rules that are to look at it; undefined: all.
   */
  add(event: Event, descriptors: readonly SentDescriptor[], only?: Iterable<string>): void {
    const { bytes } = event.call;
    const at = this.#length;
    this.#reserve(at + bytes.length);
    this.#bytes.set(bytes, at);
    this.#length = at + bytes.length;
    const container = this.#container(event.container);
    const { current } = event.process;
    const process = current === undefined ? -1 : this.#process(current, event.process.ancestors());
    this.#mark(only);
    this.#events.push(
      descriptors.length === 0
        ? [at, bytes.length, container, process]
        : [at, bytes.length, container, process, descriptors],
    );
  }

  #mark(only: Iterable<string> | undefined): void {
    if (only !== undefined) this.#only.push([this.#events.length, [...only]]);
  }

  /** Takes in what happened to a process: the table has it already. */
  addProcess(
    event: ProcessFacts,
    container: Container,
    processes: ProcessFinder,
    only?: Iterable<string>,
  ): void {
    const { type, time, pid, start, containerPid, comm, uid, gid, exitCode } = event;
    const current = processes.find(pid, start);
    this.#mark(only);
    this.#events.push({
      ...{ type, pid, containerPid, comm, uid, gid },
      time: time.toString(),
      start: start.toString(),
      ...(exitCode !== undefined && { exitCode }),
      container: this.#container(container),
      process: current === undefined ? -1 : this.#process(current, processes.ancestors(current)),
    });
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  #container(container: Container): number {
    const known = this.#containerAt.get(container);
    if (known !== undefined) return known;
    const at = this.containers.push(container) - 1;
    this.#sentContainers.push(sentContainer(container));
    this.#containerAt.set(container, at);
    return at;
  }

  #process(process: Process, forkedBy: Iterable<Process>): number {
    const written = this.#written.get(process);
    if (written !== undefined && isAsWritten(process, written)) return written.at;
    const ancestors = Array.from(forkedBy, (each) => this.#ancestor(each));
    const sent = sentProcess(process, ancestors);
    const at = this.#processes.push(sent) - 1;
    this.#facts += ENTRY + textsOf(sent);
    const { cwd, exe, argv, previous, exited } = process;
    this.#written.set(process, { at, cwd, exe, argv, previous, exited });
    return at;
  }

  #ancestor(process: Process): number {
    const known = this.#ancestorAt.get(process);
    if (known !== undefined) return known;
    let sent = ancestorsSent.get(process);
    const isEnded = process.exited !== undefined;
    if (
      sent === undefined || sent.argv !== process.argv || (sent.exited !== undefined) !== isEnded
    ) {
      sent = sentProcess(process, []);
      ancestorsSent.set(process, sent);
    }
    this.#facts += ENTRY + textsOf(sent);
    const at = this.#processes.push(sent) - 1;
    this.#ancestorAt.set(process, at);
    return at;
  }
}

/** What is shown: a call, by the event that shows all of them, or what happened to a process. */
export interface Shown {
  readonly container: Container;
  readonly change: ProcessChange | undefined;
  /** The rules that are to look at it; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
}

/** A batch, to be looked at event by event. */
export class ReceivedBatch {
  readonly #batch: Batch;
  readonly #base: number;
  readonly #call: CallEvent;
  readonly #containers: readonly Container[];
  readonly #made: readonly ReceivedProcess[];
  readonly #processes: ReceivedProcesses;
  readonly #event: Event;
  readonly #bootTime: bigint;
  readonly #only: ReadonlyMap<number, ReadonlySet<string>>;

  /**
   * @param containers Those that it names, as they are known here.
   * @param event Shows its calls; made on `processes` and `bootTime`.
   */
  constructor(
    batch: Batch,
    body: Uint8Array<ArrayBuffer>,
    containers: readonly Container[],
    { processes, event, bootTime }: {
      readonly processes: ReceivedProcesses;
      readonly event: Event;
      readonly bootTime: bigint;
    },
  ) {
    this.#bootTime = bootTime;
    this.#batch = batch;
    this.#only = new Map((batch.only ?? []).map(([at, rules]) => [at, new Set(rules)]));
    this.#base = body.byteOffset;
    this.#call = new CallEvent(body.buffer);
    this.#containers = containers;
    this.#made = receivedProcesses(batch.processes);
    this.#processes = processes;
    this.#event = event;
  }

  /** How many events there are. */
  get size(): number {
    return this.#batch.events.length;
  }

  /**
   * Shows an event.
   *
   * @throws {RangeError} if there is no such event.
   */
  show(index: number): Shown {
    const found = this.#batch.events[index];
    if (found === undefined) throw new RangeError(`there is no event ${index}`);
    const only = this.#only.get(index);
    if ("type" in found) return { ...this.#showProcess(found), only };
    const [at, length, containerAt, process, descriptors = []] = found;
    const container = this.#container(containerAt);
    const call = this.#call.move(this.#base + at, length);
    this.#processes.show(call.pid, call.processStart, this.#made[process], descriptors);
    this.#event.show(call, container);
    return { container, change: undefined, only };
  }

  #showProcess({ container: containerAt, process, ...sent }: SentProcessEvent) {
    const container = this.#container(containerAt);
    const facts = { ...sent, time: BigInt(sent.time), start: BigInt(sent.start) };
    this.#processes.show(facts.pid, facts.start, this.#made[process], []);
    const change = new ProcessChange(facts, container, this.#processes, this.#bootTime);
    return { container, change };
  }

  #container(at: number): Container {
    const container = this.#containers[at];
    if (container === undefined) throw new RangeError(`there is no container ${at}`);
    return container;
  }
}
