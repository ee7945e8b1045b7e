/**
 * Lengths of time on the command line.
 *
 * @module
 */
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * @param text `10s`, `500ms`, `1.5m`, `2h`; a bare number is of seconds.
 * @returns milliseconds, or undefined if this is no length of time.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const [, amount = "", unit = "s"] = match ?? [];
  const factor = units[unit];
  return match === null || factor === undefined ? undefined : Number(amount) * factor;
}

/** The longest that a timer takes, in whole hours: it counts its milliseconds in 31 bits. */
export const LONGEST = 596 * 3_600_000;

/** `10s`, `500ms`: the shortest that {@linkcode parseDuration} reads back. */
export function formatDuration(milliseconds: number): string {
  for (const unit of ["h", "m", "s"]) {
    const factor = units[unit] ?? 1;
    if (milliseconds > 0 && milliseconds % factor === 0) return `${milliseconds / factor}${unit}`;
  }
  return `${milliseconds}ms`;
}
