/**
 * Events of a capture without a monitor: asked for, and taken from the ring.
 *
 * @module
 */
import { CallEvent, processEventAt } from "../../src/events/mod.ts";
import type { Capture, Events } from "../../src/kernel/mod.ts";
import { piecesOf } from "../../src/syscalls/arguments/mod.ts";
import { syscallNumber } from "../../src/syscalls/mod.ts";

/** @throws if the capture was opened without events. */
export function eventsOf({ events }: Capture): Events {
  if (events === undefined) throw new Error("no events were asked for");
  return events;
}

/** Of all containers these calls and no others are sent, with all that is known of their memory. */
export function want(events: Events, ...names: readonly string[]): void {
  const wanted = names.map((name) => ({ nr: syscallNumber(name) ?? -1, abi: "native" as const }));
  for (const [i, call] of wanted.entries()) {
    events.wanted.describe(call, { pieces: piecesOf(names[i] ?? "") });
  }
  events.wanted.setForAll(wanted);
}

/** Copies of the calls that have come, oldest first. @param comm Of threads of that name alone. */
export function takeCalls({ ring }: Events, comm?: string): CallEvent[] {
  const view = new CallEvent(ring.bytes);
  const records = new DataView(ring.bytes);
  const taken: CallEvent[] = [];
  for (let more = 1; more > 0;) {
    more = ring.drain((offset, length) => {
      if (processEventAt(records, offset) !== undefined) return;
      view.move(offset, length);
      if (comm === undefined || view.comm === comm) taken.push(view.copy());
    });
  }
  return taken;
}
