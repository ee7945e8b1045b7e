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

/** ms that a file of code may take until it has run. */
const PATIENCE = 20_000;

/**
 * What a file exports, when it has run: what it awaits may never come, and nobody could do anything meanwhile.
 *
 * @param most ms.
 * @throws what it throws; also if it takes longer.
 */
export async function inTime<T>(loading: Promise<T>, most: number = PATIENCE): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = () => {
    const error = new Error(`what it awaits had not come after ${most / 1000} s`);
    // Where in our code that came up helps nobody.
    error.stack = error.message;
    reject(error);
  };
  const timer = setTimeout(late, most);
  try {
    return await Promise.race([loading, promise]);
  } finally {
    clearTimeout(timer);
  }
}
