/**
 * Plugins of a configuration, where a command has none.
 *
 * @module
 */
import { relative } from "node:path";
import type { Settings } from "../../engine/config/mod.ts";
import { printable } from "../../sinks/mod.ts";
import { say } from "../exit.ts";

/** Says that they don't run: somebody may count on what they leave out or rewrite. */
export function tellPlugins({ plugins }: Pick<Settings, "plugins">): void {
  const files = plugins.filter(({ where }) => where !== "default")
    .map(({ file }) => printable(relative(".", file)));
  if (files.length > 0) {
    say(`no plugins run here, not those of the configuration: ${files.join(", ")}`);
  }
}
