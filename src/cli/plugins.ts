/**
 * `monitor.ts plugins`: which there are, and checking them.
 *
 * @module
 */
import type { InferValue } from "@optique/core/parser";
import type { pluginsCommand } from "./plugins/commands.ts";

/** The command's options, as parsed. */
export type PluginsOptions = InferValue<ReturnType<typeof pluginsCommand>>;

/** @returns the exit code. */
export async function plugins(options: PluginsOptions): Promise<number> {
  switch (options.action) {
    case "list":
      return await (await import("./plugins/list.ts")).listPlugins(options);
    case "check":
      return await (await import("./plugins/check.ts")).checkPlugins(options);
  }
}
