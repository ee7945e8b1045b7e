/**
 * One JSON object a line.
 *
 * @module
 */
import { type Alert, alertRecord } from "./alert.ts";
import { type Output, writeAll } from "./output.ts";
import { containerRecord, lossRecord, missedRecord, tallyRecord } from "./records.ts";
import type { Sink, Tick } from "./sink.ts";

/**
 * Characters that JSON allows in a string: some readers take them for the end of a line (NEL, U+2028, U+2029),
 * some terminals act on them (DEL, C1).
 */
const unescaped = /[\x7f-\x9f\u2028\u2029]/;
const everyUnescaped = new RegExp(unescaped, "g");

/** JSON that is part of a line: JSON.stringify escapes other controls and halves of surrogate pairs. */
export function lineOf(value: unknown): string {
  const json = JSON.stringify(value);
  return unescaped.test(json)
    ? json.replace(
      everyUnescaped,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    : json;
}

/** A record's line, with its newline. */
export function line(record: object): string {
  return `${lineOf(record)}\n`;
}

/** Writes `container`, `tally` and `loss` records: a tick is written whole, by one call. */
export class JsonlSink implements Sink {
  readonly #output: Output & Partial<Disposable>;

  /** What has been told of. */
  #missed = 0n;

  /** @param output Closed with the sink, if it can be. */
  constructor(output: Output & Partial<Disposable>) {
    this.#output = output;
  }

  write({ time, interval, changes, tallies, losses, missed }: Tick): void {
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
    writeAll(this.#output, line(alertRecord(alert)));
  }

  records(records: readonly object[]): void {
    if (records.length > 0) writeAll(this.#output, records.map(line).join(""));
  }

  [Symbol.dispose](): void {
    this.#output[Symbol.dispose]?.();
  }
}
