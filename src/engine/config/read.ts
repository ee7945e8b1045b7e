/**
 * Settings: what the configuration says and what the command line says, put together before any rule is loaded.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { codeErrorText, type CodeImporter, importedOnce, inTime } from "../code/mod.ts";
import { millisecondsOf } from "../rules/duration.ts";
import type { Config, RuleConfig } from "./define.ts";
import { ConfigError, type Where } from "./error.ts";
import { findConfig } from "./find.ts";
import { choosePlugins, type PluginChoice } from "./plugins.ts";
import { chooseSinks, type SinkChoice } from "./sinks.ts";

/** What the command line says: it wins over the configuration. */
export interface RuleFlags {
  /** Files and folders, besides those of the configuration. */
  readonly rules: readonly string[];
  readonly noDefaultRules: boolean;
  /** The configuration; undefined: the one in the current folder, if there is one. */
  readonly config: string | undefined;
  /** Ids to switch on. */
  readonly ruleOn: readonly string[];
  /** Ids to switch off. */
  readonly ruleOff: readonly string[];
  /** ms. */
  readonly ruleTimeout?: number | undefined;
  /** Files, or names of what is shipped, behind those of the configuration. */
  readonly plugins?: readonly string[];
  /** Nothing is hidden as a terminal's noise. */
  readonly showNoise?: boolean;
  readonly isolate?: boolean | undefined;
}

/** What is to run, as far as is known before rules are loaded. */
export interface Settings {
  /** The configuration's file. */
  readonly file: string | undefined;
  /** Files and folders that exist. */
  readonly paths: readonly string[];
  /** Whether what is shipped and recommended runs. */
  readonly defaultRules: boolean;
  /** By id, from the configuration. */
  readonly rule: Readonly<Record<string, RuleConfig>>;
  /** Switched on or off on the command line, by id. */
  readonly switched: ReadonlyMap<string, boolean>;
  /** ms; undefined: nobody says. */
  readonly ruleTimeout: number | undefined;
  /** Whether rules run in a child process without permissions. */
  readonly isolate: boolean;
  /** Whether any rule can run: what is named may yet turn out not to exist. */
  readonly hasRules: boolean;
  /** In their order; files that exist. */
  readonly plugins: readonly PluginChoice[];
  /** The configuration's, for who is not told by the command line. */
  readonly sinks: readonly SinkChoice[];
}

/**
 * Reads the configuration, and sees that the paths are there. No rule is loaded.
 *
 * @throws {ConfigError}
 */
export async function readSettings(
  flags: RuleFlags,
  code: CodeImporter = importedOnce,
): Promise<Settings> {
  const file = flags.config ?? findConfig(".");
  const config = file === undefined ? {} : await readConfig(file, code);
  const { rules = [], rule = {}, ruleTimeout, isolate = false } = config;
  const folder = dirname(file ?? ".");
  const paths = [
    ...rules.map((path, i) => existingPath(path, { file: file ?? "", path: ["rules", i] }, folder)),
    ...flags.rules.map((path) => existingPath(path, "--rules")),
  ];
  const defaultRules = !flags.noDefaultRules && (config.defaultRules ?? true);
  const both = flags.ruleOn.find((id) => flags.ruleOff.includes(id));
  if (both !== undefined) {
    throw new ConfigError("--rule", `${both} is switched off by --no-rule, too`);
  }
  const switched = new Map([
    ...flags.ruleOn.map((id) => [id, true] as const),
    ...flags.ruleOff.map((id) => [id, false] as const),
  ]);
  const plugins = choosePlugins({
    config: config.plugins ?? [],
    file,
    folder,
    flags: flags.plugins ?? [],
    showNoise: flags.showNoise ?? config.showNoise ?? false,
  });
  return {
    plugins,
    sinks: chooseSinks(config.sinks ?? [], file, folder),
    file,
    paths,
    defaultRules,
    rule,
    switched,
    ruleTimeout: flags.ruleTimeout ??
      (ruleTimeout === undefined ? undefined : Math.round(millisecondsOf(ruleTimeout))),
    isolate: flags.isolate || isolate,
    hasRules: defaultRules || paths.length > 0 || switched.size > 0 || Object.keys(rule).length > 0,
  };
}

/**
 * A path, absolute.
 *
 * @param where Who names it: an option, or a place in a file.
 * @throws {ConfigError} if there is nothing, or nothing that we may see.
 */
export function existingPath(path: string, where: Where, folder = "."): string {
  const absolute = resolve(folder, path);
  try {
    Deno.statSync(absolute);
    return absolute;
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotFound
      ? "no such file or folder"
      : cause instanceof Error
      ? cause.message
      : String(cause);
    throw new ConfigError(where, `${path}: ${reason}`, { cause });
  }
}

/**
 * What a configuration's file holds, checked.
 *
 * @throws {ConfigError}
 */
export async function readConfig(
  file: string,
  code: CodeImporter = importedOnce,
): Promise<Config> {
  existingPath(file, "--config");
  const value = file.endsWith(".json") ? readJson(file) : await importDefault(file, code);
  // Not before: who has no configuration needs no zod.
  const { checkConfig } = await import("./schema.ts");
  return checkConfig(file, value);
}

function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { line, column } = brokenAt(text);
    // What V8 quotes of the text, and where, if it says so.
    const said = String(cause).replace(
      /,? (?:\.\.\.)?".*is not valid JSON$| in JSON at position.*$| at position .*$/s,
      "",
    );
    throw new ConfigError(`${file}:${line}:${column}`, said, { cause });
  }
}

function readText(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (cause) {
    throw new ConfigError(file, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Where JSON is broken: what stands before is the longest beginning that may still become JSON. V8 may not say it. */
function brokenAt(text: string): { line: number; column: number } {
  const isHopeless = (length: number) => {
    try {
      JSON.parse(text.slice(0, length));
      return false;
    } catch (error) {
      const [, at] = /at position (\d+)/.exec(String(error)) ?? [];
      return at === undefined ? !String(error).includes("end of JSON") : Number(at) < length;
    }
  };
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isHopeless(middle)) bad = middle;
    else good = middle;
  }
  const before = text.slice(0, good).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

async function importDefault(file: string, code: CodeImporter): Promise<unknown> {
  let value: unknown;
  try {
    // What it exports may be a promise itself.
    value = await inTime(code.import(resolve(file)).then((module) => module["default"]));
  } catch (cause) {
    throw new ConfigError(file, codeErrorText(cause, file), { cause });
  }
  if (value !== undefined) return value;
  throw new ConfigError(file, "it exports nothing: write export default defineConfig({ … })");
}
