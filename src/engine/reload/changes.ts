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

/** Of a folder that is watched: it is not there any more. */
const moves: ReadonlySet<string> = new Set<Deno.FsEvent["kind"]>(["create", "remove", "rename"]);

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

/** Watches folders, not those below them. */
export class Changes implements Disposable {
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  #folders = new Set<string>();
  #watcher: Deno.FsWatcher | undefined;

  /** @param onError Hears if it can't go on watching. */
  constructor(onChange: () => void, onError: (error: unknown) => void) {
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /**
   * Watches these folders from now on, and no others.
   *
   * @returns whether they are others than before: what has happened meanwhile is not told.
   * @throws if the kernel has no watches left.
   */
  watch(folders: Iterable<string>): boolean {
    const wanted = new Set(folders);
    const before = this.#folders;
    const added = [...wanted].filter((folder) => !before.has(folder));
    if (added.length === 0 && wanted.size === before.size) return false;
    const old = this.#watcher;
    this.#watcher = Deno.watchFs([...wanted], { recursive: false });
    this.#folders = wanted;
    void this.#follow(this.#watcher);
    // Not before: nothing that happens meanwhile is missed.
    old?.close();
    return true;
  }

  async #follow(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { kind, paths } of watcher) {
        // Another folder that takes its place is not the one that is watched, even if its inode has the same number.
        if (moves.has(kind)) { for (const path of paths) this.#folders.delete(path); }
        if (kind !== "access" && paths.some((path) => telling.has(extname(path)))) this.#onChange();
      }
    } catch (error) {
      if (watcher === this.#watcher) this.#onError(error);
    }
  }

  #close(): void {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    this.#folders = new Set();
    watcher?.close();
  }

  [Symbol.dispose](): void {
    this.#close();
  }
}
