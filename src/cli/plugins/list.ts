/**
 * `monitor.ts plugins list`: which plugins run, in their order, and which are shipped besides.
 *
 * @module
 */
import { join } from "node:path";
import {
  formsOf,
  loadChosen,
  pluginsIn,
  shippedPluginNames,
  shippedPlugins,
  sinkPlugin,
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
  /** Sinks of the configuration that are its. */
  readonly sinks: number;
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
    sinks: 0,
  }));
  const asked = settings.sinks.map((sink) => sink.kind === "url" ? sinkPlugin(sink.url) : "");
  for (const name of shippedPluginNames()) {
    const file = join(shippedPlugins, `${name}.ts`);
    if (listed.some((each) => each.file === file)) continue;
    for (const plugin of await pluginsIn(file, true)) {
      const sinks = asked.filter((each) => each === name).length;
      listed.push({ plugin, file, isShipped: true, place: undefined, sinks });
    }
  }
  writeAll(Deno.stdout, json ? jsonOf(listed) : table(listed));
  return ExitCode.done;
}

function jsonOf(listed: readonly Listed[]): string {
  const facts = listed.map(({ plugin, file, isShipped, place, sinks }) => ({
    name: plugin.name,
    title: plugin.title,
    on: place !== undefined || sinks > 0,
    ...(place !== undefined && { place }),
    ...(sinks > 0 && { sinks }),
    shipped: isShipped,
    ...(isShipped && formsOf(plugin.name).length > 0 && { urls: formsOf(plugin.name) }),
    hooks: hooksOf(plugin),
    file,
  }));
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

/** What a plugin is on for. URLs are not shown: one may hold a password. */
function stateOf({ place, sinks }: Listed): string {
  if (place !== undefined) return String(place);
  return sinks === 0 ? "off" : sinks === 1 ? "a sink" : `${sinks} sinks`;
}

/** Where it is from, and what asks for it besides its name. */
function originOf({ plugin, file, isShipped }: Listed): string {
  if (!isShipped) return shownPath(file);
  const forms = formsOf(plugin.name);
  return forms.length === 0 ? "shipped" : `shipped: --sink ${forms.join(", ")}`;
}

function table(listed: readonly Listed[]): string {
  const rows = listed.map((each) => [
    stateOf(each),
    each.plugin.name,
    hooksOf(each.plugin).join(", "),
    originOf(each),
  ]);
  const lines = [["", "PLUGIN", "HOOKS", "FROM"], ...rows].map((row) => row.map(printable));
  const widths = [0, 1, 2].map((i) => Math.max(...lines.map((row) => row[i]?.length ?? 0)));
  return lines.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd() + "\n"
  ).join("");
}
