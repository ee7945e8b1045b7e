/**
 * What the kernel's records of fork, exec and exit say: plain facts, whoever brings them.
 *
 * @module
 */

/** What tells a process from all others, those that had its pid before it among them. */
export interface Identity {
  /** As the host numbers it: of the thread group. */
  readonly pid: number;
  /** When its first thread started, in ns of CLOCK_BOOTTIME: task->group_leader->start_boottime. */
  readonly start: bigint;
}

/** What a record of a fork or an exec says of the process that it is about. */
export interface ProcessFacts extends Identity {
  /** The parent's pid, as the host numbers it. */
  readonly parent: number;
  /** The parent's start, likewise in ns of CLOCK_BOOTTIME. */
  readonly parentStart: bigint;
  /** Its pid in its innermost pid namespace. */
  readonly containerPid: number;
  /** The first thread's name: 15 bytes at most, of any kind but NUL. */
  readonly comm: string;
  /** The effective user in the initial user namespace (cred->euid), as ps shows it. */
  readonly uid: number;
  /** The effective group, likewise. */
  readonly gid: number;
  /** Who logged in; undefined if nobody did (4294967295). */
  readonly loginUid: number | undefined;
  /** The pid of the session's leader, as the host numbers it. */
  readonly session: number;
  /** The number of the controlling terminal, as proc_pid_stat(5) has tty_nr; 0: none. */
  readonly tty: number;
  /** The effective set, a bit for each capability. */
  readonly capabilities: bigint;
  /** When it was recorded, in ns of CLOCK_BOOTTIME. */
  readonly time: bigint;
}

/** What a record of an exec says. The process has the new program already. */
export interface ExecFacts extends ProcessFacts {
  /** What was asked for, as it was given: it may be relative, a script, or `/dev/fd/3`. bprm->filename */
  readonly filename: string;
  /** The file that runs: the script's interpreter, or `filename`. bprm->interp */
  readonly interpreter: string;
  /** As far as it was copied. */
  readonly argv: readonly string[];
  /** The true length of all arguments, in bytes with their NULs. */
  readonly argvBytes: number;
  /** `argv` is not all. */
  readonly truncated: boolean;
  /**
   * Where the arguments are in the process's memory: mm->arg_start. It differs from exec to exec, and /proc
   * says it too, so that it tells whether what /proc says is of this program. undefined if it was not had.
   */
  readonly argvAddress: bigint | undefined;
}

/** What a record says of the end of a process: of its last thread. */
export interface ExitFacts extends Identity {
  /** As wait(2) encodes it: signal->group_exit_code, or the thread's own. */
  readonly exitCode: number;
  /** When it was recorded, in ns of CLOCK_BOOTTIME. */
  readonly time: bigint;
}

/** What a record says of a process, by what happened to it. */
export type TypedFacts =
  | ProcessFacts & { readonly type: "fork" }
  | ExecFacts & { readonly type: "exec" }
  | ExitFacts & { readonly type: "exit" };
