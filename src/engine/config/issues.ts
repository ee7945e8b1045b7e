/**
 * What zod finds wrong, in lines that say where and what may have been meant.
 *
 * @module
 */
import { z } from "zod";
import { closest } from "../../syscalls/mod.ts";
import { ConfigError, placeText } from "./error.ts";

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

/** `shadow-read.options.paths: expected array, received string` */
function lineOf(issue: z.core.$ZodIssue, schema: z.ZodType, before: readonly string[]): string {
  const path = [...before, ...issue.path].map(String).join(".");
  const message = messageOf(issue, () => keysAt(schema, issue.path));
  return path === "" ? message : `${path}: ${message}`;
}

/** All that is wrong, by `; `. */
export function issueLines(error: z.ZodError, schema: z.ZodType): string {
  return error.issues.map((issue) => lineOf(issue, schema, [])).join("; ");
}

/**
 * All that is wrong with a configuration, a line each, in the file's order where that is known.
 *
 * @param before Where in the file it begins what the schema describes.
 */
export function configIssues(
  file: string,
  error: z.ZodError,
  schema: z.ZodType,
  before: readonly string[] = [],
): ConfigError {
  const told = error.issues.map((issue) => {
    const [key] = issue.code === "unrecognized_keys" ? issue.keys : [];
    const path = [...before, ...issue.path, ...(key === undefined ? [] : [key])];
    return { where: placeText({ file, path }), text: lineOf(issue, schema, before) };
  });
  const [first, ...others] = told;
  const lines = others.map(({ where, text }) => `\n${where}: ${text}`);
  return new ConfigError(first?.where ?? file, `${first?.text}${lines.join("")}`, { cause: error });
}
