/**
 * Events that wait until more is known of their container.
 *
 * @module
 */
export { EventGate } from "./event_gate.ts";
export type { RoomSize } from "./room.ts";
export { type Patience, type Waited, WaitingEvents } from "./waiting_events.ts";
