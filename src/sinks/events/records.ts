/**
 * The record of an event: a call, its container, its process.
 *
 * @module
 */
import type { CallJson, Event } from "../../events/decoded/mod.ts";
import { descriptorArguments, descriptorResult } from "../../syscalls/arguments/mod.ts";
import type { AlertEvent } from "../alert.ts";
import {
  type ProcessRecordPart,
  programPart,
  type ProgramRecordPart,
  sharedPart,
  type ThreadRecordPart,
} from "../process_parts.ts";
import {
  containerPart,
  type ContainerRecordPart,
  kubernetesPart,
  type KubernetesRecordPart,
  rfc3339,
} from "../records.ts";

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
  /** Somebody else follows it: see {@linkcode Event.follow}. */
  readonly isFollowed?: true;
}

type Descriptors = Record<string, DescriptorRecordPart>;

function describe(event: Event, name: string, fd: number, parts: Descriptors): void {
  const described = event.describe(fd);
  if (described !== undefined) parts[name] = { name: described.text, from: described.from };
}

function someOf(parts: Descriptors | undefined): Descriptors | undefined {
  for (const _ in parts) return parts;
  return undefined;
}

/** What descriptors that a call was given refer to: before it is followed. undefined: it was given none. */
function givenDescriptors(event: Event): Descriptors | undefined {
  const given = descriptorArguments(event.call);
  if (given.length === 0) return undefined;
  const parts: Descriptors = {};
  for (const { name, fd } of given) describe(event, name, fd, parts);
  return parts;
}

/**
 * What descriptors of a call refer to. The event is followed on the way: after its arguments have been described,
 * and before its result is.
 */
export function descriptorsPart(event: Event, follow: boolean): Descriptors | undefined {
  let parts = givenDescriptors(event);
  if (follow) event.follow();
  const result = descriptorResult(event.call);
  if (result !== undefined) describe(event, "ret", result, parts ??= {});
  return someOf(parts);
}

/** Who called, and what: all that an event's record and an alert have in common. */
function parts(
  event: Event,
  descriptors: CallRecordPart["descriptors"],
): Required<AlertEvent> {
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
  const { inFlight, isFollowed } = facts;
  const descriptors = descriptorsPart(event, inFlight === undefined && !isFollowed);
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
