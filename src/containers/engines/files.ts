/**
 * Reading the state that engines leave on disk: bounded, and only what is a file.
 *
 * @module
 */
/** No more is read of one file. In bytes. */
export const largestFile = 1024 * 1024;

/** No more names are read of one folder. */
export const largestFolder = 4_096;

/** How often, and at what distance in ms, a file that is half written is read again. */
const rereads = { times: 3, pause: 10 } as const;

/** A file that is there and can't be used. */
export class FileError extends Error {
  override readonly name = "FileError";
  constructor(readonly path: string, reason: string, options?: ErrorOptions) {
    super(`reading ${path}: ${reason}`, options);
  }
}

/** How far a path is to be trusted. */
export interface ReadOptions {
  /** The only owner that the file may have: where users write, a link must not lead elsewhere. */
  readonly owner?: number | undefined;
  /** Whether the file may be a link. */
  readonly follow?: boolean;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** Not there: never was, or has gone while it was read. */
function isGone(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ESTALE"].includes(codeOf(error) ?? "") ||
    error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/**
 * @returns undefined if there is no such file.
 * @throws {FileError} if it is larger than {@linkcode largestFile}, no regular file, or not to be read.
 */
export async function readText(
  path: string,
  options: ReadOptions = {},
): Promise<string | undefined> {
  // It takes 20 ms to load: who has no engine's files to read does not wait for it.
  const { constants, open } = await import("node:fs/promises");
  try {
    // A FIFO would keep a plain open waiting for its writer.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK |
      (options.follow ? 0 : constants.O_NOFOLLOW);
    const file = await open(path, flags);
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new FileError(path, "not a regular file");
      if (options.owner !== undefined && status.uid !== options.owner) {
        throw new FileError(path, `owned by user ${status.uid}, not ${options.owner}`);
      }
      const bytes = new Uint8Array(Math.min(status.size, largestFile) + 1);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (status.size > largestFile || length > largestFile) {
        throw new FileError(path, "larger than 1 MiB");
      }
      return new TextDecoder().decode(bytes.subarray(0, length));
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    if (isGone(cause)) return undefined;
    throw new FileError(path, codeOf(cause) ?? String(cause), { cause });
  }
}

/**
 * @returns undefined if there is no such file.
 * @throws {FileError} as {@linkcode readText}, and if it still is no JSON a moment later.
 */
export async function readJson(path: string, options?: ReadOptions): Promise<unknown> {
  for (let reads = 1;; reads++) {
    const content = await readText(path, options);
    if (content === undefined) return undefined;
    try {
      return JSON.parse(content);
    } catch (cause) {
      if (reads >= rereads.times) throw new FileError(path, "not JSON", { cause });
      await new Promise((resolve) => setTimeout(resolve, rereads.pause));
    }
  }
}

/**
 * The names of what is in a folder, no more than {@linkcode largestFolder}.
 *
 * @returns undefined if there is no such folder.
 * @throws {FileError} if it may not be read.
 */
export async function readFolder(path: string): Promise<string[] | undefined> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(path)) {
      if (names.push(name) === largestFolder) break;
    }
    return names;
  } catch (cause) {
    if (isGone(cause)) return undefined;
    throw new FileError(path, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** What stands at a path; undefined for nothing, or nothing that can be seen. */
export async function kindOf(path: string): Promise<"file" | "folder" | "socket" | undefined> {
  try {
    const status = await Deno.stat(path);
    if (status.isSocket) return "socket";
    if (status.isDirectory) return "folder";
    return status.isFile ? "file" : undefined;
  } catch {
    return undefined;
  }
}
