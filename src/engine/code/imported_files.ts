/**
 * The files that code imports, by reading it: for code that is not to run here.
 *
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Versions } from "./versions.ts";

/** What stands behind `from` or `import` and names a file. In a comment it may say nothing: a file too many. */
const imports =
  /\b(?:from|import)\s*(?:\(\s*)?(?:"((?:\.{0,2}\/|file:)[^"\n]*)"|'((?:\.{0,2}\/|file:)[^'\n]*)')/g;

/** The files that a text of code names, whether they are there or not. */
export function importedFiles(text: string, file: string): string[] {
  const base = pathToFileURL(file);
  return [...text.matchAll(imports)].flatMap(([, double, single]) => {
    try {
      const url = new URL(double ?? single ?? "", base);
      url.search = url.hash = "";
      return fileURLToPath(url);
    } catch {
      // No name that a file can have.
      return [];
    }
  });
}

/** Has versions follow files, with all that they import. */
export function followImports(versions: Versions, files: Iterable<string>): void {
  const seen = new Set(files);
  // A set goes on to what is added to it meanwhile.
  for (const file of seen) {
    versions.of(file);
    let text: string;
    try {
      text = Deno.readTextFileSync(file);
    } catch {
      // Who imports it will say so.
      continue;
    }
    for (const each of importedFiles(text, file)) {
      versions.link(file, each);
      seen.add(each);
    }
  }
}
