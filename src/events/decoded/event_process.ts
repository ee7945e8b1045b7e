/**
 * The process of an event: what the event itself says of it, and what the process table knows.
 *
 * @module
 */
import type { Parent, Process, ProcessTable, Program } from "../../processes/mod.ts";
import { syscallNumber } from "../../syscalls/mod.ts";
import type { CallEvent } from "../call_event.ts";

/** Calls that replace the caller's program if they succeed, by ABI. */
const execs = {
  native: ["execve", "execveat"].map((name) => syscallNumber(name, "native")),
  compat: ["execve", "execveat"].map((name) => syscallNumber(name, "compat")),
} as const;

/** Whether a call replaces the caller's program if it succeeds. */
export function isExec({ nr, abi }: Pick<CallEvent, "nr" | "abi">): boolean {
  return execs[abi].includes(nr);
}

/** What is known of processes: a process table, or what somebody has said of one. */
export type KnownProcesses = Pick<ProcessTable, "find" | "ancestors"> & {
  readonly descriptors: Pick<ProcessTable["descriptors"], "describe">;
  /** Of a table: see {@linkcode ProcessTable.version}. Others are asked each time. */
  readonly version?: ProcessTable["version"];
};

/**
 * A view like the event's own, shown with it. What the table is asked for is undefined if nobody knows: the
 * process was gone before anybody could look.
 */
export class EventProcess {
  readonly #table: KnownProcesses;
  #call: CallEvent | undefined;
  #found: Process | undefined;
  #hasLooked = false;
  /** Who was looked for last, and when: most events are of the process before. */
  readonly #words = new Uint32Array(3);
  #version: number | undefined;

  constructor(table: KnownProcesses) {
    this.#table = table;
  }

  /** Shows the process of a call. */
  show(call: CallEvent): void {
    this.#call = call;
    this.#hasLooked = false;
  }

  #shown(): CallEvent {
    if (this.#call === undefined) throw new Error("no event is shown");
    return this.#call;
  }

  /** The table's own: as it is now, not as it was at the event. */
  get current(): Process | undefined {
    if (!this.#hasLooked) {
      const call = this.#shown();
      const { version } = this.#table;
      const isLast = version !== undefined && version === this.#version &&
        call.isOfProcess(this.#words);
      if (!isLast) this.#look(call);
      this.#hasLooked = true;
    }
    return this.#found;
  }

  #look(call: CallEvent): void {
    this.#found = this.#table.find(call.pid, call.processStart);
    call.process(this.#words);
    // To look for somebody may be how the table comes to know.
    this.#version = this.#table.version;
  }

  #hasExecuted(): boolean {
    const call = this.#shown();
    return isExec(call) && call.result === 0n;
  }

  /** What it ran when it called. */
  get program(): Program | undefined {
    const { current } = this;
    return this.#hasExecuted() ? current?.previous : current;
  }

  /** The program that the call has begun, if it is an execve that succeeded. */
  get executed(): Program | undefined {
    return this.#hasExecuted() ? this.current : undefined;
  }

  /** As the host numbers it. */
  get pid(): number {
    return this.#shown().pid;
  }

  /** The thread that called, likewise. */
  get tid(): number {
    return this.#shown().tid;
  }

  /** The thread's name. */
  get comm(): string {
    return this.#shown().comm;
  }

  /** Its effective user when it called, in the initial user namespace. */
  get uid(): number {
    return this.#shown().uid;
  }

  /** Its effective group, likewise. */
  get gid(): number {
    return this.#shown().gid;
  }

  /** Nanoseconds of CLOCK_BOOTTIME: with the pid, its identity. */
  get start(): bigint {
    return this.#shown().processStart;
  }

  /** In its innermost pid namespace. */
  get containerPid(): number | undefined {
    return this.current?.containerPid;
  }

  get parent(): Parent | undefined {
    return this.current?.parent;
  }

  /** The file that it ran when it called. */
  get exe(): string | undefined {
    return this.program?.exe;
  }

  get argv(): readonly string[] | undefined {
    return this.program?.argv;
  }

  /** Where it is now. */
  get cwd(): string | undefined {
    return this.current?.cwd;
  }

  /** Who logged in; undefined if nobody did, or nobody knows. */
  get loginUid(): number | undefined {
    return this.current?.loginUid;
  }

  /** `pts/0`; undefined: none. */
  get tty(): string | undefined {
    return this.current?.tty;
  }

  /** The pid of its session's leader, as the host numbers it. */
  get session(): number | undefined {
    return this.current?.session;
  }

  /** The effective set at its last fork or exec. */
  get capabilities(): bigint | undefined {
    return this.current?.capabilities;
  }

  /** Who forked it, who forked that one, and so on. */
  *ancestors(): Generator<Process, void, undefined> {
    const { current } = this;
    if (current !== undefined) yield* this.#table.ancestors(current);
  }
}
