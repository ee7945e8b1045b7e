/**
 * Where what the monitor finds goes to: terminal, JSONL.
 *
 * @module
 */
export { type Alert, type AlertEvent, alertRecord, alertText } from "./alert.ts";
export { Delivery, type DeliveryOptions } from "./delivery.ts";
export { type Dropped, droppedRecord } from "./dropped.ts";
export { type FileOptions, LineFile, type Rotation } from "./file/file.ts";
export { JsonlSink, line } from "./jsonl.ts";
export {
  Batch,
  type Lines,
  type LineType,
  type Outlet,
  type Owners,
  single,
  toAll,
} from "./outlet.ts";
export { openSink, sinkForms } from "./network/open.ts";
export { type Output, writeAll } from "./output.ts";
export { printable } from "./printable.ts";
export {
  type ContainerChange,
  type ContainerLoss,
  type ContainerTally,
  type Counts,
  displayName,
  type Durations,
  keyOf,
  shortId,
  type Sink,
  sum,
  type Tick,
} from "./sink.ts";
export { ReaderGone, standardOutput, type Target } from "./target.ts";
export { LiveTerminal, PlainTerminal } from "./terminal.ts";
