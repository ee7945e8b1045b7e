/**
 * What a rule has found, and how it is told.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { clockText } from "./clock.ts";
import type { CallRecordPart } from "./events/records.ts";
import type { ProcessRecordPart, ThreadRecordPart } from "./process_parts.ts";
import { printable } from "./printable.ts";
import { containerPart, kubernetesPart, rfc3339 } from "./records.ts";
import { displayName } from "./sink.ts";

/** An alert on its way to the sinks. */
export interface Alert {
  /** Nanoseconds since 1970, UTC: of what it is about. */
  readonly time: bigint;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly tags: readonly string[];
  readonly message: string;
  /** undefined: it is about no single container. */
  readonly container: Container | undefined;
  /** What the rule has added. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** What it is about, as `event` records have it: process and call. */
  readonly event: AlertEvent | undefined;
  /** Alerts of the same kind that were held back before this one. */
  readonly suppressed: number;
  /** How often it has been told in the same words, of the same call or tick, this one included; undefined: once. */
  readonly repeat?: number;
  /** What plugins have added, by their names. */
  readonly plugins?: Readonly<Record<string, object>>;
}

/** The parts of an event's record that an alert has. */
export interface AlertEvent {
  readonly process: ProcessRecordPart;
  readonly thread: ThreadRecordPart;
  /** undefined: it is about what happened to the process itself. */
  readonly call?: CallRecordPart;
}

/** Makes the object that is an alert's line. */
export type AlertFormat = (alert: Alert) => object;

/** An `alert` record. */
export function alertRecord(alert: Alert): object {
  const { container, event, fields, plugins, repeat } = alert;
  return {
    type: "alert",
    time: rfc3339(alert.time),
    security_rule: { name: alert.rule, description: alert.title },
    severity: alert.severity,
    message: alert.message,
    ...(alert.tags.length > 0 && { tags: alert.tags }),
    ...(container !== undefined && {
      container: containerPart(container),
      ...kubernetesPart(container),
    }),
    ...(event !== undefined && {
      process: event.process,
      thread: event.thread,
      ...(event.call !== undefined && { event: event.call }),
    }),
    ...(fields !== undefined && { fields: plain(fields) }),
    ...(plugins !== undefined && { plugins }),
    suppressed: alert.suppressed,
    ...(repeat !== undefined && { repeat }),
  };
}

/** What a rule has added, as JSON can hold it: whatever that is, the record is written. */
function plain(fields: object): unknown {
  try {
    return JSON.parse(
      JSON.stringify(fields, (_, value) => typeof value === "bigint" ? value.toString() : value),
    );
  } catch (error) {
    return { error: `can't be written as JSON: ${error}` };
  }
}

/** `17:01:10 WARNING shadow-read web-1: cat opened /etc/shadow (3 more before)` */
export function alertText(alert: Alert): string {
  const clock = clockText(alert.time);
  const { container, suppressed } = alert;
  const where = container === undefined ? "" : ` ${printable(displayName(container))}`;
  const held = suppressed === 0 || alert.event === undefined
    ? ""
    : ` (${suppressed} more before were held back)`;
  const what = `${alert.severity.toUpperCase()} ${alert.rule}`;
  return `${clock} ${what}${where}: ${printable(alert.message)}${held}`;
}
