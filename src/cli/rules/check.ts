/**
 * `monitor.ts rules check`: whether rules compile, and are rules.
 *
 * @module
 */
import { activate, loadFile, RuleError, ruleFiles } from "../../engine/rules/mod.ts";
import { loadChosen, loadSink, type Settings } from "../../engine/config/mod.ts";
import { writeAll } from "../../sinks/mod.ts";
import { ExitCode, Failure, say } from "../exit.ts";
import { compilerErrors } from "./compiler.ts";
import { askDeno, config } from "./deno.ts";
import { namedPaths, type PathOptions } from "./paths.ts";
import { problemText } from "./problem.ts";
import { openRules, orFailure, printableLines } from "./settings.ts";
import { shownPath } from "./shown.ts";

/** Checks files of rules: all that is wrong is said, not only what comes first. */
export async function checkRules(options: PathOptions): Promise<number> {
  const { paths, settings } = await namedPaths(options);
  const files = [...new Set(paths.flatMap((path) => ruleFiles(path)))];
  const typed = [...files, ...(settings?.file?.endsWith(".ts") ? [settings.file] : [])];
  const { code, stderr } = typed.length === 0
    ? { code: 0, stderr: "" }
    : await askDeno(["check", "--quiet", "--config", config, ...typed]);
  const problems = code === 0 ? [] : compilerErrors(stderr);
  if (code !== 0 && problems.length === 0) {
    throw new Failure(ExitCode.failed, `deno check ended with exit code ${code}`);
  }
  const loaded = new Map<string, string>();
  if (problems.length === 0) problems.push(...await load(paths, loaded));
  for (const problem of problems) say(printableLines(problem));
  if (problems.length > 0) return ExitCode.usage;
  if (settings !== undefined) await checkSettings(settings);
  const own = settings?.file === undefined ? [] : [shownPath(settings.file)];
  const rules = files.length === 0 ? [] : [summary(loaded, files)];
  writeAll(Deno.stdout, `ok: ${[...rules, ...own].join("; ")}\n`);
  return ExitCode.done;
}

/** Whether what a configuration says of rules, plugins and sinks is right, too. */
async function checkSettings(settings: Settings): Promise<void> {
  await openRules(settings);
  await orFailure(async () => {
    await loadChosen(settings.plugins);
    for (const sink of settings.sinks) if (sink.kind === "url") await loadSink(sink);
  });
}

/**
 * Loads rules, as the monitor would.
 *
 * @param loaded Takes in their files, by id.
 * @returns what is wrong.
 */
async function load(paths: readonly string[], loaded: Map<string, string>): Promise<string[]> {
  const problems: string[] = [];
  for (const path of paths) {
    let found = 0;
    for (const file of ruleFiles(path)) {
      try {
        for (const each of await loadFile(file)) {
          found++;
          activate(each);
          const { id } = each.rule;
          const other = loaded.get(id);
          if (other !== undefined && other !== file) {
            problems.push(`${shownPath(file)}: rule ${id} is also in ${shownPath(other)}`);
          }
          loaded.set(id, file);
        }
      } catch (error) {
        if (!(error instanceof RuleError)) throw error;
        found++;
        problems.push(problemText(error.file, error));
      }
    }
    if (found === 0) {
      problems.push(`${shownPath(path)}: no rule: a rule is what defineRule() makes, exported`);
    }
  }
  return problems;
}

function summary(rules: ReadonlyMap<string, string>, files: readonly string[]): string {
  const count = rules.size === 1 ? "1 rule" : `${rules.size} rules`;
  const where = files.length === 1 ? "1 file" : `${files.length} files`;
  return `${count} in ${where}: ${[...rules.keys()].sort().join(", ")}`;
}
