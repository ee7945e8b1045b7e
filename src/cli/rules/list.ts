/**
 * `monitor.ts rules list`: which rules there are.
 *
 * @module
 */
import type { ChosenRule, RuleFlags } from "../../engine/config/mod.ts";
import { printable, writeAll } from "../../sinks/mod.ts";
import { ExitCode } from "../exit.ts";
import { openRules, openSettings } from "./settings.ts";
import { listensTo, shownPath } from "./shown.ts";

/** Calls of one rule that a line has room for. */
const MOST_NAMES = 2;

/** Lists rules by id. */
export async function listRules(options: RuleFlags & { readonly json: boolean }): Promise<number> {
  const rules = await openRules(await openSettings(options), true);
  rules.sort((a, b) => a.rule.id < b.rule.id ? -1 : 1);
  writeAll(Deno.stdout, options.json ? json(rules) : table(rules));
  return ExitCode.done;
}

function json(rules: readonly ChosenRule[]): string {
  const facts = rules.map((each) => ({
    id: each.rule.id,
    title: each.rule.title,
    severity: each.active.severity,
    tags: each.rule.tags ?? [],
    on: each.isOn,
    shipped: each.isShipped,
    recommended: each.rule.recommended ?? false,
    syscalls: each.rule.evaluate === undefined ? [] : each.rule.syscalls ?? [],
    tallies: each.rule.onTally !== undefined,
    containers: each.rule.onContainer !== undefined,
    processes: each.rule.onProcess !== undefined,
    limit: each.active.limit,
    file: each.file,
  }));
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

function table(rules: readonly ChosenRule[]): string {
  const rows = rules.map((each) => [
    each.isOn ? "on" : "off",
    each.rule.id,
    each.active.severity,
    short(listensTo(each)),
    each.isShipped ? "shipped" : shownPath(each.file),
  ]);
  const lines = [["", "RULE", "SEVERITY", "LISTENS TO", "FROM"], ...rows]
    .map((row) => row.map(printable));
  const width = (column: number) => Math.max(...lines.map((row) => row[column]?.length ?? 0));
  const widths = rows.length === 0 ? [] : lines[0]?.map((_, i) => width(i)) ?? [];
  return lines.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd() + "\n"
  ).join("");
}

function short(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` +${more}` : "");
}
