/**
 * `monitor.ts plugins check`: whether plugins compile, and are plugins.
 *
 * @module
 */
import { existingPath, pluginsIn } from "../../engine/config/mod.ts";
import { RuleError } from "../../engine/rules/mod.ts";
import { writeAll } from "../../sinks/mod.ts";
import { ExitCode, Failure, say } from "../exit.ts";
import { compilerErrors, placeFirst } from "../rules/compiler.ts";
import { askDeno, config } from "../rules/deno.ts";
import { orFailure, printableLines } from "../rules/settings.ts";
import { shownPath } from "../rules/shown.ts";

/** Checks files of plugins: all that is wrong is said, not only what comes first. */
export async function checkPlugins({ files }: { readonly files: readonly string[] }) {
  const paths = await orFailure(() => files.map((file) => existingPath(file, "FILE")));
  const { code, stderr } = await askDeno(["check", "--quiet", "--config", config, ...paths]);
  const problems = code === 0 ? [] : compilerErrors(stderr);
  if (code !== 0 && problems.length === 0) {
    throw new Failure(ExitCode.failed, `deno check ended with exit code ${code}`);
  }
  const names: string[] = [];
  for (const path of problems.length > 0 ? [] : paths) {
    try {
      names.push(...(await pluginsIn(path)).map(({ name }) => name));
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      const { file, message } = error;
      const what = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
      problems.push(placeFirst(what) ?? `${shownPath(file)}: ${what}`);
    }
  }
  for (const problem of problems) say(printableLines(problem));
  if (problems.length > 0) return ExitCode.usage;
  writeAll(Deno.stdout, `ok: ${names.sort().join(", ")}\n`);
  return ExitCode.done;
}
