/**
 * Events with their arguments decoded. Not part of ../mod.ts, so that counting doesn't load the arguments of
 * all calls.
 *
 * @module
 */
export { type CallJson, Event } from "./event.ts";
export { EventProcess, type KnownProcesses } from "./event_process.ts";
export { callSpecs } from "./specs.ts";
