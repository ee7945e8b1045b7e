/**
 * Where bytes go to at last.
 *
 * @module
 */

/** A file, a pipe, the sink of a plugin. Nothing of it may block: what takes its time is a promise. */
export interface Target {
  /** As users and records know it: `stdout`, a file's path. */
  readonly name: string;
  /**
   * Writes what it can of some whole lines, or of what is left of them.
   *
   * @returns how many bytes it took.
   * @throws if it took none; it is asked again later. {@linkcode ReaderGone} if nobody will ever read them.
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /**
   * Writes what is taken without any waiting; it never throws.
   *
   * @returns how many bytes; if not all, {@linkcode Target.write} is asked for the rest.
   */
  writeNow?(bytes: Uint8Array<ArrayBuffer>): number;
  /** Called between two writes, when somebody asks for it: the file's name may stand for another file now. */
  reopen?(): Promise<void>;
  /** What is to be done after the last write. */
  close(): Promise<void>;
}

/** Nobody reads any more, and nobody will. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Writes what is taken without waiting: how many bytes. */
export type WriteNow = (bytes: Uint8Array<ArrayBuffer>) => number;

/** Bytes that are written together by who has much to write: less is not worth a pipe opened anew. */
const MUCH = 16_384;

/** Bytes that a thread waits to write, of what may be much more. */
const SOME = 65_536;

const path = "/proc/self/fd/1";

const never: WriteNow = () => 0;

/** Standard output. A reader that is slow holds up nobody but a thread of the runtime's. */
export class StandardOutput implements Target {
  readonly name = "stdout";
  readonly #openPipe: (path: string) => WriteNow | undefined;
  #now: WriteNow | undefined;

  /**
   * @param openPipe Opens a pipe that does not block: anew, since others who have ours would find theirs non-blocking,
   *   too.
   */
  constructor(openPipe: (path: string) => WriteNow | undefined) {
    this.#openPipe = openPipe;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const taken = this.#now?.(bytes) ?? 0;
    if (taken > 0) return taken;
    // A pipe that is full: by the time that there is room again, the rest is taken at once.
    const some = this.#now === undefined ? bytes : bytes.subarray(0, SOME);
    try {
      return await Deno.stdout.write(some);
    } catch (cause) {
      if (cause instanceof Deno.errors.BrokenPipe) throw new ReaderGone("stdout", { cause });
      throw cause;
    }
  }

  writeNow(bytes: Uint8Array<ArrayBuffer>): number {
    if (this.#now === undefined) {
      if (bytes.length < MUCH) return 0;
      this.#now = this.#open();
    }
    return this.#now(bytes);
  }

  /** Terminals, sockets and devices may make us wait, and can't be opened anew. */
  #open(): WriteNow {
    try {
      const { isFile, isFifo } = Deno.statSync(path);
      if (isFifo) return this.#openPipe(path) ?? never;
      return isFile ? writeFile : never;
    } catch {
      return never;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function writeFile(bytes: Uint8Array): number {
  try {
    return Deno.stdout.writeSync(bytes);
  } catch {
    // A full disk: told by who tries it again.
    return 0;
  }
}
