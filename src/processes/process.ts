/**
 * A process as the table shows it.
 *
 * @module
 */
import type { Identity } from "./facts.ts";

/**
 * Who said so: the kernel's record, an event of the process (chdir(2)), /proc when it was asked, or one of
 * these of the process that this one was forked from.
 */
export type Origin = "record" | "event" | "proc" | "inherited";

/** What a process runs, or ran. */
export interface Program {
  /** The name that the kernel gave it when it began. */
  readonly comm: string;
  /** What execve(2) was asked for, as it was given: a script's own name. undefined if no record told. */
  readonly filename: string | undefined;
  /**
   * The file that runs. Its path in its own mount namespace if /proc could still say it; else what was asked
   * for, in which links are not followed: `/bin/sh`, not `/usr/bin/dash`.
   */
  readonly exe: string | undefined;
  /** Who said what `exe` is. */
  readonly exeFrom: Origin | undefined;
  /**
   * The file has no name any more. Where that isn't sure (only /proc told, and a file may well be called so),
   * `exe` ends with ` (deleted)` as /proc has it and this is false.
   */
  readonly exeDeleted: boolean;
  /** undefined if nobody could say; empty of a kernel thread. */
  readonly argv: readonly string[] | undefined;
  /** Who said what `argv` is. */
  readonly argvFrom: Origin | undefined;
  /** `argv` is not all. */
  readonly argvTruncated: boolean;
}

/** How a process ended. */
export interface Exit {
  /** ns of CLOCK_BOOTTIME; undefined if no record told of the end. */
  readonly time: bigint | undefined;
  /** As wait(2) encodes it; undefined likewise. */
  readonly status: number | undefined;
  /** What it exited with; undefined if a signal ended it. */
  readonly code: number | undefined;
  /** The number of the signal that ended it. */
  readonly signal: number | undefined;
}

/** A process's parent, as far as it is known. */
export interface Parent {
  /** As the host numbers it. */
  readonly pid: number;
  /** As {@linkcode Process.start}; undefined if it had gone when /proc told of the child. */
  readonly start: bigint | undefined;
}

/**
 * A process. `exe`, `argv` and `cwd` may ask /proc when they are touched (some 15 to 30 µs), the first two once
 * an exec. All text in it is what a container likes it to be.
 */
export interface Process extends Identity, Program {
  /** ns of CLOCK_BOOTTIME, exact to 10 ms as long as only /proc told of it: see {@linkcode Identity}. */
  readonly start: bigint;
  /** The process that forked it; of one that only /proc told of, who is its parent now. */
  readonly parent: Parent | undefined;
  /** Its pid in its innermost pid namespace. */
  readonly containerPid: number;
  /** Its name at the last record. Threads may have others, which events carry themselves. */
  readonly comm: string;
  /** The effective user at the last record, in the initial user namespace. */
  readonly uid: number;
  /** The effective group at the last record. */
  readonly gid: number;
  /** Who logged in; undefined if nobody did. */
  readonly loginUid: number | undefined;
  /** The pid of its session's leader. */
  readonly session: number;
  /** Its terminal as ps shows it: `pts/0`, `tty1`, `major:minor` without a name; undefined: none. */
  readonly tty: string | undefined;
  /** The effective set at the last record: see {@linkcode capabilityNames}. */
  readonly capabilities: bigint;
  /** Where it is now, or was when that was last known. */
  readonly cwd: string | undefined;
  /** Who said what `cwd` is. */
  readonly cwdFrom: Origin | undefined;
  /** What it ran before its last exec: who called execve(2). */
  readonly previous: Program | undefined;
  /** undefined: it runs. */
  readonly exited: Exit | undefined;
}
