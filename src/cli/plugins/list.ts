/**
 * `monitor.ts plugins list`: which plugins run, in their order, and which are shipped besides.
 *
 * @module
 */
import { join } from "node:path";
import {
  loadChosen,
  pluginsIn,
  shippedPluginNames,
  shippedPlugins,
} from "../../engine/config/mod.ts";
import type { Plugin } from "../../engine/plugins/mod.ts";
import { printable, writeAll } from "../../sinks/mod.ts";
import { ExitCode } from "../exit.ts";
import { openSettings, orFailure } from "../rules/settings.ts";
import { shownPath } from "../rules/shown.ts";

/** The command's options, as parsed. */
export interface PluginListOptions {
  readonly plugins: readonly string[];
  readonly showNoise: boolean;
  readonly config: string | undefined;
  readonly json: boolean;
}

interface Listed {
  readonly plugin: Plugin;
  readonly file: string;
  readonly isShipped: boolean;
  /** Its place among those that run, from 1 on; undefined: it does not. */
  readonly place: number | undefined;
}

const hookNames = [
  "filter",
  "enrich",
  "alert",
  "tally",
  "rewrite",
  "sink",
  "start",
  "stop",
] as const;

function hooksOf(plugin: Plugin): string[] {
  return hookNames.filter((name) => plugin[name] !== undefined);
}

/** Lists plugins, those that run first. */
export async function listPlugins(options: PluginListOptions): Promise<number> {
  const { plugins, config, json } = options;
  const settings = await openSettings({
    plugins,
    config,
    ...(options.showNoise && { showNoise: true }),
    rules: [],
    noDefaultRules: true,
    ruleOn: [],
    ruleOff: [],
  });
  const active = await orFailure(() => loadChosen(settings.plugins));
  const listed: Listed[] = active.map(({ plugin, file = "", isShipped = false }, i) => ({
    plugin,
    file,
    isShipped,
    place: i + 1,
  }));
  for (const name of shippedPluginNames()) {
    const file = join(shippedPlugins, `${name}.ts`);
    if (listed.some((each) => each.file === file)) continue;
    for (const plugin of await pluginsIn(file, true)) {
      listed.push({ plugin, file, isShipped: true, place: undefined });
    }
  }
  writeAll(Deno.stdout, json ? jsonOf(listed) : table(listed));
  return ExitCode.done;
}

function jsonOf(listed: readonly Listed[]): string {
  const facts = listed.map(({ plugin, file, isShipped, place }) => ({
    name: plugin.name,
    title: plugin.title,
    on: place !== undefined,
    ...(place !== undefined && { place }),
    shipped: isShipped,
    hooks: hooksOf(plugin),
    file,
  }));
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

function table(listed: readonly Listed[]): string {
  const rows = listed.map(({ plugin, file, isShipped, place }) => [
    place === undefined ? "off" : String(place),
    plugin.name,
    hooksOf(plugin).join(", "),
    isShipped ? "shipped" : shownPath(file),
  ]);
  const lines = [["", "PLUGIN", "HOOKS", "FROM"], ...rows].map((row) => row.map(printable));
  const widths = [0, 1, 2].map((i) => Math.max(...lines.map((row) => row[i]?.length ?? 0)));
  return lines.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd() + "\n"
  ).join("");
}
