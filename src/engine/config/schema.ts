/**
 * The shape of a configuration, for what the compiler has not checked.
 *
 * @module
 */
import { z } from "zod";
import { millisecondsOf } from "../rules/duration.ts";
import { severities } from "../rules/mod.ts";
import type { Config } from "./define.ts";
import { ConfigError } from "./error.ts";
import { issueLines } from "./issues.ts";

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

const schema = z.strictObject({
  rules: z.array(z.string().min(1)).optional(),
  defaultRules: z.boolean().optional(),
  rule: z.record(z.string(), rule).optional(),
  ruleTimeout: timeout.optional(),
  plugins: z.array(plugin).optional(),
  showNoise: z.boolean().optional(),
  isolate: z.boolean().optional(),
});

/**
 * A configuration, from whatever a file holds.
 *
 * @throws {ConfigError}
 */
export function checkConfig(file: string, value: unknown): Config {
  const result = schema.safeParse(value);
  if (!result.success) throw new ConfigError(file, issueLines(result.error, schema));
  return result.data;
}
