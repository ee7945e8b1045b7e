/**
 * Events with their arguments decoded. Not part of ../mod.ts, so that counting doesn't load the arguments of
 * all calls.
 *
 * @module
 */
export { type CallJson, Event } from "./event.ts";
export { EventProcess, isExec, type KnownProcesses } from "./event_process.ts";
export { callSpecs, specsByName } from "./specs.ts";
