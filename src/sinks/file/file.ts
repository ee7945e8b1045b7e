/**
 * A file that lines are appended to: whole lines only, rotated by size or time, opened again when it is asked for.
 *
 * Data is synced (fdatasync) when a file is rotated, reopened or closed at the end, not with each record.
 *
 * @module
 */
import type { Target } from "../target.ts";
import type { Compressed } from "./gzip_worker.ts";
import { restOfLine } from "./mend.ts";
import { rotatedFiles, rotatedName, rotationTime } from "./rotated.ts";

/** When a file is rotated, and what becomes of it then. */
export interface Rotation {
  /** Bytes before which a file is rotated. */
  readonly size: number | undefined;
  /** ms, counted from the beginning of 1970: `1h` is each full hour. */
  readonly interval: number | undefined;
  /** Rotated files that stay. */
  readonly keep: number;
  /** Whether all of them but the newest are compressed: somebody may still be reading that. */
  readonly gzip: boolean;
}

/** What a file needs. */
export interface FileOptions {
  readonly rotation: Rotation | undefined;
  /** Told on standard error. */
  readonly say: (text: string) => void;
  /** ms since 1970. */
  readonly now?: () => number;
}

const NEWLINE = 0x0a;

/** Of a cut line that is looked for from the end of a file. */
const LONGEST_LINE = 1 << 24;

/** ms between two attempts to rotate, after one that failed. */
const ROTATE_AGAIN = 10_000;

/** A file that is appended to. */
export class LineFile implements Target {
  readonly name: string;
  readonly #options: FileOptions;
  #file: Deno.FsFile;
  #isRegular = false;
  #size = 0;
  /** ms since 1970 of the last write. */
  #written = 0;
  /** The beginning of a line whose rest could not be written yet. */
  #begun: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** Rotation failed: when to try again. */
  #rotateFrom = 0;
  /** The file has got its new name, and there is no new file yet. */
  #isRenamed = false;
  #compressing: Promise<void> = Promise.resolve();

  /** @throws what open(2) says. */
  constructor(path: string, options: FileOptions) {
    this.name = path;
    this.#options = options;
    this.#file = this.#open();
  }

