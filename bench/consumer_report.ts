/**
 * What bench/consumer.ts says of the events that it got.
 *
 * @module
 */
import { z } from "zod";

const schema = z.strictObject({
  /** Events that were handed to the rules. */
  delivered: z.int(),
  /** Calls that the kernel counted. */
  counted: z.int(),
  /** When the last events were done with: nanoseconds of CLOCK_BOOTTIME. */
  last: z.string(),
  /** Events that were not delivered, by reason. */
  lost: z.record(z.string(), z.int()),
  /** Milliseconds from enter to rule, at the median and at p99; null: there was no event. */
  latency: z.tuple([z.number().nullable(), z.number().nullable()]),
});

/** One report; NaN is null on its way. */
export type Report = z.infer<typeof schema>;

/** @throws {z.ZodError} if it is something else. */
export function parseReport(line: string): Report {
  return schema.parse(JSON.parse(line));
}
