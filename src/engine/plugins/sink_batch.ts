/**
 * Records as plugins' sinks get them, cut from the bytes of whole lines.
 *
 * @module
 */
import type { SinkBatch, SinkItem, SinkRecord } from "./define.ts";

const NEWLINE = 0x0a;

const decoder = new TextDecoder();

/** A record: taken apart only if the sink looks at it, and then it is the sink's own. */
class Item implements SinkItem {
  readonly line: string;
  #record: SinkRecord | undefined;

  constructor(line: string) {
    this.line = line;
  }

  get record(): SinkRecord {
    return this.#record ??= JSON.parse(this.line);
  }
}

/** Some whole lines. What costs something is done when somebody asks for it. */
export class Batch implements SinkBatch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  #count: number | undefined;

  private constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  /** The whole lines at the beginning of some bytes, within so many bytes, but one at least. */
  static of(bytes: Uint8Array<ArrayBuffer>, most: number): Batch {
    if (bytes.length <= most) return new Batch(bytes);
    const last = bytes.lastIndexOf(NEWLINE, most - 1);
    const end = last < 0 ? bytes.indexOf(NEWLINE) : last;
    return new Batch(end < 0 ? bytes : bytes.subarray(0, end + 1));
  }

  get count(): number {
    return this.#count ??= this.#countLines();
  }

  #countLines(): number {
    let count = 0;
    for (const _ of this.#ends()) count++;
    return count;
  }

  *[Symbol.iterator](): Generator<SinkItem> {
    let start = 0;
    for (const end of this.#ends()) {
      yield new Item(decoder.decode(this.bytes.subarray(start, end - 1)));
      start = end;
    }
  }

  /** Bytes of the first so many records. */
  lengthOf(count: number): number {
    let [length, left] = [0, count];
    for (const end of this.#ends()) {
      if (left-- === 0) break;
      length = end;
    }
    return length;
  }

  /** Where each line has ended, with its newline. */
  *#ends(): Generator<number> {
    const { bytes } = this;
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, start);
      if (newline < 0) return;
      yield start = newline + 1;
    }
  }
}
