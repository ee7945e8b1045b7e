/**
 * Files of code that can be imported again when they have changed, with all that they import.
 *
 * Deno keeps a module by its URL for good. So an edited file is imported as `rule.ts?v=2`, and what imports it, too;
 * who imports which is heard from Deno itself, while it resolves. What has not changed stays the module that it is.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { CodeImporter, Module } from "./import.ts";
import { Versions } from "./versions.ts";

/** Ours: "tallyman" must be the same for all. Rules and plugins that are shipped are code as any other. */
const own = ["src/", "mod.ts", "testing.ts", "monitor.ts"]
  .map((path) => new URL(`../../../${path}`, import.meta.url).href);

const versioned = /\?v=\d+$/;

/** Imports of a version that say something else each time. */
const TRIES = 20;

/** A specifier that names a file. */
const isPath = /^(?:\.{0,2}\/|file:)/;

/** The file of a URL that can have versions; undefined: it is ours, a package's, or has a query of its own. */
function fileOf(url: string): string | undefined {
  const plain = url.replace(versioned, "");
  if (!plain.startsWith("file:///") || /[?#]/.test(plain)) return undefined;
  if (plain.includes("/node_modules/") || own.some((each) => plain.startsWith(each))) {
    return undefined;
  }
  return fileURLToPath(plain);
}

/** The files that an error names, in its message or its stack. */
function filesIn(error: unknown): string[] {
  const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
  return [...text.matchAll(/file:\/\/\/[^\s"'()]+?(?=["':?)\s]|$)/g)].flatMap(([url]) => {
    try {
      return fileOf(url) ?? [];
    } catch {
      // It only looked like one.
      return [];
    }
  });
}

function digestOf(file: string): string | undefined {
  try {
    const content = Deno.readFileSync(file);
    return content.length === 0 ? "" : createHash("sha256").update(content).digest("base64");
  } catch {
    // Whether it is gone or can't be read is for the import to say.
    return undefined;
  }
}

/** Imports files by their newest versions, while it is not disposed. */
export class VersionedCode implements CodeImporter, Disposable {
  readonly versions: Versions = new Versions(digestOf);
  readonly #hooks: ReturnType<typeof registerHooks>;

  constructor() {
    this.#hooks = registerHooks({
      resolve: (specifier, context, next) => {
        const resolved = next(specifier, context);
        // Packages, and "tallyman", are the same for all; what they import themselves is theirs.
        if (!isPath.test(specifier)) return resolved;
        const file = fileOf(resolved.url);
        if (file === undefined) return resolved;
        const from = context.parentURL === undefined ? undefined : fileOf(context.parentURL);
        if (from !== undefined && this.versions.has(from)) this.versions.link(from, file);
        return this.versions.has(file) ? { ...resolved, url: this.urlOf(file) } : resolved;
      },
    });
  }

  urlOf(file: string): string {
    const version = this.versions.of(file);
    return pathToFileURL(file).href + (version === 0 ? "" : `?v=${version}`);
  }

  async import(file: string): Promise<Module> {
    try {
      return await this.#import(this.urlOf(file));
    } catch (error) {
      // What could not be found or read was never resolved: whoever mends it, this file is to be tried again.
      for (const each of filesIn(error)) if (each !== file) this.versions.link(file, each);
      this.versions.failed(file);
      throw error;
    }
  }

  /**
   * Of a file that was broken Deno may know what was wrong before, and says it once more when the file is mended: what
   * it says twice is so. A module that has run and thrown is not run again by that.
   */
  async #import(url: string): Promise<Module> {
    let said: string | undefined;
    for (let left = TRIES;; left--) {
      try {
        return await import(url);
      } catch (error) {
        const says = String(error);
        if (says === said || left === 0) throw error;
        said = says;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#hooks.deregister();
  }
}
