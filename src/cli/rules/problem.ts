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
