/**
 * Times for people.
 *
 * @module
 */

/** `17:01:10` of nanoseconds since 1970, where the monitor is. */
export function clockText(time: bigint): string {
  return Temporal.Instant.fromEpochMilliseconds(Number(time / 1_000_000n))
    .toZonedDateTimeISO(Temporal.Now.timeZoneId()).toPlainTime()
    .toString({ smallestUnit: "second" });
}
