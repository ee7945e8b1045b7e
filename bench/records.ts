/**
 * What records of the monitor say of events that were not delivered.
 *
 * @module
 */
import { z } from "zod";

const loss = z.object({ type: z.literal("loss"), reason: z.string(), count: z.int() });

/** The sum of all `loss` records, by reason. */
export function lossesIn(lines: Iterable<string>): Map<string, number> {
  const lost = new Map<string, number>();
  for (const line of lines) {
    const { data } = loss.safeParse(JSON.parse(line));
    if (data !== undefined) lost.set(data.reason, (lost.get(data.reason) ?? 0) + data.count);
  }
  return lost;
}
