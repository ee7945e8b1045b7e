/**
 * Events as lines. Not part of ../mod.ts, so that counting doesn't load the arguments of all calls.
 *
 * @module
 */
export type { EventChanges } from "./rewrite.ts";
export { JsonlEvents } from "./jsonl.ts";
export { alertEvent, type EventFacts, type EventRecord, eventRecord } from "./records.ts";
export { TextEvents } from "./text.ts";
