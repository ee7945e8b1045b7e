/**
 * How the child is started.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Linux takes no longer one: MAX_ARG_STRLEN. */
const LONGEST = 128 * 1024 - 1;

/** There is no room for so many. */
export class TooManyFiles extends Error {
  override readonly name = "RuleError";
  constructor(files: number) {
    super(`${files} files of rules are too many for --isolate: put several rules into one file`);
  }
}

/**
 * A module that imports the rules, as a URL. Code that it names needs no permission to be read, unlike code that is
 * imported later; and there is no file that could be left behind.
 *
 * @param copyOf Where a file is to be read.
 * @throws {TooManyFiles}
 */
export function entryModule(
  files: readonly string[],
  copyOf: (file: string) => string = (file) => file,
): string {
  const urlOf = (file: string) => JSON.stringify(pathToFileURL(copyOf(file)).href);
  const namesOf = (file: string) =>
    `[${JSON.stringify(file)}${copyOf(file) === file ? "" : `, ${urlOf(file)}`}]`;
  const child = new URL("./child.ts", import.meta.url).href;
  const text = [
    // First: what rules could change is kept before any of them is loaded.
    `import { run } from ${JSON.stringify(child)};`,
    ...files.map((file, i) => `import * as m${i} from ${urlOf(file)};`),
    `await run([${files.map((file, i) => `[${namesOf(file)}, m${i}]`).join(", ")}]);`,
  ].join("\n");
  const bytes = new TextEncoder().encode(text);
  const url = `data:application/typescript;base64,${bytes.toBase64()}`;
  if (url.length > LONGEST) throw new TooManyFiles(files.length);
  return url;
}

/**
 * Deno's arguments: no permission at all, nobody is asked, and nothing comes over the network.
 *
 * @param config The deno.json by which `"tallyman"` is found.
 * @param memory MB of V8's heap.
 * @param entry See {@linkcode entryModule}.
 */
export function denoArguments(config: string, memory: number, entry: string): string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-remote",
    "--cached-only",
    // Without it packages are looked up anew, of which the cache need not know.
    `--lock=${join(dirname(config), "deno.lock")}`,
    `--config=${config}`,
    `--v8-flags=--max-old-space-size=${memory}`,
    entry,
  ];
}
