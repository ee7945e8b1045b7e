/**
 * The record of an event: a call, its container, its process.
 *
 * @module
 */
import type { CallJson, Event } from "../../events/decoded/mod.ts";
import { descriptorArguments, descriptorResult } from "../../syscalls/arguments/mod.ts";
import {
  type ProcessRecordPart,
  programPart,
  type ProgramRecordPart,
  sharedPart,
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

/** A call, as it was asked for. */
export interface EventRecord extends CallJson {
  readonly type: "event";
  /** Of its enter. */
  readonly time: string;
  readonly container: ContainerRecordPart;
  readonly k8s?: KubernetesRecordPart;
  readonly process: ProcessRecordPart;
  /** The program that the call has begun: an execve that succeeded. `process` is its caller. */
  readonly executed?: ProgramRecordPart;
  /**
   * It had not returned when this was written, `duration_ns` after its enter; without that it began before the
   * monitor, and `time` is when it was seen.
   */
  readonly in_flight?: boolean;
  /** What descriptors refer to, where that is known: of the arguments by their names, of the result by `ret`. */
  readonly descriptors?: Readonly<Record<string, DescriptorRecordPart>>;
}

/** What a writer knows beyond the event. */
export interface EventFacts {
  /** The call had not returned: for so many ns, where that is known. */
  readonly inFlight?: { readonly since: number | undefined };
  /** Somebody else follows it: see {@linkcode Event.follow}. */
  readonly isFollowed?: true;
}

/**
 * What descriptors of a call refer to. The event is followed on the way: after its arguments have been described,
 * and before its result is.
 */
export function descriptorsPart(
  event: Event,
  follow: boolean,
): Record<string, DescriptorRecordPart> | undefined {
  let parts: Record<string, DescriptorRecordPart> | undefined;
  const describe = (name: string, fd: number) => {
    const described = event.describe(fd);
    if (described !== undefined) {
      (parts ??= {})[name] = { name: described.text, from: described.from };
    }
  };
  for (const { name, fd } of descriptorArguments(event.call)) describe(name, fd);
  if (follow) event.follow();
  const result = descriptorResult(event.call);
  if (result !== undefined) describe("ret", result);
  return parts;
}

/** The record of an event. It is followed, unless it has not returned: see {@linkcode Event.follow}. */
export function eventRecord(event: Event, facts: EventFacts = {}): EventRecord {
  const { inFlight, isFollowed } = facts;
  const descriptors = descriptorsPart(event, inFlight === undefined && !isFollowed);
  const { container, process, executed, call } = event;
  const bootTime = event.time - call.time;
  return {
    type: "event",
    time: rfc3339(event.time),
    container: containerPart(container),
    ...kubernetesPart(container),
    process: {
      ...sharedPart(process, bootTime),
      thread: { id: process.tid, name: process.comm },
    },
    ...event.toJSON(),
    ...(executed !== undefined && { executed: programPart(executed) }),
    ...(inFlight !== undefined && { in_flight: true }),
    ...(inFlight?.since !== undefined && { duration_ns: inFlight.since }),
    ...(descriptors !== undefined && { descriptors }),
  };
}
