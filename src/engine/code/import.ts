/**
 * How files of code are imported.
 *
 * @module
 */
import { pathToFileURL } from "node:url";

/** What a file exports. */
export type Module = Readonly<Record<string, unknown>>;

/** Imports files of code. */
export interface CodeImporter {
  /** By which URL a file is imported now: stacks name it by that. */
  urlOf(file: string): string;
  /** Runs a file, or has it run already. Throws whatever the file or Deno throws. */
  import(file: string): Promise<Module>;
}

/** Once for all: whoever edits a file has to start us again. */
export const importedOnce: CodeImporter = {
  urlOf: (file) => pathToFileURL(file).href,
  import: (file) => import(pathToFileURL(file).href),
};
