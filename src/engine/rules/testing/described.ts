/**
 * What an alert says of what was made up.
 *
 * @module
 */
import { type AlertEvent, rfc3339 } from "../../../sinks/mod.ts";
import type { RuleEvent } from "../define.ts";
import type { ProcessNews } from "../process_change.ts";

/** Of the process what every event has; of the call all but arguments and result. */
export function describeMadeUp(of: RuleEvent | ProcessNews): AlertEvent {
  if ("action" in of) return of.describe();
  const { syscall, process: { pid, tid, comm, uid, gid } } = of;
  return {
    process: { pid, creation: { time: rfc3339(0n) }, user: { id: uid }, group: { id: gid } },
    thread: { id: tid, name: comm },
    call: { syscall, args: {}, ret: null },
  };
}
