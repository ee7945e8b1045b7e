/**
 * Which files a command about rules is for.
 *
 * @module
 */
import { ExitCode, Failure } from "../exit.ts";
import { existingPath, type Settings } from "../../engine/config/mod.ts";
import { openSettings, orFailure } from "./settings.ts";

/** The options of commands about files of rules. */
export interface PathOptions {
  /** None: those of the configuration. */
  readonly paths: readonly string[];
  readonly config: string | undefined;
}

/** Files and folders, and the configuration that they are from, if they are. */
export interface NamedPaths {
  readonly paths: readonly string[];
  readonly settings: Settings | undefined;
}

/**
 * The paths that are named, or else the configuration's, which is not read otherwise.
 *
 * @throws {Failure} if there are none, or if one of them does not exist.
 */
export async function namedPaths({ paths, config }: PathOptions): Promise<NamedPaths> {
  if (paths.length > 0) {
    const existing = await orFailure(() => paths.map((path) => existingPath(path, "PATH")));
    return { paths: existing, settings: undefined };
  }
  const flags = { rules: [], noDefaultRules: true, config, ruleOn: [], ruleOff: [] };
  const settings = await openSettings(flags);
  if (settings.paths.length > 0) return { paths: settings.paths, settings };
  throw new Failure(ExitCode.usage, "Name a file with rules, or a folder of them.");
}
