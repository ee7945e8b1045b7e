/**
 * `monitor.ts rules new`: a rule and its test.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { writeAll } from "../../sinks/mod.ts";
import { ExitCode, Failure } from "../exit.ts";
import { checkout, config } from "./deno.ts";
import { shownPath } from "./shown.ts";
import { idOf, ruleText, testText } from "./template.ts";

/** The command's options, as parsed. */
export interface CreateOptions {
  readonly name: string;
  readonly folder: string;
}

/** Writes the files, or none of them if one is there already. */
export function createRule(options: CreateOptions): number {
  const name = options.name.replace(/\.ts$/, "");
  const id = idOf(name);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name) || id === "" || /[._]test$/.test(name)) {
    throw new Failure(
      ExitCode.usage,
      `${JSON.stringify(options.name)} can't be a rule's name: letters, digits, - and _, ` +
        "like hosts_written; its folder is named by --dir.",
    );
  }
  const [rule, test] = [`${name}.ts`, `${name}_test.ts`];
  const files = new Map([
    [join(options.folder, rule), ruleText(id)],
    [join(options.folder, test), testText(id, rule)],
  ]);
  for (const file of files.keys()) {
    if (exists(file)) throw new Failure(ExitCode.usage, `${file} is there already.`);
  }
  Deno.mkdirSync(options.folder, { recursive: true });
  const above = configAbove(resolve(options.folder));
  if (above === undefined) files.set(join(options.folder, "deno.json"), denoJson());
  for (const [file, text] of files) Deno.writeTextFileSync(file, text, { createNew: true });
  const [path = "", testPath = ""] = [...files.keys()].map(shownPath);
  writeAll(
    Deno.stdout,
    [
      ...[...files.keys()].map((file) => `wrote ${shownPath(file)}\n`),
      ...above === undefined || resolvesUs(above) ? [] : [
        `${above} is for this folder, too: for editors to know "tallyman", put into its imports:\n`,
        ...Object.entries(imports()).map(([name, url]) => `  "${name}": "${url}",\n`),
      ],
      `\nThe rule ${id} runs as it is. Change it, and then:\n`,
      `  monitor.ts rules check ${path}\n`,
      `  monitor.ts rules test ${testPath}\n`,
      `  monitor.ts --rules ${path}\n`,
    ].join(""),
  );
  return ExitCode.done;
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The configuration of Deno that holds for a folder. */
function configAbove(folder: string): string | undefined {
  const here = ["deno.json", "deno.jsonc"].map((name) => join(folder, name)).find(exists);
  if (here !== undefined) return here;
  const above = dirname(folder);
  return above === folder ? undefined : configAbove(above);
}

/** Whether files that it is for know us: it is ours, or it was written here, or names us by itself. */
function resolvesUs(file: string): boolean {
  return resolve(file) === resolve(config) ||
    Deno.readTextFileSync(file).includes('"tallyman/testing"');
}

const ours = z.looseObject({
  imports: z.record(z.string(), z.string()),
  compilerOptions: z.record(z.string(), z.unknown()),
});

function ownConfig(): z.infer<typeof ours> {
  return ours.parse(JSON.parse(Deno.readTextFileSync(config)));
}

/** What we import ourselves, and we by our files: an import map is for all that is imported from a folder. */
function imports(): Record<string, string> {
  return {
    ...ownConfig().imports,
    "tallyman": pathToFileURL(join(checkout, "mod.ts")).href,
    "tallyman/testing": pathToFileURL(join(checkout, "testing.ts")).href,
  };
}

/** For editors, and `deno test` by itself: with our compiler's options, so that they say what `rules check` says. */
function denoJson(): string {
  const { compilerOptions } = ownConfig();
  return `${JSON.stringify({ imports: imports(), compilerOptions }, undefined, 2)}\n`;
}
