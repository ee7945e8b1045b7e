/**
 * The file of a recording.
 *
 * @module
 */
import type { BlockOutput, RecordedBytes } from "../../events/recording/mod.ts";

/**
 * A file that is written in the background: a slow disk holds nobody up until {@linkcode RecordingFile.isBehind}. What
 * was written stays if we are killed; it is not synced, so that a machine that loses power may lose the last seconds.
 */
export class RecordingFile implements BlockOutput, AsyncDisposable {
  readonly #file: Deno.FsFile;
  #last: Promise<void> = Promise.resolve();
  #pending = 0;
  #error: unknown;

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /**
   * Makes the file, for its owner alone.
   *
   * @throws {Deno.errors.AlreadyExists} if there is one of that name: no recording is written over.
   */
  static create(path: string): RecordingFile {
    return new RecordingFile(Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }));
  }

  /** Bytes that wait to be written are many: nothing more should be made until they are fewer. */
  get isBehind(): boolean {
    return this.#pending > 16 * 2 ** 20;
  }

  /** @throws what an earlier write has failed by: `ENOSPC`. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#error !== undefined) throw this.#error;
    this.#pending += bytes.length;
    this.#last = this.#last.then(() => this.#writeAll(bytes));
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      if (this.#error !== undefined) return;
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#file.write(rest));
      }
    } catch (error) {
      this.#error = error;
    } finally {
      this.#pending -= bytes.length;
    }
  }

  /**
   * Waits until all is written.
   *
   * @throws what a write has failed by.
   */
  async settled(): Promise<void> {
    await this.#last;
    if (this.#error !== undefined) throw this.#error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    this.#file.close();
  }
}

/** A recording in a file, for reading. */
export class RecordedFile implements RecordedBytes, Disposable {
  readonly #file: Deno.FsFile;
  readonly size: number;

  /** @throws {Deno.errors.NotFound} and what else open(2) says. */
  constructor(path: string) {
    this.#file = Deno.openSync(path, { read: true });
    this.size = this.#file.statSync().size;
  }

  read(offset: number, length: number): Uint8Array {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const read = this.#file.readSync(bytes.subarray(filled));
      if (read === null) break;
      filled += read;
    }
    return bytes.subarray(0, filled);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
