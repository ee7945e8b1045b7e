/**
 * `monitor.ts rules test`: the tests of rules, by `deno test`.
 *
 * @module
 */
import { join } from "node:path";
import { ExitCode, Failure } from "../exit.ts";
import { config, runDeno } from "./deno.ts";
import { namedPaths, nothingNamed, type PathOptions } from "./paths.ts";
import { shownPath } from "./shown.ts";

/** As `deno test` knows them, without its `test.ts`, which may be anything. */
const isTest = (name: string) => /[._]test\.[mc]?[tj]s$/.test(name);

/** Runs the tests of rules. @returns the exit code of `deno test`. */
export async function testRules(options: PathOptions): Promise<number> {
  const { paths } = await namedPaths(options);
  const files = [...new Set(paths.flatMap(testsOf))];
  if (paths.length === 0) throw new Failure(ExitCode.usage, nothingNamed);
  if (files.length > 0) return await runDeno(["test", "-A", "--config", config, ...files]);
  throw new Failure(
    ExitCode.usage,
    `${paths.map(shownPath).join(", ")}: no tests: those of rule.ts are in rule_test.ts beside it`,
  );
}

/** A test is itself; a rule's is beside it; a folder's are all those in it and below. */
function testsOf(path: string): string[] {
  if (!Deno.statSync(path).isDirectory) {
    if (isTest(path)) return [path];
    const [, stem = path, extension = ""] = /^(.*)(\.[mc]?[tj]s)$/.exec(path) ?? [];
    return [`${stem}_test${extension}`, `${stem}.test${extension}`].filter(isFile);
  }
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    if (isDirectory && !name.startsWith(".") && name !== "node_modules") {
      found.push(...testsOf(join(path, name)));
    } else if (!isDirectory && isTest(name)) found.push(join(path, name));
  }
  return found.sort();
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
