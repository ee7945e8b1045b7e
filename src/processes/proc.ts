/**
 * Questions to /proc about a process, answered only if it is that process that was asked: a pid is another's as
 * soon as its process has gone.
 *
 * No question walks a path that a container named, and none reads a file's contents: a file system of its own
 * (FUSE) could keep us waiting for ever. The arguments are the exception, since they are the process's memory.
 *
 * @module
 */
import type { Identity } from "./facts.ts";
import type { ProcReader } from "./proc_files.ts";
import { parseLoginUid, parseStat, parseStatus, type Stat, TICK } from "./proc_texts.ts";

/** Bytes of arguments that are read of one process: what execve(2) takes is 2 MiB. */
const MOST_ARGV = 128 * 1024;

/** A process as /proc shows it. */
export interface Seen extends Omit<Stat, "start"> {
  readonly pid: number;
  /** ns of CLOCK_BOOTTIME, a multiple of {@linkcode TICK}. */
  readonly start: bigint;
  /** Likewise, of its parent; undefined if that has gone. */
  readonly parentStart: bigint | undefined;
  readonly containerPid: number;
  readonly uid: number;
  readonly gid: number;
  readonly loginUid: number | undefined;
  readonly capabilities: bigint;
  /** Where /proc/PID/exe leads; undefined of kernel threads and zombies. */
  readonly exe: string | undefined;
}

/** What tells a program in execution from the next one of its process. */
export type SeenProgram = Pick<Stat, "comm" | "argvAddress">;

/** What a link said, and what the process was right after. */
export interface SeenLink {
  readonly text: string;
  readonly stat: SeenProgram;
}

/** A process's arguments, and what it was right after they were read. */
export interface SeenArguments {
  /** With the NULs between them. */
  readonly bytes: Uint8Array;
  /** There are more. */
  readonly truncated: boolean;
  readonly stat: SeenProgram;
}

/**
 * What the table asks about processes that no record told it: of this machine's /proc, or of a recording that has
 * kept what /proc said.
 */
export interface ProcFacts {
  /** The processes that there are. */
  pids(): number[];
  /**
   * What a process is now.
   *
   * @param start Of the process that is meant, in ns; by default whichever has the pid.
   */
  look(pid: number, start?: bigint): Seen | undefined;
  /** Where a link of a process leads: `exe`, `cwd`, `fd/3`. */
  link(process: Identity, name: string): SeenLink | undefined;
  /** A process's arguments. */
  arguments(process: Identity): SeenArguments | undefined;
}

/** /proc, asked with care. */
export class Proc implements ProcFacts {
  readonly #reader: ProcReader;

  constructor(reader: ProcReader) {
    this.#reader = reader;
  }

  pids(): number[] {
    return this.#reader.pids();
  }

  /** Some 60 µs, twice that for the first look at a process. */
  look(pid: number, start?: bigint): Seen | undefined {
    const ticks = start === undefined ? this.#stat(pid)?.start : start / TICK;
    if (ticks === undefined) return undefined;
    const status = this.#reader.file(pid, "status");
    if (status === undefined) return undefined;
    const facts = parseStatus(status);
    const exe = this.#reader.link(pid, "exe");
    const loginUid = parseLoginUid(this.#reader.file(pid, "loginuid"));
    const stat = this.#stat(pid, ticks);
    if (facts === undefined || stat === undefined) return undefined;
    const parent = stat.parent === 0 ? undefined : this.#stat(stat.parent)?.start;
    // Who began after its child only has the parent's pid.
    const parentStart = parent === undefined || parent > ticks ? undefined : parent * TICK;
    const { containerPid = pid } = facts;
    return {
      ...stat,
      ...facts,
      pid,
      start: ticks * TICK,
      parentStart,
      containerPid,
      loginUid,
      exe,
    };
  }

  /** Some 15 µs. */
  link({ pid, start }: Identity, name: string): SeenLink | undefined {
    const text = this.#reader.link(pid, name);
    if (text === undefined) return undefined;
    const stat = this.#stat(pid, start / TICK);
    return stat === undefined ? undefined : { text, stat };
  }

  /** Unless reading them may take long; some 30 µs. */
  arguments({ pid, start }: Identity): SeenArguments | undefined {
    // Whoever waits for a disk may hold the lock of its memory, and cmdline would wait with it, as ps does.
    if (this.#stat(pid, start / TICK)?.state === "D") return undefined;
    const bytes = this.#reader.file(pid, "cmdline", MOST_ARGV);
    if (bytes === undefined) return undefined;
    const stat = this.#stat(pid, start / TICK);
    if (stat === undefined) return undefined;
    return { bytes, truncated: bytes.length === MOST_ARGV, stat };
  }

  /**
   * A process's stat, if it is the one that is meant. Read last: who has the right start now had the pid all the
   * time since then, and is whom the reads before it were about.
   */
  #stat(pid: number, ticks?: bigint): Stat | undefined {
    const bytes = this.#reader.file(pid, "stat");
    const stat = bytes === undefined ? undefined : parseStat(bytes);
    return ticks === undefined || stat?.start === ticks ? stat : undefined;
  }
}
