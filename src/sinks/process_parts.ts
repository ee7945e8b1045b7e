/**
 * A process as records name it. Apart from events, so that who only wants processes doesn't load the arguments of
 * all calls.
 *
 * @module
 */
import type { Process, Program } from "../processes/mod.ts";
import { rfc3339 } from "./records.ts";

/** A program as a record names it. */
export interface ProgramRecordPart {
  readonly executable?: { readonly path: string };
  readonly command_args?: readonly string[];
  /** There are more arguments than these. */
  readonly command_args_truncated?: boolean;
}

/** The process of an event. What nobody knows is left out. */
export interface ProcessRecordPart extends ProgramRecordPart {
  /** As the host numbers it. */
  readonly pid: number;
  /** In its innermost pid namespace. */
  readonly vpid?: number;
  readonly parent_pid?: number;
  readonly creation: { readonly time: string };
  /** Effective, in the initial user namespace. */
  readonly user: { readonly id: number };
  readonly group: { readonly id: number };
  /** Who logged in. */
  readonly login_user?: { readonly id: number };
  readonly working_directory?: string;
  readonly session_leader?: { readonly pid: number };
  readonly tty?: string;
  /** The effective set in hexadecimal, as CapEff in /proc/PID/status. */
  readonly capabilities?: string;
  /** The nearest first, 16 at most. */
  readonly ancestors?: readonly { readonly pid: number; readonly name: string }[];
}

/** The thread that called; its name may differ from the others'. */
export interface ThreadRecordPart {
  readonly id: number;
  readonly name: string;
}

/** What is told of a process, and what the table knows of it. */
export interface DescribedProcess {
  readonly pid: number;
  /** ns of CLOCK_BOOTTIME. */
  readonly start: bigint;
  readonly uid: number;
  readonly gid: number;
  /** What it runs. */
  readonly program: Program | undefined;
  /** undefined: nobody knows it. */
  readonly current: Process | undefined;
  /** The nearest first. */
  ancestors(): Generator<Process, void, undefined>;
}

const MOST_ANCESTORS = 16;

/** A program as a record has it. */
export function programPart(program: Program | undefined): ProgramRecordPart {
  const { exe, argv, argvTruncated } = program ?? {};
  return {
    ...(exe !== undefined && { executable: { path: exe } }),
    ...(argv !== undefined && { command_args: argv }),
    ...(argvTruncated && { command_args_truncated: true }),
  };
}

/** What is the same for all threads and, mostly, for all calls of a process. */
export function sharedPart(
  process: DescribedProcess,
  bootTime: bigint,
): ProcessRecordPart {
  const { program, current, uid, gid, start } = process;
  const { containerPid, parent, cwd, loginUid, session, tty, capabilities } = current ?? {};
  const ancestors = Array.from(
    process.ancestors().take(MOST_ANCESTORS),
    ({ pid, comm: name }) => ({ pid, name }),
  );
  return {
    pid: process.pid,
    ...(containerPid !== undefined && { vpid: containerPid }),
    ...(parent !== undefined && { parent_pid: parent.pid }),
    creation: { time: rfc3339(start + bootTime) },
    ...programPart(program),
    ...(cwd !== undefined && { working_directory: cwd }),
    user: { id: uid },
    group: { id: gid },
    ...(loginUid !== undefined && { login_user: { id: loginUid } }),
    ...(session !== undefined && session > 0 && { session_leader: { pid: session } }),
    ...(tty !== undefined && { tty }),
    ...(capabilities !== undefined &&
      { capabilities: capabilities.toString(16).padStart(16, "0") }),
    ...(ancestors.length > 0 && { ancestors }),
  };
}
