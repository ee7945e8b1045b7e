/**
 * Folders, watched for changes of files in them.
 *
 * @module
 */
import { dirname, extname } from "node:path";

/** What code may be in, and folders: what else changes in a watched folder, such as our own output, says nothing. */
const telling = new Set([
  "",
  ".ts",
  ".js",
  ".mts",
  ".mjs",
  ".cts",
  ".cjs",
  ".tsx",
  ".jsx",
  ".json",
]);

/** The folder of a path that there is, or the nearest above it. */
export function existingFolder(path: string): string {
  for (let folder = path;; folder = dirname(folder)) {
    try {
      if (Deno.statSync(folder).isDirectory) return folder;
    } catch {
      // Looked for above.
    }
    if (dirname(folder) === folder) return folder;
  }
}

function inodeOf(folder: string): number | null {
  return Deno.statSync(folder).ino;
}

/** Watches folders, not those below them. */
export class Changes implements Disposable {
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  /** With what tells a folder from another that takes its place. */
  #folders = new Map<string, number | null>();
  #watcher: Deno.FsWatcher | undefined;

  /** @param onError Hears if it can't go on watching. */
  constructor(onChange: () => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /**
   * Watches these folders from now on, and no others.
   *
   * @returns whether there are new ones among them: what has happened there before is not told.
   * @throws if the kernel has no watches left.
   */
  watch(folders: Iterable<string>): boolean {
    const wanted = new Map([...new Set(folders)].map((each) => [each, inodeOf(each)]));
    const before = this.#folders;
    const added = [...wanted].filter(([folder, inode]) => before.get(folder) !== inode);
    if (added.length === 0 && wanted.size === before.size) return false;
    const old = this.#watcher;
    this.#watcher = Deno.watchFs([...wanted.keys()], { recursive: false });
    this.#folders = wanted;
    void this.#follow(this.#watcher);
    old?.close();
    return added.length > 0;
  }

  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { kind, paths } of watcher) {
        if (kind !== "access" && paths.some((path) => telling.has(extname(path)))) this.#onChange();
      }
    } catch (error) {
      if (watcher === this.#watcher) this.#onError(error);
    }
  }

  [Symbol.dispose](): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    watcher?.close();
  }
}
