/**
 * A call of a container as rules and sinks see it.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { type Described, ProcessTable, type Program } from "../../processes/mod.ts";
import { follow, isFollowed } from "../../processes/follow/mod.ts";
import {
  type ArgumentsOf,
  type ArgumentsView,
  type CallName,
  decodeArguments,
  decodeResult,
  errorName,
  type Json,
  resultJson,
  type ResultOf,
} from "../../syscalls/arguments/mod.ts";
import { bareName, syscallName } from "../../syscalls/mod.ts";
import type { CallEvent } from "../call_event.ts";
import { EventProcess, type KnownProcesses } from "./event_process.ts";

/** Numbers below this are most calls: their views are kept in arrays. */
const LOW = 512;

/** What a call's number says. */
interface CallKind {
  readonly nr: number;
  readonly abi: CallEvent["abi"];
  readonly bareName: string;
  readonly isFollowed: boolean;
}

function kindOf(call: CallEvent): CallKind {
  const { nr, abi } = call;
  return { nr, abi, bareName: bareName(nr, abi), isFollowed: isFollowed(call) };
}

/**
 * One view for all events: each is shown in turn, and decoded where it is touched. It is valid until the next
 * one is shown; {@linkcode Event.copy} is for keeping.
 *
 * `Name` says which arguments it has: `Event<"openat">` has `args.path` and `args.flags`.
 */
export class Event<Name extends CallName = CallName> {
  #call: CallEvent | undefined;
  #container: Container | undefined;
  readonly #processes: KnownProcesses;
  readonly #bootTime: bigint;
  /** Who follows; undefined: somebody else keeps the table. */
  readonly #table: ProcessTable | undefined;
  readonly #process: EventProcess;
  /** Of the last event: most come in runs. */
  #kind: CallKind | undefined;
  readonly #kinds = {
    native: [] as (CallKind | undefined)[],
    compat: [] as (CallKind | undefined)[],
  };
  readonly #views = {
    native: [] as (ArgumentsView | undefined)[],
    compat: [] as (ArgumentsView | undefined)[],
  };

  /** @param bootTime Nanoseconds from CLOCK_BOOTTIME to UTC. */
  constructor(processes: KnownProcesses, bootTime: bigint) {
    this.#processes = processes;
    this.#table = processes instanceof ProcessTable ? processes : undefined;
    this.#bootTime = bootTime;
    this.#process = new EventProcess(processes);
  }

  /** Shows the call as it stands now. */
  show(call: CallEvent, container: Container): this {
    if (call !== this.#call) {
      this.#call = call;
      this.#views.native.length = 0;
      this.#views.compat.length = 0;
    }
    this.#container = container;
    this.#process.show(call);
    return this;
  }

  /** The record itself. */
  get call(): CallEvent {
    if (this.#call === undefined) throw new Error("no event is shown");
    return this.#call;
  }

  get container(): Container {
    if (this.#container === undefined) throw new Error("no event is shown");
    return this.#container;
  }

  /** The process that called; for an execve that succeeded, as it was when it called: see {@linkcode executed}. */
  get process(): EventProcess {
    return this.#process;
  }

  /** What an execve that succeeded has begun; undefined for all other calls. */
  get executed(): Program | undefined {
    return this.#process.executed;
  }

  /** `openat`; of 32-bit code `i386:open`. */
  get syscall(): string {
    return syscallName(this.call.nr, this.call.abi);
  }

  /** `openat`, and `open` of `i386:open`: 32-bit code's calls are those that a rule named, by another number. */
  get bareSyscall(): string {
    return this.#kindOf(this.call).bareName;
  }

  #kindOf(call: CallEvent): CallKind {
    const { nr, abi } = call;
    const kind = this.#kind;
    if (kind !== undefined && kind.nr === nr && kind.abi === abi) return kind;
    if (nr < 0 || nr >= LOW) return kindOf(call);
    return this.#kind = this.#kinds[abi][nr] ??= kindOf(call);
  }

  /** Nanoseconds since 1970, UTC, of the call's enter. */
  get time(): bigint {
    return this.call.time + this.#bootTime;
  }

  /** Nanoseconds from enter to exit; undefined: it has not returned. */
  get duration(): number | undefined {
    return this.call.durationNumber;
  }

  /** Of the process table: see {@linkcode ProcessTable.version}; undefined: nobody says when it changes. */
  get version(): number | undefined {
    return this.#processes.version;
  }

  /** Nanoseconds from CLOCK_BOOTTIME to UTC. */
  get bootTime(): bigint {
    return this.#bootTime;
  }

  /** The arguments by name. */
  get args(): ArgumentsOf<Name> {
    return this.#view() as ArgumentsOf<Name> & ArgumentsView;
  }

  #view(): ArgumentsView {
    const call = this.call;
    const { nr } = call;
    if (nr < 0 || nr >= LOW) return decodeArguments<CallName>(call);
    const views = this.#views[call.abi];
    return views[nr] ??= decodeArguments<CallName>(call);
  }

  /** What it returned; undefined if it failed or has not returned. */
  get result(): ResultOf<Name> | undefined {
    return decodeResult<Name>(this.call);
  }

  /** It returned, and no error. */
  get ok(): boolean {
    return this.call.isOk;
  }

  /** The error's name: `ENOENT`; undefined if it did not fail. */
  get error(): string | undefined {
    const { result } = this.call;
    return result === undefined ? undefined : errorName(result);
  }

  /** What a descriptor of the caller refers to, as far as it is known. */
  describe(fd: number): Described | undefined {
    const { current } = this.#process;
    return current === undefined ? undefined : this.#processes.descriptors.describe(current, fd);
  }

  /**
   * Takes in what the call did to its process's descriptors and directory. To be called once for each event, in
   * their order: when its arguments have been described, and before its result is. Nothing follows where somebody
   * else keeps the table.
   */
  follow(): void {
    // Who called is looked up in any case: it may have gone when somebody asks.
    const { current } = this.#process;
    const { call } = this;
    if (current !== undefined && this.#table !== undefined && this.#kindOf(call).isFollowed) {
      follow(call, current, this.#table);
    }
  }

  /** The same event in memory of its own. What its process runs is looked up when it is asked for. */
  copy(): Event<Name> {
    const copy = new Event<Name>(this.#processes, this.#bootTime);
    return copy.show(this.call.copy(), this.container);
  }

  /** The arguments, as `event` records have them. */
  argsJson(): CallJson["args"] {
    return this.#view().toJSON();
  }

  /** Everything but container and process, as `event` records have it. */
  toJSON(): CallJson {
    return { syscall: this.syscall, args: this.argsJson(), ...this.outcomeJson() };
  }

  /** What came of the call, likewise. */
  outcomeJson(): Omit<CallJson, "syscall" | "args"> {
    const { error, duration } = this;
    return {
      ret: resultJson(this.call),
      ...(error !== undefined && { error }),
      ...(duration !== undefined && { duration_ns: duration }),
      ...(this.call.isAbandoned && { abandoned: true }),
      ...(this.call.isRefused && { refused: true }),
    };
  }
}

/** A call in an `event` record. */
export interface CallJson {
  readonly syscall: string;
  readonly args: { readonly [name: string]: Json };
  /** null: it has not returned; a negative number: it failed. */
  readonly ret: Json;
  /** The error's name, if it failed. */
  readonly error?: string;
  /** From enter to exit. */
  readonly duration_ns?: number;
  /** Its task ended before it could return. */
  readonly abandoned?: boolean;
  /** seccomp returned the error: the kernel never began the call. */
  readonly refused?: boolean;
}
