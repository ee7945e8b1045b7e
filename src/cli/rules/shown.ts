/**
 * How rules are shown: what they listen to, and where they are from.
 *
 * @module
 */
import { relative, resolve } from "node:path";
import type { ChosenRule } from "../../engine/config/mod.ts";

/** A file as its user would write it: relative if it is below the current folder. */
export function shownPath(file: string): string {
  const path = relative(".", file);
  return path.startsWith("..") ? resolve(file) : path;
}

/** What a rule listens to: calls by name, and the rest. */
export function listensTo({ rule }: Pick<ChosenRule, "rule">): string[] {
  return [
    ...rule.evaluate === undefined ? [] : rule.syscalls ?? [],
    ...rule.onTally === undefined ? [] : ["tallies"],
    ...rule.onContainer === undefined ? [] : ["containers"],
    ...rule.onProcess === undefined ? [] : ["processes"],
  ];
}
