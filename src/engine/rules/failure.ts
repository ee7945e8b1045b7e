/**
 * What is told of something that a rule has thrown: anything at all.
 *
 * @module
 */

import { withoutVersions } from "../code/mod.ts";

/** Everything from one of these on down a stack is ours. */
const callers = [
  "./running.ts",
  "./dispatch.ts",
  "./jobs.ts",
  "./raised_alerts.ts",
  "../plugins/running.ts",
]
  .map((file) => new URL(file, import.meta.url).href);

/** Frames that say nothing of the rule: the fence that it ran into, the runtime's timers. */
const fences = ["./fences.ts", "./named_rules.ts"]
  .map((path) => new URL(path, import.meta.url).href);

function isOurs(line: string): boolean {
  return line.startsWith("    at ") &&
    (fences.some((fence) => line.includes(fence)) || /\bext:/.test(line));
}

/** The whole stack of an error, with the URLs that its code was imported by; of what is no error nothing. */
export function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack ?? error) : "";
  } catch {
    return "";
  }
}

/** The stack of an error, without what lies under the rule; of what is no error, its text. */
export function failureText(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `threw ${String(error)}`;
    const lines = String(error.stack ?? error).split("\n");
    const end = lines.findIndex((line) => callers.some((caller) => line.includes(caller)));
    const own = (end < 0 ? lines : lines.slice(0, end)).filter((line) => !isOurs(line));
    return withoutVersions(own.join("\n"));
  } catch {
    // Its own toString() throws, or it has none.
    return "threw something that can't be shown";
  }
}

/** Fields of an alert as JSON can hold them: they are the rule's no longer, and nothing of them runs later. */
export function plainFields(fields: object): Readonly<Record<string, unknown>> {
  try {
    const plain: unknown = JSON.parse(
      JSON.stringify(fields, (_, value) => typeof value === "bigint" ? value.toString() : value),
    );
    return typeof plain === "object" && plain !== null ? { ...plain } : { value: plain };
  } catch (error) {
    return { error: `can't be written as JSON: ${failureText(error)}` };
  }
}
