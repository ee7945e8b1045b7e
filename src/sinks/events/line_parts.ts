/**
 * Parts that many lines of events have in common, encoded: each is made once, and copied from then on.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { type Event, isExec } from "../../events/decoded/mod.ts";
import type { CallEvent } from "../../events/mod.ts";
import type { Process, Program } from "../../processes/mod.ts";
import { hasArguments, hasDescriptors, returnsNumber } from "../../syscalls/arguments/mod.ts";
import { isFollowed } from "../../processes/follow/mod.ts";
import { syscallName } from "../../syscalls/mod.ts";

const encoder = new TextEncoder();

const SECOND = 1_000_000_000n;

/** How lines are written that have the same parts in the same order. */
export interface LineShape {
  /** What a line says until a second ends: of ns since 1970, UTC. As long for each of them. */
  readonly second: (time: bigint) => string;
  /** Digits of what follows of the second, and ns of its last one. */
  readonly digits: number;
  readonly unit: number;
  /** A call's name up to its arguments, or up to its result if it has none. */
  readonly call: (name: string, hasArguments: boolean) => string;
  /** What stands between a result and the duration. */
  readonly duration: string;
}

/** A line's beginning, up to the second: most events come within that of the one before. */
export class Beginning {
  readonly #shape: LineShape;
  #bootTime = 0n;
  /** Of CLOCK_BOOTTIME. */
  #second = 0n;
  #bytes: Uint8Array = new Uint8Array();
  /** Of the last event's second: what its digits say. */
  fraction = 0;

  constructor(shape: LineShape) {
    this.#shape = shape;
  }

  /** `12:00:01.`, and `fraction` of what follows. */
  of({ call, bootTime }: Event): Uint8Array {
    let nanoseconds = call.since(this.#second);
    if (!(nanoseconds >= 0 && nanoseconds < 1e9) || bootTime !== this.#bootTime) {
      const time = (call.time + bootTime) / SECOND * SECOND;
      this.#bootTime = bootTime;
      this.#second = time - bootTime;
      this.#bytes = encoder.encode(this.#shape.second(time));
      nanoseconds = call.since(this.#second);
    }
    const { unit } = this.#shape;
    this.fraction = unit === 1 ? nanoseconds : Math.floor(nanoseconds / unit);
    return this.#bytes;
  }
}

/** Which call it is, in a line. */
export interface CallPart {
  /** `openat","args":`, as the shape has it. */
  readonly bytes: Uint8Array;
  readonly hasArguments: boolean;
  /** It is given descriptors, or returns one. */
  readonly hasDescriptors: boolean;
  /** What it returns is a number, if that is small. */
  readonly returnsNumber: boolean;
  /** It may do something that the process table follows. */
  readonly isFollowed: boolean;
  /** It is one of the low numbers, and its caller's program is what it was: no execve(2). */
  readonly isKept: boolean;
}

/** Numbers below this are most calls. */
const LOW = 512;

/** Names of calls. */
export class CallParts {
  readonly #low: { readonly [Abi in CallEvent["abi"]]: (CallPart | undefined)[] } = {
    native: [],
    compat: [],
  };
  readonly #shape: LineShape;

  constructor(shape: LineShape) {
    this.#shape = shape;
  }

  of(call: CallEvent): CallPart {
    const { nr, abi } = call;
    if (nr < 0 || nr >= LOW) return callPart(call, false, this.#shape);
    return this.#low[abi][nr] ??= callPart(call, true, this.#shape);
  }
}

function callPart(call: CallEvent, isLow: boolean, shape: LineShape): CallPart {
  const isGiven = hasArguments(call);
  return {
    bytes: encoder.encode(shape.call(syscallName(call.nr, call.abi), isGiven)),
    hasArguments: isGiven,
    hasDescriptors: hasDescriptors(call),
    returnsNumber: returnsNumber(call),
    isFollowed: isFollowed(call),
    isKept: isLow && !isExec(call),
  };
}

/** Who called, in a line. */
interface Caller {
  readonly process: Process;
  /** Another one after each exec. */
  readonly previous: Program | undefined;
  readonly hasExecuted: boolean;
  readonly processComm: string;
  readonly exe: string | undefined;
  readonly cwd: string | undefined;
  readonly uid: number;
  readonly gid: number;
  readonly container: Container;
  readonly metadata: Container["metadata"];
  readonly comm: string;
  /** From the end of the time to the call's name; undefined: it is not all UTF-8. */
  readonly bytes: Uint8Array | undefined;
}

/** Bytes of parts that are kept: a container can have as many threads as it likes. */
const MOST_BYTES = 4 << 20;
/** Of what is kept beside. */
const OVERHEAD = 256;

/** Who calls, by thread. */
export class CallerParts {
  readonly #byThread = new Map<number, Caller>();
  readonly #make: (event: Event) => string | undefined;
  #size = 0;
  #tid = -1;
  #last: Caller | undefined;

  /** @param make What a line says from the end of the time to the call's name; undefined: that is not all UTF-8. */
  constructor(make: (event: Event) => string | undefined) {
    this.#make = make;
  }

  /** undefined: a line is to be made as a whole. */
  of(event: Event): Uint8Array | undefined {
    const { container, process } = event;
    const { current, tid } = process;
    if (current === undefined) return undefined;
    const last = tid === this.#tid ? this.#last : this.#byThread.get(tid);
    const { comm, uid, gid, executed, exe, cwd } = process;
    const { metadata } = container;
    const { previous, comm: processComm } = current;
    const hasExecuted = executed !== undefined;
    const isSame = last !== undefined && last.process === current && last.previous === previous &&
      last.hasExecuted === hasExecuted && last.exe === exe && last.cwd === cwd &&
      last.uid === uid && last.gid === gid && last.comm === comm &&
      last.processComm === processComm && last.container === container &&
      last.metadata === metadata;
    const caller = isSame ? last : this.#keep(tid, {
      process: current,
      previous,
      hasExecuted,
      processComm,
      exe,
      cwd,
      uid,
      gid,
      container,
      metadata,
      comm,
      bytes: encoded(this.#make(event)),
    });
    this.#tid = tid;
    this.#last = caller;
    return caller.bytes;
  }

  #keep(tid: number, caller: Caller): Caller {
    this.#forget(tid);
    const size = sizeOf(caller);
    if (this.#size + size > MOST_BYTES) {
      this.#byThread.clear();
      this.#size = 0;
    }
    this.#size += size;
    this.#byThread.set(tid, caller);
    return caller;
  }

  #forget(tid: number): void {
    const before = this.#byThread.get(tid);
    if (before !== undefined) this.#size -= sizeOf(before);
  }
}

function sizeOf({ bytes }: Caller): number {
  return OVERHEAD + (bytes?.length ?? 0);
}

function encoded(json: string | undefined): Uint8Array | undefined {
  return json === undefined ? undefined : encoder.encode(json);
}
