/**
 * What a child loads, kept for another child that is to run the same: the files may have been edited since, and be
 * broken.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { importedFiles } from "../code/mod.ts";

/** Bytes that are kept. */
const MOST = 16 * 1024 * 1024;

/** The files of rules, and what is in them and in all that they import. */
export class Sources {
  /** By path of the settings. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** By file; undefined: it can't be kept. */
  readonly #contents: ReadonlyMap<string, Uint8Array> | undefined;
  readonly #shipped: string;

  /**
   * Reads files as they are now.
   *
   * @param shipped The folder of rules that nobody edits: they are not kept.
   */
  constructor(
    files: Readonly<Record<string, readonly string[]>>,
    shipped: string,
    most: number = MOST,
  ) {
    this.files = files;
    this.#shipped = `${shipped}/`;
    this.#contents = read(
      Object.values(files).flat().filter((file) => this.#isOwn(file)),
      most,
    );
  }

  #isOwn(file: string): boolean {
    return !file.startsWith(this.#shipped);
  }

  /** All of its files of rules. */
  get all(): string[] {
    return [...new Set(Object.values(this.files).flat())];
  }

  /** Whether it can be kept, and nothing of it has been edited since. */
  get isCurrent(): boolean {
    return [...this.#contents ?? []].every(([file, content]) => isSame(content, readFile(file))) &&
      this.#contents !== undefined;
  }

  /**
   * Writes it to a folder of its own.
   *
   * @throws if there is no room.
   */
  lay(): Copies {
    using copies = new DisposableStack();
    const laid = copies.use(new Copies((file) => this.#isOwn(file)));
    for (const [file, content] of this.#contents ?? []) laid.write(file, content);
    copies.move();
    return laid;
  }
}

/** Copies of files, in a folder that is gone when this is disposed of. They stand to each other as the files do. */
export class Copies implements Disposable {
  readonly root: string = Deno.makeTempDirSync({ prefix: "tallyman-rules-" });
  readonly #isCopied: (file: string) => boolean;

  constructor(isCopied: (file: string) => boolean) {
    this.#isCopied = isCopied;
  }

  /** Where a file is to be read. */
  of(file: string): string {
    return this.#isCopied(file) ? join(this.root, file) : file;
  }

  write(file: string, content: Uint8Array): void {
    const copy = this.of(file);
    Deno.mkdirSync(dirname(copy), { recursive: true });
    Deno.writeFileSync(copy, content, { mode: 0o600 });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

function readFile(file: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(file);
  } catch {
    // Whether that matters is for who imports it to say.
    return undefined;
  }
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, at) => byte === b[at]);
}

/** Files and all that they import; undefined: they are too much. */
function read(files: readonly string[], most: number): Map<string, Uint8Array> | undefined {
  const contents = new Map<string, Uint8Array>();
  const decoder = new TextDecoder();
  let left = most;
  const seen = new Set(files);
  // A set goes on to what is added to it meanwhile.
  for (const file of seen) {
    const content = readFile(file);
    if (content === undefined) continue;
    left -= content.length;
    if (left < 0) return undefined;
    contents.set(file, content);
    for (const each of importedFiles(decoder.decode(content), file)) seen.add(each);
  }
  return contents;
}
