/**
 * The shape of a configuration, for what the compiler has not checked.
 *
 * @module
 */
import { z } from "zod";
import { millisecondsOf } from "../rules/duration.ts";
import { severities } from "../rules/mod.ts";
import type { Config } from "./define.ts";
import { configIssues } from "./issues.ts";
import { sinkForms, sinkPlugin } from "./sink_schemes.ts";
import { parseSize } from "./size.ts";

/** ms of a text that is one; undefined: it is none. */
function lengthOf(text: string): number | undefined {
  try {
    return millisecondsOf(text);
  } catch {
    return undefined;
  }
}

const length = z.string().refine((text) => lengthOf(text) !== undefined, {
  error: "expected a length of time: 10s, 5m, 1h",
});

/** As `--rule-timeout` takes it: a timer's ms, whole, and long enough for rules that do nothing wrong. */
const timeout = z.string().refine((text) => {
  const milliseconds = lengthOf(text) ?? 0;
  return milliseconds >= 10 && milliseconds < 2 ** 31;
}, { error: "expected a length of time, from 10ms on: 500ms, 1s" });

const rule = z.strictObject({
  enabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  limit: z.strictObject({ burst: z.int().min(1), per: length }).optional(),
});

const plugin = z.union([
  z.string().min(1),
  z.tuple([z.string().min(1), z.record(z.string(), z.unknown())]),
], { error: 'expected "name", "./file.ts" or ["name", { options }]' });

/** @param least Bytes, as `least` on the command line. */
const size = (least: string) =>
  z.string().refine((text) => (parseSize(text) ?? 0) >= (parseSize(least) ?? 0), {
    error: `expected a size, from ${least} on: 1M, 1G`,
  });

/** What follows the scheme is for its plugin to check. */
const isUrl = (text: string) => sinkPlugin(text) !== undefined;

const url = z.string().refine(isUrl, { error: `expected one of ${sinkForms.join(", ")}` });

const queue = size("1M").optional();

const fileSink = z.strictObject({
  file: z.string().min(1),
  rotateSize: size("64K").optional(),
  rotateInterval: length.refine((text) => (lengthOf(text) ?? 0) >= 1000, {
    error: "expected 1s or more",
  }).optional(),
  rotateKeep: z.int().min(1).optional(),
  rotateGzip: z.boolean().optional(),
  queue,
}).refine(
  ({ rotateSize, rotateInterval, rotateKeep, rotateGzip }) =>
    rotateSize !== undefined || rotateInterval !== undefined ||
    (rotateKeep === undefined && !rotateGzip),
  { error: "rotateKeep and rotateGzip need rotateSize or rotateInterval" },
);

/** One by one, so that what is wrong with a file's sink is said of that, and not of all that it might have been. */
const sink = z.unknown().transform((value, context) => {
  const shape = typeof value === "string"
    ? z.string().refine((text) => text === "-" || isUrl(text), {
      error: `expected "-" or one of ${sinkForms.join(", ")}`,
    })
    : typeof value === "object" && value !== null && "url" in value
    ? z.strictObject({ url, queue, options: z.record(z.string(), z.unknown()).optional() })
    : fileSink;
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    context.addIssue({ code: "custom", path: [...path], message, input: value });
  }
  return z.NEVER;
});

const schema = z.strictObject({
  rules: z.array(z.string().min(1)).optional(),
  defaultRules: z.boolean().optional(),
  rule: z.record(z.string(), rule).optional(),
  ruleTimeout: timeout.optional(),
  plugins: z.array(plugin).optional(),
  showNoise: z.boolean().optional(),
  sinks: z.array(sink).optional(),
  isolate: z.boolean().optional(),
});

/**
 * A configuration, from whatever a file holds.
 *
 * @throws {ConfigError}
 */
export function checkConfig(file: string, value: unknown): Config {
  const result = schema.safeParse(value);
  if (!result.success) throw configIssues(file, result.error, schema);
  return result.data;
}
