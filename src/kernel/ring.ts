/**
 * The ring of records, read where the kernel writes it: no call per record, and no copy.
 *
 * @module
 */
import type { BpfMap, Libc, RingMemory } from "../ffi/mod.ts";
import { callEvent, constants, execEvent, processEvent, record } from "./layout.ts";
import { RingWindows } from "./ring_windows.ts";

// include/uapi/linux/bpf.h: bits of a record's length, and the length of its header.
const BUSY = 1 << 31;
const DISCARDED = 1 << 30;
const HEADER = 8;

/** x86-64 sees what others have written in the order in which they did. Elsewhere a load has to ask for that. */
const IS_ORDERED = Deno.build.arch === "x86_64";

/** Bytes of the longest record that our programs write, its header included. */
const LONGEST = HEADER + record.size +
  Math.max(callEvent.size + constants.PAYLOAD, processEvent.size + execEvent.size);

/** Records that are taken before others get their turn. */
const CHUNK = 4096;

/** Hears of a record: where it stands in the ring's bytes, until the handler returns. */
export type RecordHandler = (offset: number, length: number) => void;

/** Takes records out of the ring. */
export class Ring implements Disposable {
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #size: number;
  readonly #memory: RingMemory;
  readonly #windows: RingWindows;
  readonly #consumed: BigUint64Array<ArrayBuffer>;
  readonly #produced: BigUint64Array<ArrayBuffer>;
  readonly #headers: Int32Array<ArrayBuffer>;
  readonly #dataAt: number;
  /** The bytes that a record's offset counts in. */
  readonly bytes: ArrayBuffer;
  /** Where the record stands that is handed over, among all that were ever written. */
  position = 0;

  constructor(libc: Libc, map: BpfMap) {
    this.#libc = libc;
    this.#fd = map.fd;
    this.#size = map.maxEntries;
    const memory = map.ring(LONGEST);
    this.#memory = memory;
    this.#windows = new RingWindows(memory, this.#size);
    this.#consumed = new BigUint64Array(memory.consumer, 0, 1);
    this.#produced = new BigUint64Array(memory.producer, 0, 1);
    this.#headers = new Int32Array(memory.producer);
    this.#dataAt = memory.dataAt;
    this.bytes = memory.producer;
  }

  /** Where the next record stands that is handed over: all before it have been. */
  get start(): number {
    return Number(Atomics.load(this.#consumed, 0));
  }

  /** Where the next record will stand: all that were written until now stand before. */
  get end(): number {
    return Number(Atomics.load(this.#produced, 0));
  }

  /** Waits until there is a record, or for some ms. */
  async readable(timeout: number): Promise<void> {
    await this.#libc.readable(this.#fd, Math.ceil(timeout));
  }

  /**
   * Hands over records, oldest first.
   *
   * @returns how many; fewer than `most` when there are no more now.
   */
  drain(onRecord: RecordHandler, most: number = CHUNK): number {
    const windows = this.#windows;
    const headers = this.#headers;
    const end = Number(Atomics.load(this.#produced, 0));
    let position = Number(Atomics.load(this.#consumed, 0));
    const size = this.#size;
    // Positions are beyond 32 bits soon: what is left of their division would be asked of the C library each time.
    let start = position % size;
    let taken = 0;
    try {
      while (position < end && taken < most) {
        if (start < windows.from || start >= windows.until) windows.reach(start);
        const offset = this.#dataAt + start;
        const header = IS_ORDERED ? headers[offset >>> 2]! : Atomics.load(headers, offset >>> 2);
        this.position = position;
        // Its program has reserved it, and is still writing.
        if ((header & BUSY) !== 0) break;
        const length = header & ~DISCARDED;
        const step = HEADER + ((length + 7) & ~7);
        position += step;
        start += step;
        if (start >= size) start -= size;
        if ((header & DISCARDED) !== 0) continue;
        taken++;
        onRecord(offset + HEADER, length);
      }
    } finally {
      // From here on the kernel may write over what was read; a record whose handler threw is one of those.
      Atomics.store(this.#consumed, 0, BigInt(position));
    }
    return taken;
  }

  /** Gives back memory that has not been read since this was last called. */
  rest(): void {
    this.#windows.rest();
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
