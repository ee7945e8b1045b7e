/**
 * A file that events are appended to, looked at from outside: how many have come, and when the last did.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two looks at the file's size. */
const LOOK = 5;

/** Milliseconds without a new byte after which no more is waited for. */
const QUIET = 200;

const NEWLINE = 10;

/** Lines of a piece of a file. */
export interface Lines {
  /** How many hold the text. */
  readonly counted: number;
  /** Bytes up to the end of the last of them. */
  readonly end: number;
  readonly others: readonly string[];
}

/** Counts the lines that begin with a text, in a piece that ends with a line. */
export function countLines(bytes: Uint8Array<ArrayBuffer>, prefix: Uint8Array): Lines {
  const others: string[] = [];
  let counted = 0;
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, at);
    const after = newline < 0 ? bytes.length : newline + 1;
    if (prefix.every((byte, i) => bytes[at + i] === byte)) {
      counted++;
      end = after;
    } else {
      others.push(new TextDecoder().decode(bytes.subarray(at, after)).trimEnd());
    }
    at = after;
  }
  return { counted, end, others };
}

/** Watches a file grow. */
export class EventFile implements Disposable {
  readonly #path: string;
  readonly #prefix: Uint8Array;
  readonly #now: () => bigint;
  readonly #looking: ReturnType<typeof setInterval>;
  /** Sizes since the last time, and when they were seen first. */
  #seen: { readonly size: number; readonly time: bigint }[] = [];
  #taken = 0;
  #size = 0;
  readonly #others: string[] = [];

  /** @param now Nanoseconds of CLOCK_BOOTTIME. */
  constructor(path: string, prefix: string, now: () => bigint) {
    this.#path = path;
    this.#prefix = new TextEncoder().encode(prefix);
    this.#now = now;
    this.#looking = setInterval(() => this.#look(), LOOK);
  }

  #look(): void {
    const { size } = Deno.statSync(this.#path);
    if (size === this.#size) return;
    this.#size = size;
    this.#seen.push({ size, time: this.#now() });
  }

  get size(): number {
    return this.#size;
  }

  /** Lines that are no events, as far as they have been taken. */
  get others(): readonly string[] {
    return this.#others;
  }

  /** When the file has not grown for a moment: the events since the last time, and when the last came. */
  async take(): Promise<{ events: number; last: bigint }> {
    for (let size = -1; size !== this.#size;) {
      size = this.#size;
      await delay(QUIET);
    }
    this.#look();
    const size = this.#size;
    const { counted, end, others } = countLines(this.#read(this.#taken, size), this.#prefix);
    this.#others.push(...others);
    const whole = this.#taken + end;
    const last = this.#seen.find((each) => each.size >= whole)?.time ?? 0n;
    this.#seen = this.#seen.filter((each) => each.size > size);
    this.#taken = size;
    return { events: counted, last };
  }

  #read(from: number, to: number): Uint8Array<ArrayBuffer> {
    using file = Deno.openSync(this.#path);
    file.seekSync(from, Deno.SeekMode.Start);
    const bytes = new Uint8Array(to - from);
    for (let length = 0; length < bytes.length;) {
      const count = file.readSync(bytes.subarray(length));
      if (count === null) throw new Error(`${this.#path} is shorter than it was`);
      length += count;
    }
    return bytes;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking);
  }
}
