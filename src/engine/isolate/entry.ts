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
 * @throws {TooManyFiles}
 */
export function entryModule(files: readonly string[]): string {
  const child = new URL("./child.ts", import.meta.url).href;
  const text = [
    // First: what rules could change is kept before any of them is loaded.
    `import { run } from ${JSON.stringify(child)};`,
    ...files.map((file, i) =>
      `import * as m${i} from ${JSON.stringify(pathToFileURL(file).href)};`
    ),
    `await run([${files.map((file, i) => `[${JSON.stringify(file)}, m${i}]`).join(", ")}]);`,
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
 */
export function denoArguments(
  files: readonly string[],
  config: string,
  memory: number,
): string[] {
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
    entryModule(files),
  ];
}
