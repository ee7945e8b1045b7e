/**
 * Which plugins run, in which order, and with what.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ActivePlugin, Plugin } from "../plugins/mod.ts";
import { closest } from "../../syscalls/mod.ts";
import { ConfigError, type Where } from "./error.ts";
import { sinkForms, sinkPlugin } from "./sink_schemes.ts";
import type { UrlChoice } from "./sinks.ts";

/** A plugin as a configuration names it: a file, or the name of one that is shipped; with options or without. */
export type PluginConfig =
  | string
  | readonly [plugin: string, options: Readonly<Record<string, unknown>>];

/** A plugin that is to run; it is not loaded yet. */
export interface PluginChoice {
  readonly file: string;
  readonly isShipped: boolean;
  /** Undefined: nobody says. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
  /** Who names it: an option, or a place in a file. */
  readonly where: Where;
}

/** Runs unless it is switched off: it costs next to nothing, and is not even checked. */
const DEFAULT = "terminal_noise";

/** The plugins that come with the monitor. */
export const shippedPlugins: string = join(import.meta.dirname ?? "", "../../../plugins");

/** Their names. */
export function shippedPluginNames(): string[] {
  return [...Deno.readDirSync(shippedPlugins)]
    .filter(({ name, isFile }) => isFile && name.endsWith(".ts") && !name.endsWith("_test.ts"))
    .map(({ name }) => name.slice(0, -".ts".length)).sort();
}

function fileOfShipped(name: string): string {
  return join(shippedPlugins, `${name}.ts`);
}

function exists(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

/** @throws {ConfigError} if it is neither a file nor shipped. */
function choiceOf(named: PluginConfig, where: Where, folder: string): PluginChoice {
  const [name, options] = typeof named === "string" ? [named, undefined] as const : named;
  const isName = /^[a-z0-9_]+$/.test(name);
  const file = isName ? fileOfShipped(name) : resolve(folder, name);
  if (exists(file)) return { file, isShipped: isName, options, where };
  if (!isName) throw new ConfigError(where, `${name}: no such file`);
  const names = shippedPluginNames();
  const [nearest] = closest(name, names, 1);
  const meant = nearest === undefined
    ? `there are ${names.join(", ")}.`
    : `did you mean ${nearest}?`;
  throw new ConfigError(
    where,
    `no plugin ${name} is shipped: ${meant} A file is named with its path: ./${name}.ts`,
  );
}

/** Who names plugins. */
export interface NamedPlugins {
  /** The configuration's. */
  readonly config: readonly PluginConfig[];
  /** The configuration's file. */
  readonly file: string | undefined;
  readonly folder: string;
  /** The command line's. */
  readonly flags: readonly string[];
  /** Nothing is hidden in the view. */
  readonly showNoise: boolean;
}

/**
 * The plugins that run, in their order: what runs by default, the configuration's, the command line's.
 *
 * @throws {ConfigError} if one of them is not there.
 */
export function choosePlugins(named: NamedPlugins): PluginChoice[] {
  const { config, file, folder, flags, showNoise } = named;
  const chosen = [
    ...config.map((each, i) => choiceOf(each, { file: file ?? "", path: ["plugins", i] }, folder)),
    ...flags.map((each) => choiceOf(each, "--plugin", ".")),
  ];
  const noise = fileOfShipped(DEFAULT);
  if (!showNoise && !chosen.some((each) => each.file === noise)) {
    chosen.unshift({ file: noise, isShipped: true, options: undefined, where: "default" });
  }
  const files = new Set<string>();
  return chosen.filter((each) => {
    if (showNoise && each.file === noise) return false;
    // The command line may repeat what the configuration says.
    const isNew = !files.has(each.file);
    files.add(each.file);
    return isNew;
  });
}

/**
 * Loads plugins, and checks what is said to them.
 *
 * @throws {ConfigError}
 * @throws {RuleError} if a file holds no plugin, or its options are wrong.
 */
export async function loadChosen(choices: readonly PluginChoice[]): Promise<ActivePlugin[]> {
  const active: ActivePlugin[] = [];
  for (const choice of choices) active.push(...await load(choice));
  const names = new Map<string, string>();
  for (const { plugin: { name }, file = "" } of active) {
    const other = names.get(name);
    if (other !== undefined) throw new ConfigError(file, `plugin ${name} is also in ${other}`);
    names.set(name, file);
  }
  return active;
}

/**
 * The plugins of a file, checked.
 *
 * @throws {RuleError} if there are none, or one is wrong.
 */
export async function pluginsIn(file: string, isShipped = false): Promise<Plugin[]> {
  const { loadPlugins } = await import("../plugins/load.ts");
  return (await loadPlugins(file, { isShipped })).map(({ plugin }) => plugin);
}

/**
 * The plugin that a sink's URL is for, with what is said to it.
 *
 * @throws {ConfigError} if there is none, or it does not take the URL or what else is said.
 */
export async function loadSink({ url, options, where }: UrlChoice): Promise<ActivePlugin> {
  const name = sinkPlugin(url);
  if (name === undefined) {
    const forms = sinkForms.join(", ");
    throw new ConfigError(where, `${url}: there is no such sink: ${forms}`);
  }
  const file = fileOfShipped(name);
  const { activatePlugin, loadPlugins } = await import("../plugins/load.ts");
  const [loaded] = await loadPlugins(file, { isShipped: true });
  if (loaded === undefined) throw new ConfigError(where, `${file}: no plugin`);
  return sayingWhere(where, file, () => activatePlugin(loaded, { ...options, url }), `${url}: `);
}

/**
 * Does something with what is said to a plugin.
 *
 * @throws {ConfigError} in place of a `RuleError`: who named the plugin is to blame, not its file.
 */
function sayingWhere<T>(where: Where, file: string, run: () => T, before = ""): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "RuleError") throw cause;
    throw new ConfigError(where, before + cause.message.replace(`${file}: `, ""), { cause });
  }
}

async function load({ file, isShipped, options, where }: PluginChoice): Promise<ActivePlugin[]> {
  if (isShipped && options === undefined && file === fileOfShipped(DEFAULT)) {
    const module: { readonly default: Plugin } = await import(pathToFileURL(file).href);
    return [{ plugin: module.default, options: {}, file, isShipped }];
  }
  // Not before: who has no plugins of their own needs no zod.
  const { activatePlugin, loadPlugins } = await import("../plugins/load.ts");
  const loaded = await loadPlugins(file, { isShipped });
  return loaded.map((each) => sayingWhere(where, file, () => activatePlugin(each, options)));
}
