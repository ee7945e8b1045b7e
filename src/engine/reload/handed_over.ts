/**
 * Rules that are not imported here, but handed over to who loads them: which of their files have changed since.
 *
 * @module
 */
import { followImports, type Versions } from "../code/mod.ts";
import { speaksOfShipped } from "../config/choose.ts";
import type { Settings } from "../config/mod.ts";
import { ruleFiles } from "../rules/mod.ts";

/** The files of rules, as they were when they were handed over last. */
export class HandedOver {
  readonly #versions: Versions;
  readonly #shipped: string;
  #before = new Map<string, number>();
  #now = new Map<string, number>();

  constructor(versions: Versions, shipped: string) {
    this.#versions = versions;
    this.#shipped = shipped;
  }

  /** Looks at the files of settings, and at all that they import. */
  look(settings: Settings): void {
    const paths = [...settings.paths, ...speaksOfShipped(settings) ? [this.#shipped] : []];
    const files = paths.flatMap((path) => {
      try {
        return ruleFiles(path);
      } catch {
        // For who loads them to tell.
        return [];
      }
    });
    followImports(this.#versions, files);
    this.#now = new Map(files.map((file) => [file, this.#versions.of(file)]));
  }

  /** Whether a file, or something that it imports, is another than when it was handed over. */
  readonly isEdited = (file: string): boolean => this.#now.get(file) !== this.#before.get(file);

  /** What was looked at last runs now. */
  commit(): void {
    this.#before = this.#now;
  }
}
