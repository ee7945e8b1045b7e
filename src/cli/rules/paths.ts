/**
 * Which files a command about rules is for.
 *
 * @module
 */
import { ExitCode, Failure } from "../exit.ts";
import { existingPath, type Settings } from "../../engine/config/mod.ts";
import { openSettings, orFailure } from "./settings.ts";

/** What to do where there is nothing to do something with. */
export const nothingNamed = "Name a file with rules, or a folder of them.";

/** The options of commands about files of rules. */
export interface PathOptions {
  /** None: those of the configuration. */
  readonly paths: readonly string[];
  readonly config: string | undefined;
}

/** Files and folders, and the configuration that they are from, or that is named besides. */
export interface NamedPaths {
  /** None: there is a configuration, and it names none. */
  readonly paths: readonly string[];
  readonly settings: Settings | undefined;
}

/**
 * The paths that are named, or else the configuration's, which is not read otherwise unless it is named, too.
 *
 * @throws {Failure} if there is neither, or if one of them does not exist.
 */
export async function namedPaths({ paths, config }: PathOptions): Promise<NamedPaths> {
  const read = () =>
    openSettings({ rules: [], noDefaultRules: true, config, ruleOn: [], ruleOff: [] });
  if (paths.length > 0) {
    const existing = await orFailure(() => paths.map((path) => existingPath(path, "PATH")));
    return { paths: existing, settings: config === undefined ? undefined : await read() };
  }
  const settings = await read();
  if (settings.file !== undefined) return { paths: settings.paths, settings };
  throw new Failure(ExitCode.usage, nothingNamed);
}
