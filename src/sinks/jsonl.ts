/**
 * One JSON object a line.
 *
 * @module
 */
import { type Alert, alertRecord } from "./alert.ts";
import { type Outlet, single } from "./outlet.ts";
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

/** Writes `container`, `tally`, `loss` and `alert` records. */
export class JsonlSink implements Sink {
  readonly #outlet: Outlet;

  /** What has been told of. */
  #missed = 0n;

  /** @param outlet Stays open. */
  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  write({ time, interval, changes, tallies, losses, missed }: Tick): void {
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
    this.#outlet.put(single("alert", line(alertRecord(alert)), alert.container));
  }

  [Symbol.dispose](): void {}
}
