/**
 * What zod finds wrong, as a line that says where and what may have been meant.
 *
 * @module
 */
import { z } from "zod";
import { closest } from "../../syscalls/mod.ts";

/** `. Did you mean paths?`, or nothing. */
export function didYouMean(typo: string, words: Iterable<string>): string {
  const [nearest] = closest(typo, words, 1);
  return nearest === undefined ? "" : `. Did you mean ${nearest}?`;
}

/** The names that an object may have somewhere inside of what a schema describes. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return keysAt(schema.unwrap(), path);
  }
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, path.slice(1));
  if (!(schema instanceof z.ZodObject)) return [];
  const [key, ...rest] = path;
  return key === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[String(key)], rest);
}

function messageOf(issue: z.core.$ZodIssue, keys: () => string[]): string {
  if (issue.code !== "unrecognized_keys") return issue.message.replace(/^Invalid input: /, "");
  return issue.keys.map((key) => `there is no ${key} here${didYouMean(key, keys())}`).join("; ");
}

/** `rule.shadow-read.options.paths: expected array, received string`; with others, by `; `. */
export function issueLines(
  error: z.ZodError,
  schema: z.ZodType,
  before: readonly string[] = [],
): string {
  return error.issues.map((issue) => {
    const path = [...before, ...issue.path].map(String).join(".");
    const message = messageOf(issue, () => keysAt(schema, issue.path));
    return path === "" ? message : `${path}: ${message}`;
  }).join("; ");
}
