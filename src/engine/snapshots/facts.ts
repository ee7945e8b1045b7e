/**
 * Containers and processes as the child is told of them, and as it has them then.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { KnownProcesses } from "../../events/decoded/mod.ts";
import type { Described, Process, Program } from "../../processes/mod.ts";
import { keyOf } from "../../sinks/mod.ts";
import type { SentDescriptor } from "./types.ts";

/** A container. */
export interface SentContainer {
  readonly identity: Container["identity"];
  readonly metadata: Container["metadata"];
  readonly v1: boolean;
  readonly origin: Container["origin"];
  readonly since: string;
  readonly state: Container["state"];
}

/** A program: what nobody knows is left out. */
type SentProgram = { readonly [Key in keyof Program]?: Program[Key] };

/** A process as it was at some event; bigints as text. */
export interface SentProcess extends SentProgram {
  readonly pid: number;
  readonly start: string;
  readonly parent?: { readonly pid: number; readonly start?: string };
  readonly containerPid: number;
  readonly uid: number;
  readonly gid: number;
  readonly loginUid?: number;
  readonly session: number;
  readonly tty?: string;
  readonly capabilities: string;
  readonly cwd?: string;
  readonly cwdFrom?: Process["cwdFrom"];
  readonly previous?: SentProgram;
  readonly exited?:
    & { readonly [Key in keyof Omit<NonNullable<Process["exited"]>, "time">]?: number }
    & {
      readonly time?: string;
    };
  /** Places in the same list, the nearest first. */
  readonly ancestors: readonly number[];
}

/** A container, to be sent. */
export function sentContainer(container: Container): SentContainer {
  const { identity, metadata, v1, origin, since, state } = container;
  return { identity, metadata, v1, origin, since: since.toString(), state };
}

function sentProgram(program: Program): SentProgram {
  const { comm, filename, exe, exeFrom, exeDeleted, argv, argvFrom, argvTruncated } = program;
  return { comm, filename, exe, exeFrom, exeDeleted, argv, argvFrom, argvTruncated } as SentProgram;
}

/** A process, to be sent: what only /proc can say is asked now. JSON leaves out what is undefined. */
export function sentProcess(process: Process, ancestors: readonly number[]): SentProcess {
  const { pid, start, parent, previous, exited } = process;
  const sent: { readonly [Key in keyof SentProcess]: SentProcess[Key] | undefined } = {
    ...sentProgram(process),
    pid,
    start: start.toString(),
    parent: parent === undefined ? undefined : {
      pid: parent.pid,
      ...(parent.start !== undefined && { start: parent.start.toString() }),
    },
    containerPid: process.containerPid,
    uid: process.uid,
    gid: process.gid,
    loginUid: process.loginUid,
    session: process.session,
    tty: process.tty,
    capabilities: process.capabilities.toString(),
    cwd: process.cwd,
    cwdFrom: process.cwdFrom,
    previous: previous === undefined ? undefined : sentProgram(previous),
    exited: exited === undefined ? undefined : {
      ...(exited.time !== undefined && { time: exited.time.toString() }),
      ...(exited.status !== undefined && { status: exited.status }),
      ...(exited.code !== undefined && { code: exited.code }),
      ...(exited.signal !== undefined && { signal: exited.signal }),
    },
    ancestors,
  };
  return sent as SentProcess;
}

function program(sent: SentProgram): Program {
  return {
    comm: sent.comm ?? "",
    filename: sent.filename,
    exe: sent.exe,
    exeFrom: sent.exeFrom,
    exeDeleted: sent.exeDeleted ?? false,
    argv: sent.argv,
    argvFrom: sent.argvFrom,
    argvTruncated: sent.argvTruncated ?? false,
  };
}

function exitOf({ time, status, code, signal }: NonNullable<SentProcess["exited"]>) {
  return { time: time === undefined ? undefined : BigInt(time), status, code, signal };
}

function parentOf({ pid, start }: NonNullable<SentProcess["parent"]>) {
  return { pid, start: start === undefined ? undefined : BigInt(start) };
}

