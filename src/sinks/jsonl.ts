/**
 * One JSON object a line.
 *
 * @module
 */
import { type Alert, type AlertFormat, alertRecord } from "./alert.ts";
import { line } from "./json_line.ts";
import { type Output, writeAll } from "./output.ts";
import { containerRecord, lossRecord, missedRecord, tallyRecord } from "./records.ts";
import type { Sink, Tick } from "./sink.ts";
import { type Status, statusRecord } from "./status.ts";

/** Writes `status`, `container`, `tally`, `loss` and `alert` records: a tick is written whole, by one call. */
export class JsonlSink implements Sink {
  readonly #output: Output & Partial<Disposable>;
  readonly #format: AlertFormat | undefined;

  /** What has been told of. */
  #missed = 0n;

  /**
   * @param output Closed with the sink, if it can be.
   * @param format Somebody else's format for alerts: then they are all that is written.
   */
  constructor(output: Output & Partial<Disposable>, format?: AlertFormat) {
    this.#output = output;
    this.#format = format;
  }

  status(status: Status): void {
    if (this.#format === undefined) writeAll(this.#output, line(statusRecord(status)));
  }

  write({ time, interval, changes, tallies, losses, missed }: Tick): void {
    if (this.#format !== undefined) return;
    const stopped = changes.filter(({ action }) => action === "stopped");
    const lines = changes.filter(({ action }) => action !== "stopped")
      .map((change) => line(containerRecord(change)));
    for (const tally of tallies) {
      if (tally.new.size > 0) lines.push(line(tallyRecord(tally, time, interval)));
    }
    lines.push(...stopped.map((change) => line(containerRecord(change))));
    for (const loss of losses) lines.push(line(lossRecord(loss, time)));
    if (missed > this.#missed) {
      lines.push(line(missedRecord(Number(missed - this.#missed), time)));
      this.#missed = missed;
    }
    if (lines.length > 0) writeAll(this.#output, lines.join(""));
  }

  alert(alert: Alert): void {
    writeAll(this.#output, line((this.#format ?? alertRecord)(alert)));
  }

  records(records: readonly object[]): void {
    if (records.length > 0) writeAll(this.#output, records.map(line).join(""));
  }

  [Symbol.dispose](): void {
    this.#output[Symbol.dispose]?.();
  }
}
