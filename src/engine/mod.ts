/**
 * The core loop: kernel to tallies to sinks.
 *
 * @module
 */
export { Monitor, type MonitorOptions } from "./monitor.ts";
export { Patterns, SelectedContainers, Selection } from "./selection.ts";