/** A process, as it was sent. */
function received(sent: SentProcess): Process {
  return {
    ...program(sent),
    pid: sent.pid,
    start: BigInt(sent.start),
    parent: sent.parent && parentOf(sent.parent),
    containerPid: sent.containerPid,
    uid: sent.uid,
    gid: sent.gid,
    loginUid: sent.loginUid,
    session: sent.session,
    tty: sent.tty,
    capabilities: BigInt(sent.capabilities),
    cwd: sent.cwd,
    cwdFrom: sent.cwdFrom,
    previous: sent.previous && program(sent.previous),
    exited: sent.exited && exitOf(sent.exited),
  };
}

/** Containers of many frames: one that was sent before is the same object. */
export class ReceivedContainers {
  readonly #known = new Map<string, { readonly container: Container; json: string }>();
  readonly #most: number;

  /** @param most Those that are kept; who was not sent for longest goes first. */
  constructor(most = 8192) {
    this.#most = most;
  }

  /** A container, as it is now. */
  take(sent: SentContainer): Container {
    const { identity, metadata, v1, origin, state } = sent;
    const container: Container = {
      identity,
      metadata,
      v1,
      origin,
      since: BigInt(sent.since),
      state,
    };
    const key = keyOf(container);
    const json = JSON.stringify(metadata);
    const known = this.#known.get(key) ?? { container, json };
    this.#known.delete(key);
    this.#known.set(key, known);
    if (known.json !== json) {
      known.json = json;
      known.container.metadata = metadata;
    }
    known.container.state = state;
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest);
    return known.container;
  }
}

/** A process that was sent. */
export interface ReceivedProcess {
  readonly process: Process;
  readonly ancestors: readonly Process[];
}

/** Processes of one frame: each stands behind its ancestors. */
export function receivedProcesses(sent: readonly SentProcess[]): ReceivedProcess[] {
  const made: Process[] = [];
  return sent.map((each) => {
    const ancestors = each.ancestors.map((at) => made[at]).filter((one) => one !== undefined);
    const process = received(each);
    made.push(process);
    return { process, ancestors };
  });
}

/** Kept for copies of events that rules have made: what their processes were when they were last sent. */
const KEPT = 4096;

/** Processes as they were sent. A copy of an event, which a rule has kept, asks for its own too. */
export class ReceivedProcesses implements KnownProcesses {
  /** By pid and start: of the newest events, and of those before. */
  #young = new Map<string, ReceivedProcess>();
  #old = new Map<string, ReceivedProcess>();
  #current: ReceivedProcess | undefined;
  #currentPid = 0;
  #currentStart = 0n;
  #described: readonly SentDescriptor[] = [];

  /** Shows the process of an event, and what its descriptors are. */
  show(
    pid: number,
    start: bigint,
    known: ReceivedProcess | undefined,
    described: readonly SentDescriptor[],
  ): void {
    this.#described = described;
    this.#currentPid = pid;
    this.#currentStart = start;
    if (known === this.#current) return;
    this.#current = known;
    if (known === undefined) return;
    this.#young.set(`${pid} ${start}`, known);
    if (this.#young.size < KEPT) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  #known(pid: number, start: bigint): ReceivedProcess | undefined {
    if (pid === this.#currentPid && start === this.#currentStart) return this.#current;
    const key = `${pid} ${start}`;
    return this.#young.get(key) ?? this.#old.get(key);
  }

  find(pid: number, start: bigint): Process | undefined {
    return this.#known(pid, start)?.process;
  }

  *ancestors(process: Process): Generator<Process, void, undefined> {
    const known = this.#current?.process === process
      ? this.#current
      : this.#known(process.pid, process.start);
    yield* known?.ancestors ?? [];
  }

  /** Of the event that is shown: what was sent with it. */
  readonly descriptors: KnownProcesses["descriptors"] = {
    describe: (process: Process, fd: number): Described | undefined => {
      if (process !== this.#current?.process) return undefined;
      const found = this.#described.find(([number]) => number === fd);
      return found === undefined ? undefined : { text: found[1], from: found[2] };
    },
  };
}
