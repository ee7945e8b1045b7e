/**
 * What is wrong with a file of rules or a configuration, place first.
 *
 * @module
 */
import { placeFirst } from "./compiler.ts";
import { shownPath } from "./shown.ts";

/** `rule.ts:6:13: …`, with line and column if the error says them; its message begins with `file`. */
export function problemText(file: string, { message }: Error): string {
  const what = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
  return placeFirst(what) ?? `${shownPath(file)}: ${what}`;
}

/** The same of an error that has its place with it: ConfigError's `where`, RuleError's `file`. */
export function placedText(error: Error): string {
  const place = "where" in error ? error.where : "file" in error ? error.file : undefined;
  return typeof place === "string" ? problemText(place, error) : error.message;
}
