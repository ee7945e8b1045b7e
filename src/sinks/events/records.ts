/**
 * The record of an event: a call, its container, its process.
 *
 * @module
 */
import type { CallJson, Event, EventProcess } from "../../events/decoded/mod.ts";
import type { Program } from "../../processes/mod.ts";
import { descriptorArguments, descriptorResult } from "../../syscalls/arguments/mod.ts";
import type { AlertEvent } from "../alert.ts";
import {
  containerPart,
  type ContainerRecordPart,
  kubernetesPart,
  type KubernetesRecordPart,
  rfc3339,
} from "../records.ts";

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

/** What a descriptor refers to. */
export interface DescriptorRecordPart {
  /** As strace shows it: a path, `socket:[123]`, `pipe:[5]`. */
  readonly name: string;
  /** "event": the call that opened it. "proc": /proc, after the call: it may be of a later one of that number. */
  readonly from: "event" | "proc";
}

/** What was called, and what came of it. */
export interface CallRecordPart extends Omit<CallJson, "error"> {
  /** The error's name, if it failed: `ENOENT`. */
  readonly error?: { readonly type: string };
  /** The program that the call has begun: an execve that succeeded. `process` is its caller. */
  readonly executed?: ProgramRecordPart;
  /** What descriptors refer to, where that is known: of the arguments by their names, of the result by `ret`. */
  readonly descriptors?: Readonly<Record<string, DescriptorRecordPart>>;
}

/** A call, as it was asked for. */
export interface EventRecord extends CallRecordPart {
  readonly type: "event";
  /** Of its enter. */
  readonly time: string;
  readonly container: ContainerRecordPart;
  readonly k8s?: KubernetesRecordPart;
  readonly process: ProcessRecordPart;
  readonly thread: ThreadRecordPart;
  /**
   * It had not returned when this was written, `duration_ns` after its enter; without that it began before the
   * monitor, and `time` is when it was seen.
   */
  readonly in_flight?: boolean;
}

/** What a writer knows beyond the event. */
export interface EventFacts {
  /** The call had not returned: for so many ns, where that is known. */
  readonly inFlight?: { readonly since: number | undefined };
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
  process: EventProcess,
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

type Descriptors = Record<string, DescriptorRecordPart>;

function describe(event: Event, name: string, fd: number, parts: Descriptors): void {
  const described = event.describe(fd);
  if (described !== undefined) parts[name] = { name: described.text, from: described.from };
}

function someOf(parts: Descriptors): Descriptors | undefined {
  for (const _ in parts) return parts;
  return undefined;
}

/** What descriptors that a call was given refer to: before it is followed. */
function givenDescriptors(event: Event): Descriptors {
  const parts: Descriptors = {};
  for (const { name, fd } of descriptorArguments(event.call)) describe(event, name, fd, parts);
  return parts;
}

/**
 * What descriptors of a call refer to. The event is followed on the way: after its arguments have been described,
 * and before its result is.
 */
export function descriptorsPart(event: Event, follow: boolean): Descriptors | undefined {
  const parts = givenDescriptors(event);
  if (follow) event.follow();
  const result = descriptorResult(event.call);
  if (result !== undefined) describe(event, "ret", result, parts);
  return someOf(parts);
}

/** Who called, and what: all that an event's record and an alert have in common. */
function parts(event: Event, descriptors: CallRecordPart["descriptors"]): AlertEvent {
  const { executed, process } = event;
  const { error, ...call } = event.toJSON();
  return {
    process: sharedPart(process, event.time - event.call.time),
    thread: { id: process.tid, name: process.comm },
    call: {
      ...call,
      ...(error !== undefined && { error: { type: error } }),
      ...(executed !== undefined && { executed: programPart(executed) }),
      ...(descriptors !== undefined && { descriptors }),
    },
  };
}

/**
 * What an alert says of an event. It is not followed: somebody else does that when all rules have seen it. Until then
 * the number that it returned is that of an older file.
 */
export function alertEvent(event: Event): AlertEvent {
  return parts(event, someOf(givenDescriptors(event)));
}

/** The record of an event. It is followed, unless it has not returned: see {@linkcode Event.follow}. */
export function eventRecord(event: Event, facts: EventFacts = {}): EventRecord {
  const { inFlight } = facts;
  const descriptors = descriptorsPart(event, inFlight === undefined);
  const { container } = event;
  const { call, ...who } = parts(event, descriptors);
  return {
    type: "event",
    time: rfc3339(event.time),
    container: containerPart(container),
    ...kubernetesPart(container),
    ...who,
    ...call,
    ...(inFlight !== undefined && { in_flight: true }),
    ...(inFlight?.since !== undefined && { duration_ns: inFlight.since }),
  };
}