  async write(bytes: Uint8Array): Promise<number> {
    // Only between two lines. What is asked to be written goes on where the last write ended.
    if (this.#begun.length === 0 && this.#isDue(bytes.length)) await this.#rotate();
    return this.#account(bytes, await this.#file.write(bytes));
  }

  /** A file takes what is written at once: it goes to the kernel's memory. */
  writeNow(bytes: Uint8Array): number {
    if (!this.#isRegular || this.#begun.length > 0 || this.#isDue(bytes.length)) return 0;
    try {
      return this.#account(bytes, this.#file.writeSync(bytes));
    } catch {
      // A full disk: told by who tries it again.
      return 0;
    }
  }

  #account(bytes: Uint8Array, count: number): number {
    this.#size += count;
    this.#written = this.#now();
    const written = bytes.subarray(0, count);
    const end = written.lastIndexOf(NEWLINE) + 1;
    const begun = end > 0 ? written.subarray(end) : written;
    this.#begun = end > 0 || this.#begun.length === 0
      ? begun.slice()
      : new Uint8Array([...this.#begun, ...begun]);
    return count;
  }

  /** Its name may be another file's now: logrotate has moved ours away. */
  async reopen(): Promise<void> {
    const [old, begun] = [this.#file, this.#begun];
    if (begun.length > 0) {
      // The disk was full in the middle of a line: all of it goes to the new file.
      // Where somebody has truncated it meanwhile, that is not there any more.
      const { size } = await old.stat();
      if (this.#isRegular && size >= this.#size) await old.truncate(this.#size - begun.length);
      this.#size -= begun.length;
      this.#begun = new Uint8Array();
    }
    let opened: Deno.FsFile | undefined;
    try {
      opened = this.#open();
    } finally {
      // Without a new file it goes on in the old one.
      if (opened !== undefined) this.#file = opened;
      await this.#resume(begun);
    }
    await this.#sync(old);
    old.close();
  }

  /** Writes the beginning of a line again. Where there is no room now, there may be later: it is not given up. */
  async #resume(begun: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let rest = begun; rest.length > 0;) {
      try {
        rest = rest.subarray(await this.write(rest));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async close(): Promise<void> {
    await this.#sync(this.#file);
    await this.#compressing;
    this.#file.close();
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  async #sync(file: Deno.FsFile): Promise<void> {
    if (!this.#isRegular) return;
    try {
      await file.syncData();
    } catch (error) {
      // fdatasync(2): a special file, which can't be synced.
      if (!(error instanceof Error && "code" in error && error.code === "EINVAL")) throw error;
    }
  }

  /** Opens the file; if a crash has left the beginning of a line in it, that is made whole. */
  #open(): Deno.FsFile {
    const path = this.name;
    const kind = kindOf(path);
    // A FIFO that is opened to be read, too, waits for no reader.
    const read = kind !== "other";
    using opened = new DisposableStack();
    const file = opened.use(
      Deno.openSync(path, { read, append: true, create: true, mode: 0o600 }),
    );
    const { isFile, size, mtime } = file.statSync();
    this.#isRegular = isFile;
    this.#size = size;
    this.#written = mtime?.getTime() ?? 0;
    if (isFile && size > 0) this.#mend(file);
    opened.move();
    return file;
  }

  #mend(file: Deno.FsFile): void {
    const cut = lastLine(file, this.#size);
    if (cut.length === 0) return;
    const rest = restOfLine(cut);
    if (rest !== undefined) {
      for (let left = rest; left.length > 0;) left = left.subarray(file.writeSync(left));
      this.#size += rest.length;
      this.#options.say(
        `${this.name}: its last record had been cut short: it is closed, and marked by "cut":true.`,
      );
      return;
    }
    // Nothing that a record begins with: what a machine that went down leaves, or somebody else's.
    const saved = `${this.name}.damaged`;
    using copy = Deno.openSync(saved, { append: true, create: true, mode: 0o600 });
    for (let left = cut; left.length > 0;) left = left.subarray(copy.writeSync(left));
    copy.syncDataSync();
    file.truncateSync(this.#size - cut.length);
    this.#size -= cut.length;
    this.#options.say(
      `${this.name}: it ended in ${cut.length} bytes that are no record: they are in ${saved} now.`,
    );
  }

  /** Whether it is to be rotated before so many bytes are written. */
  #isDue(more: number): boolean {
    const { rotation } = this.#options;
    if (rotation === undefined || !this.#isRegular || this.#size === 0) return false;
    if (this.#isRenamed) return true;
    const now = this.#now();
    // The clock may have been set back meanwhile.
    if (now < this.#rotateFrom && now >= this.#rotateFrom - ROTATE_AGAIN) return false;
    const { size, interval } = rotation;
    return size !== undefined && this.#size + more > size ||
      interval !== undefined && Math.floor(now / interval) > Math.floor(this.#written / interval);
  }

  async #rotate(): Promise<void> {
    if (!this.#isRenamed) {
      try {
        // Somebody else's name is not taken: two rotations may fall in one millisecond.
        let time = rotationTime(this.name, this.#now());
        while (
          exists(rotatedName(this.name, time)) || exists(`${rotatedName(this.name, time)}.gz`)
        ) {
          time++;
        }
        Deno.renameSync(this.name, rotatedName(this.name, time));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) {
          this.#rotateFrom = this.#now() + ROTATE_AGAIN;
          this.#options.say(`${this.name}: it can't be rotated: ${messageOf(error)}`);
          return;
        }
        this.#options.say(`${this.name}: somebody has removed it: a new one is begun.`);
      }
    }
    this.#isRenamed = true;
    const old = this.#file;
    this.#file = this.#open();
    this.#isRenamed = false;
    await this.#sync(old);
    old.close();
    this.#tidy();
  }

  /** Takes away what is more than is kept, and has what is old enough compressed. */
  #tidy(): void {
    const { rotation, say } = this.#options;
    if (rotation === undefined) return;
    try {
      const all = rotatedFiles(this.name);
      for (const file of all.slice(0, Math.max(0, all.length - rotation.keep))) {
        // It may be compressed at this moment.
        if (exists(file)) Deno.removeSync(file);
      }
      if (!rotation.gzip) return;
      const plain = all.slice(-rotation.keep).filter((file) => !file.endsWith(".gz")).slice(0, -1);
      this.#compressing = this.#compressing.then(() => compressAll(plain, say));
    } catch (error) {
      say(`${this.name}: its rotated files: ${messageOf(error)}`);
    }
  }
}

/** Compresses files beside us, one after the other. */
async function compressAll(files: readonly string[], say: (text: string) => void): Promise<void> {
  const left = files.filter(exists);
  if (left.length === 0) return;
  const worker = new Worker(new URL("./gzip_worker.ts", import.meta.url), { type: "module" });
  try {
    for (const file of left) {
      const { promise, resolve } = Promise.withResolvers<Compressed>();
      worker.onmessage = ({ data }: MessageEvent<Compressed>) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve({ file, error: event.message });
      };
      worker.postMessage(file);
      const { error } = await promise;
      // Where files are rotated faster than they are compressed it may have been removed meanwhile.
      if (error !== undefined && exists(file)) say(`${file}: it can't be compressed: ${error}`);
    }
  } finally {
    worker.terminate();
  }
}

/** The bytes behind the last newline. */
function lastLine(file: Deno.FsFile, size: number): Uint8Array {
  const from = Math.max(0, size - LONGEST_LINE);
  const block = new Uint8Array(65_536);
  let [start, line] = [size, new Uint8Array()];
  while (start > from) {
    const length = Math.min(block.length, start - from);
    start -= length;
    file.seekSync(start, Deno.SeekMode.Start);
    const part = block.subarray(0, length);
    for (let at = 0; at < length;) {
      const count = file.readSync(part.subarray(at));
      if (count === null) break;
      at += count;
    }
    const end = part.lastIndexOf(NEWLINE) + 1;
    line = new Uint8Array([...part.subarray(end), ...line]);
    if (end > 0) break;
  }
  return line;
}

function kindOf(path: string): "file" | "fifo" | "other" {
  try {
    const { isFile, isFifo } = Deno.statSync(path);
    return isFile ? "file" : isFifo ? "fifo" : "other";
  } catch {
    // It is to be made.
    return "file";
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
