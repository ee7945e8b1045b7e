/**
 * Where what the monitor finds goes to: terminal, JSONL.
 *
 * @module
 */
export { type Alert, type AlertEvent, alertRecord, alertText } from "./alert.ts";
export { JsonlSink, line } from "./jsonl.ts";
export { type Output, writeAll } from "./output.ts";
export { printable } from "./printable.ts";
export {
  type ContainerChange,
  type ContainerLoss,
  type ContainerTally,
  type Counts,
  displayName,
  type Durations,
  type HiddenCounts,
  keyOf,
  shortId,
  type Sink,
  sum,
  type Tick,
} from "./sink.ts";
export { type ProcessRecord, processRecord } from "./process_records.ts";
export { LiveTerminal, PlainTerminal } from "./terminal.ts";
