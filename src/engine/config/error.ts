/**
 * What is wrong with a configuration.
 *
 * @module
 */

import { type ConfigPath, placeIn } from "./place.ts";

/** Something in a configuration's file. */
export interface ConfigPlace {
  readonly file: string;
  readonly path: ConfigPath;
}

/** Who says something: an option, a file, or something in it. */
export type Where = string | ConfigPlace;

/** `tallyman.config.ts:4:3`, or the file alone if nobody can say where in it. */
export function placeText({ file, path }: ConfigPlace): string {
  try {
    const { line, column } = placeIn(Deno.readTextFileSync(file), path, file.endsWith(".json")) ??
      {};
    return line === undefined ? file : `${file}:${line}:${column}`;
  } catch {
    return file;
  }
}

/** What is wrong with a configuration, or with what stands on the command line instead: where, and what. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** A file with line and column, or an option. */
  readonly where: string;

  constructor(where: Where, message: string, options?: ErrorOptions) {
    const isPlace = typeof where === "object";
    const at = isPlace ? placeText(where) : where;
    const path = isPlace ? `${where.path.map(String).join(".")}: ` : "";
    super(`${at}: ${path}${message}`, options);
    this.where = at;
  }
}
