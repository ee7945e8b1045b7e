/**
 * What a configuration may say: the types that its author sees, and `defineConfig`.
 *
 * @module
 */
import type { Severity } from "../rules/mod.ts";
import type { PluginConfig } from "./plugins.ts";
import type { SinkConfig } from "./sinks.ts";

/** What a configuration says of one rule. */
export interface RuleConfig {
  /** Switches it on or off; mostly a rule that is shipped, and not recommended to everybody. */
  readonly enabled?: boolean | undefined;
  readonly severity?: Severity | undefined;
  /** What the rule takes: `monitor.ts rules explain ID`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** How many alerts it may raise, in each container. */
  readonly limit?: { readonly burst: number; readonly per: string } | undefined;
}

/** A configuration: `tallyman.config.ts`, `tallyman.config.json`, or what `--config` names. */
export interface Config {
  /** Files and folders, relative to the configuration's own folder. */
  readonly rules?: readonly string[] | undefined;
  /** Whether the rules that are shipped and recommended run: true by default. */
  readonly defaultRules?: boolean | undefined;
  /** By the rule's id. */
  readonly rule?: Readonly<Record<string, RuleConfig>> | undefined;
  /** A rule that runs longer is switched off: `500ms`; `1s` by default. */
  readonly ruleTimeout?: string | undefined;
  /** In their order: files, relative to the configuration's own folder, or names of what is shipped; with options. */
  readonly plugins?: readonly PluginConfig[] | undefined;
  /** Whether the plugin terminal_noise stays away, which runs by default. */
  readonly showNoise?: boolean | undefined;
  /**
   * Where records go to, unless `--jsonl` or `--sink` says it: `-` for standard output, a URL as `--sink` takes it, or
   * a file.
   */
  readonly sinks?: readonly SinkConfig[] | undefined;
  /** Whether rules run in a child process without permissions: false by default. */
  readonly isolate?: boolean | undefined;
}

/**
 * Types a configuration; what is in it is checked when it is read.
 *
 * ```ts
 * import { defineConfig } from "tallyman";
 *
 * export default defineConfig({
 *   rules: ["rules"],
 *   rule: { "sensitive-file-read": { severity: "critical" } },
 * });
 * ```
 */
export function defineConfig(config: Config): Config {
  return config;
}
