/**
 * Where bytes go to at last.
 *
 * @module
 */

/** A file, a pipe, a socket. Nothing of it may block: what takes its time is a promise. */
export interface Target {
  /** As users and records know it: `stdout`, a file's path. */
  readonly name: string;
  /**
   * Writes what it can of some whole lines, or of what is left of them.
   *
   * @returns how many bytes it took.
   * @throws if it took none; it is asked again later. {@linkcode ReaderGone} if nobody will ever read them.
   */
  write(bytes: Uint8Array): Promise<number>;
  /** Called between two writes, when somebody asks for it: the file's name may stand for another file now. */
  reopen?(): Promise<void>;
  /** What is to be done after the last write. */
  close(): Promise<void>;
}

/** Nobody reads any more, and nobody will. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Standard output. A reader that is slow holds up nobody but a thread of the runtime's. */
export const standardOutput: Target = {
  name: "stdout",
  async write(bytes) {
    try {
      return await Deno.stdout.write(bytes);
    } catch (cause) {
      if (cause instanceof Deno.errors.BrokenPipe) throw new ReaderGone("stdout", { cause });
      throw cause;
    }
  },
  close: () => Promise.resolve(),
};
