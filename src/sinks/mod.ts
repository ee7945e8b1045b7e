/**
 * Where what the monitor finds goes to: terminal, JSONL.
 *
 * @module
 */
export { type Alert, type AlertEvent, type AlertFormat, alertRecord } from "./alert.ts";
export { Delivery } from "./delivery.ts";
export { droppedLines } from "./dropped.ts";
export { LineFile, type Rotation } from "./file/file.ts";
export { line } from "./json_line.ts";
export { LineBuffer } from "./line_buffer.ts";
export { JsonlSink } from "./jsonl.ts";
export {
  Batch,
  type LineBlock,
  type Lines,
  type LineType,
  type Outlet,
  type Owners,
  single,
  toAll,
  writtenAtOnce,
} from "./outlet.ts";
export { type Output, writeAll } from "./output.ts";
export { printable } from "./printable.ts";
export {
  type AlertFormatName,
  alertFormats,
  type RecordType,
  recordTypes,
} from "./record_types.ts";
export { rfc3339 } from "./records.ts";
export {
  type ContainerChange,
  type ContainerLoss,
  type ContainerTally,
  type Counts,
  displayName,
  type Durations,
  type HiddenCounts,
  keyOf,
  makeTick,
  shortId,
  type Sink,
  sum,
  type Tick,
} from "./sink.ts";
export { sharedPart } from "./process_parts.ts";
export { type ProcessRecord, processRecord } from "./process_records.ts";
export { SCHEMA_VERSION, type Status, type Writer } from "./status.ts";
export { StandardOutput, type Target, type WriteNow } from "./target.ts";
export type { BlockOptions } from "./blocks.ts";
export { LiveTerminal, PlainTerminal, type Size } from "./terminal.ts";
