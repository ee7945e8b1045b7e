/**
 * One JSON object a line.
 *
 * @module
 */
import { type Alert, type AlertFormat, alertRecord } from "./alert.ts";
import { line } from "./json_line.ts";
import { type Outlet, single } from "./outlet.ts";
import { Repeats } from "./repeats.ts";
import { containerRecord, lossRecord, missedRecord, tallyRecord } from "./records.ts";
import type { Sink, Tick } from "./sink.ts";
import { type Status, statusRecord } from "./status.ts";

/** Writes `status`, `container`, `tally`, `loss`, `process` and `alert` records. */
export class JsonlSink implements Sink {
  readonly #outlet: Outlet;
  readonly #format: AlertFormat | undefined;

  readonly #repeats = new Repeats();

  /** What has been told of. */
  #missed = 0n;

  /**
   * @param outlet Stays open.
   * @param format Somebody else's format for alerts: then they are all that is written.
   */
  constructor(outlet: Outlet, format?: AlertFormat) {
    this.#outlet = outlet;
    this.#format = format;
  }

  status(status: Status): void {
    if (this.#format !== undefined) return;
    this.#outlet.put(single("status", line(statusRecord(status))));
  }

  write({ time, interval, changes, tallies, losses, missed }: Tick): void {
    if (this.#format !== undefined) return;
    const outlet = this.#outlet;
    const tellChange = (change: Tick["changes"][number]) =>
      outlet.put(single("container", line(containerRecord(change)), change.container));
    changes.filter(({ action }) => action !== "stopped").forEach(tellChange);
    for (const tally of tallies) {
      if (tally.new.size === 0) continue;
      outlet.put(single("tally", line(tallyRecord(tally, time, interval)), tally.container));
    }
    changes.filter(({ action }) => action === "stopped").forEach(tellChange);
    for (const loss of losses) {
      outlet.put(single("loss", line(lossRecord(loss, time)), loss.container));
    }
    if (missed > this.#missed) {
      outlet.put(single("loss", line(missedRecord(Number(missed - this.#missed), time))));
      this.#missed = missed;
    }
  }

  alert(alert: Alert): void {
    const format = this.#format ?? alertRecord;
    const once = line(format(alert));
    const repeat = this.#repeats.count(once, alert.time);
    const text = repeat === 1 ? once : line(format({ ...alert, repeat }));
    this.#outlet.put(single("alert", text, alert.container));
  }

  records(records: readonly object[]): void {
    if (records.length === 0 || this.#format !== undefined) return;
    const owners = new Map([[undefined, records.length]]);
    this.#outlet.put({ type: "process", text: records.map(line).join(""), owners });
  }

  [Symbol.dispose](): void {}
}
