/**
 * The records of what was made, and dropped because a reader, or a disk, did not take it in time.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { line } from "./json_line.ts";
import { type Lines, type LineType, type Owners, single } from "./outlet.ts";
import { containerPart, type LossRecord, rfc3339 } from "./records.ts";

/** Records that did not leave. */
export interface Dropped {
  /** Of which container, where it is of one. */
  readonly owner: Container | undefined;
  /** Who did not take them: `stdout`, a file's path. */
  readonly sink: string;
  /** Their `type`. */
  readonly record: LineType;
  readonly count: number;
}

/** A `loss` record that says which records did not leave, and to where. */
export interface DroppedRecord extends LossRecord {
  readonly reason: "queue_full";
  readonly sink: string;
  /** The `type` of the records. */
  readonly record: LineType;
}

/** @param time Nanoseconds since 1970, UTC. */
function droppedRecord(
  { owner, sink, record, count }: Dropped,
  time: bigint,
): DroppedRecord {
  return {
    type: "loss",
    time: rfc3339(time),
    ...(owner !== undefined && { container: containerPart(owner) }),
    reason: "queue_full",
    sink,
    record,
    count,
  };
}

/** `loss` records of what was dropped just now, by container. */
export function droppedLines(type: LineType, owners: Owners, sink: string): Lines[] {
  const time = Temporal.Now.instant().epochNanoseconds;
  return Array.from(owners, ([owner, count]: [Container | undefined, number]) => {
    const record = droppedRecord({ owner, sink, record: type, count }, time);
    return single("loss", line(record), owner);
  });
}
