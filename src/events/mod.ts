/**
 * What an event is, and how it is read from a record.
 *
 * @module
 */
export { blockedCalls } from "./blocked.ts";
export { CallEvent } from "./call_event.ts";
export { type ProcessEvent, processEventAt } from "./process_event.ts";
