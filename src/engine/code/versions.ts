/**
 * Which files of code have changed, and which others are new with them, because they import them.
 *
 * @module
 */

/** What a file holds, in short; undefined: there is no such file, or we may not read it. */
export type Digest = (file: string) => string | undefined;

interface Known {
  digest: string | undefined;
  /** 0: nothing has been edited since the start. */
  version: number;
  /** What this version imports, as far as it has been imported. */
  imports: Set<string>;
  /** It could not be imported: what it lacks may be anywhere. */
  hasFailed: boolean;
}

/**
 * The versions of files, by path. A file has another version when it has changed, or something that it imports; no
 * version comes twice, so that what a version has remembered never comes back to life.
 */
export class Versions {
  readonly #digest: Digest;
  readonly #known = new Map<string, Known>();
  #newest = 0;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  /** All files that have been asked for, those that there are not among them. */
  get files(): Iterable<string> {
    return this.#known.keys();
  }

  /** A file's version: to be asked before the file is read. */
  of(file: string): number {
    return this.#get(file).version;
  }

  /** Whether it has been asked for. */
  has(file: string): boolean {
    return this.#known.has(file);
  }

  #get(file: string): Known {
    let known = this.#known.get(file);
    if (known === undefined) {
      // Not 0: Deno may have read it for an import that failed, before it was asked for here, and keeps what it has.
      const version = this.#newest;
      known = { digest: this.#digest(file), version, imports: new Set(), hasFailed: false };
      this.#known.set(file, known);
    }
    return known;
  }

  /** One file imports another. */
  link(from: string, to: string): void {
    this.#get(to);
    this.#get(from).imports.add(to);
  }

  /** A file could not be imported: it is tried again with the next change, whatever that is. */
  failed(file: string): void {
    this.#get(file).hasFailed = true;
  }

  /** Files that there were when they were looked at last, and that are gone or empty now: perhaps for a moment. */
  vanished(): string[] {
    return [...this.#known].filter(([file, { digest }]) =>
      (digest ?? "") !== "" && (this.#digest(file) ?? "") === ""
    ).map(([file]) => file);
  }

  /**
   * Looks at all files again.
   *
   * @returns those that have another version now.
   */
  refresh(): Set<string> {
    const fresh = new Set<string>();
    for (const [file, known] of this.#known) {
      const digest = this.#digest(file);
      if (digest === known.digest) continue;
      known.digest = digest;
      fresh.add(file);
    }
    if (fresh.size === 0) return fresh;
    for (const [file, { hasFailed }] of this.#known) if (hasFailed) fresh.add(file);
    this.#addImporters(fresh);
    this.#newest++;
    for (const file of fresh) {
      const known = this.#get(file);
      known.version = this.#newest;
      known.imports = new Set();
      known.hasFailed = false;
    }
    return fresh;
  }

  #addImporters(fresh: Set<string>): void {
    const importers = new Map<string, string[]>();
    for (const [file, { imports }] of this.#known) {
      for (const each of imports) importers.set(each, [...importers.get(each) ?? [], file]);
    }
    // A set goes on to what is added to it meanwhile.
    for (const file of fresh) for (const each of importers.get(file) ?? []) fresh.add(each);
  }
}
