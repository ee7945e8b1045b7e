/**
 * What an alert says of an event that was made up.
 *
 * @module
 */
import { type AlertEvent, rfc3339 } from "../../../sinks/mod.ts";
import type { RuleEvent } from "../define.ts";

/** Of the process what every event has; of the call all but arguments and result. */
export function describeMadeUp(event: RuleEvent): AlertEvent {
  const { syscall, process: { pid, tid, comm, uid, gid } } = event;
  return {
    process: { pid, creation: { time: rfc3339(0n) }, user: { id: uid }, group: { id: gid } },
    thread: { id: tid, name: comm },
    call: { syscall, args: {}, ret: null },
  };
}
