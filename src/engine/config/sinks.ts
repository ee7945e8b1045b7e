/**
 * Where records go to, as a configuration says it.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Rotation } from "../../sinks/mod.ts";
import { millisecondsOf } from "../rules/duration.ts";
import { ConfigError, type Where } from "./error.ts";
import { parseSize } from "./size.ts";

/** A file, and when a new one begins. */
export interface FileSinkConfig {
  /** Relative to the configuration's own folder. */
  readonly file: string;
  /** Begin a new file before one is larger: `50M`. */
  readonly rotateSize?: string | undefined;
  /** Begin a new file each `1h`, `10m`, counted from full hours, in UTC. */
  readonly rotateInterval?: string | undefined;
  /** Rotated files that stay: 10 by default. */
  readonly rotateKeep?: number | undefined;
  /** Whether rotated files are compressed, but the newest. */
  readonly rotateGzip?: boolean | undefined;
  /** What may wait for it: `64M`; `--queue` by default. */
  readonly queue?: string | undefined;
}

/** A place by its URL, as `--sink` takes it. */
export interface UrlSinkConfig {
  readonly url: string;
  /** What may wait for it: `64M`; `--queue` by default. */
  readonly queue?: string | undefined;
  /** What else the plugin takes that the URL is for: `headers` of HTTP, … */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Where records go to: a URL, `-` for standard output, or one of these with what else there is to say. */
export type SinkConfig = string | FileSinkConfig | UrlSinkConfig;

/** A place that is for a plugin. */
export interface UrlChoice {
  readonly kind: "url";
  readonly url: string;
  /** What else is said to the plugin. */
  readonly options: Readonly<Record<string, unknown>> | undefined;
  /** Who names it: an option, or a place in a file. */
  readonly where: Where;
}

/** Where records are to go to; nothing is opened yet. */
export type SinkChoice =
  & (
    | { readonly kind: "stdout" }
    | { readonly kind: "file"; readonly path: string; readonly rotation: Rotation | undefined }
    | UrlChoice
  )
  & {
    /** Bytes that may wait for it; undefined: nobody says. */
    readonly queue: number | undefined;
  };

/** Rotated files that stay, where nobody says. */
export const KEPT_FILES = 10;

/**
 * The sinks of a configuration that has been checked.
 *
 * @throws {ConfigError} if one of them is there twice.
 */
export function chooseSinks(
  config: readonly SinkConfig[],
  file: string | undefined,
  folder: string,
): SinkChoice[] {
  const chosen = config.map((each, i) =>
    choiceOf(each, folder, { file: file ?? "", path: ["sinks", i] })
  );
  const names = new Set<string>();
  for (const [i, choice] of chosen.entries()) {
    const name = nameOf(choice);
    if (names.has(name)) {
      throw new ConfigError({ file: file ?? "", path: ["sinks", i] }, `${name} is there twice`);
    }
    names.add(name);
  }
  return chosen;
}

function choiceOf(config: SinkConfig, folder: string, where: Where): SinkChoice {
  if (config === "-") return { kind: "stdout", queue: undefined };
  if (typeof config === "string") return urlChoice(config, where);
  const queue = config.queue === undefined ? undefined : parseSize(config.queue);
  if ("url" in config) return { ...urlChoice(config.url, where, config.options), queue };
  return { kind: "file", path: resolve(folder, config.file), rotation: rotationOf(config), queue };
}

/** @param where Who names it. */
export function urlChoice(url: string, where: Where, options?: UrlSinkConfig["options"]) {
  return { kind: "url", url, options, where, queue: undefined } as const;
}

function rotationOf(
  { rotateSize, rotateInterval, rotateKeep = KEPT_FILES, rotateGzip = false }: FileSinkConfig,
): Rotation | undefined {
  if (rotateSize === undefined && rotateInterval === undefined) return undefined;
  return {
    size: rotateSize === undefined ? undefined : parseSize(rotateSize),
    interval: rotateInterval === undefined ? undefined : millisecondsOf(rotateInterval),
    keep: rotateKeep,
    gzip: rotateGzip,
  };
}

function nameOf(choice: SinkChoice): string {
  switch (choice.kind) {
    case "stdout":
      return "-";
    case "file":
      return choice.path;
    case "url":
      return choice.url;
  }
}
