/**
 * Lengths of time as rules write them.
 *
 * @module
 */
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Milliseconds of `500ms`, `10s`, `1.5m`, `2h`, `1d`.
 *
 * @throws {RangeError} if it is none of these, or none at all.
 */
export function millisecondsOf(text: string): number {
  const groups = /^(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)$/.exec(text)?.groups;
  const unit = groups?.["unit"] as keyof typeof units | undefined;
  const milliseconds = unit === undefined ? 0 : Number(groups?.["number"]) * units[unit];
  if (milliseconds > 0) return milliseconds;
  throw new RangeError(`${JSON.stringify(text)} is no length of time: write 10s, 5m, 1h`);
}
