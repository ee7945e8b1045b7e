/**
 * The ring's records, packed: what is the same as in the record before is left out. Not one bit of a call's record
 * is lost.
 *
 * A call's record has two halves. Who called is compared with the last record of the same thread, what was called
 * with the last of the same system call; words that differ are written after a mask that says which. Times are
 * differences. What is the same for all calls of a loop costs nothing then, and what is left compresses well.
 *
 * @module
 */
import { callEvent, constants, execEvent, processEvent, record } from "../../kernel/mod.ts";
import type { ByteReader, ByteWriter } from "./bytes.ts";
import { Malformed } from "./error.ts";

/** Bytes that any record takes at most, packed or not, and some more: an exec's is 3.5 KiB, a call's 8. */
export const MOST_RECORD = 16 * 1024;

const HEAD = record.size / 4;
const BODY = callEvent.size / 4;
const CALL = record.size + callEvent.size;
const PROCESS = record.size + processEvent.size;
const EXEC = PROCESS + execEvent.size;

const TID = record.offset.tid / 4;
const TIME = record.offset.time / 4;
const NR = callEvent.offset.nr / 4;
const ABI = callEvent.offset.abi / 4;
const DURATION = callEvent.offset.duration / 4;

/** Threads and calls by which records are compared. */
const THREADS = 256;
const CALLS = 1024;

/** What a call's tag says, above the kind of entry: 3 bits. */
const SAME_HEAD = 1 << 4;
const SAME_BODY = 1 << 5;
const SAME_PAYLOAD = 1 << 6;
const WHOLE_TIME = 1 << 7;

/** The bits of a tag that are the packer's; the others are for the writer of entries. */
export const PACKED_BITS = SAME_HEAD | SAME_BODY | SAME_PAYLOAD | WHOLE_TIME;

/** Differences of times that are written as such, in ns: five days. */
const MOST_DIFFERENCE = 2 ** 48;

const WORD = 2 ** 32;

function threadOf(tid: number): number {
  return Math.imul(tid, 0x9e37_79b1) >>> 24;
}

function callOf(nr: number, abi: number): number {
  return (nr & 0x1ff) | (abi & 1) << 9;
}

/** What records are compared with. Both sides keep it, and begin anew with each block. */
class References {
  readonly heads = new Uint32Array(THREADS * HEAD);
  readonly bodies = new Uint32Array(CALLS * BODY);
  readonly payloads: (Uint8Array<ArrayBuffer> | undefined)[] = new Array(CALLS);
  timeLow = 0;
  timeHigh = 0;

  clear(): void {
    this.heads.fill(0);
    this.bodies.fill(0);
    this.payloads.fill(undefined);
    this.timeLow = 0;
    this.timeHigh = 0;
  }

  keepPayload(call: number, bytes: Uint8Array): void {
    const kept = this.payloads[call];
    if (kept !== undefined && kept.length === bytes.length) kept.set(bytes);
    else this.payloads[call] = bytes.slice();
  }
}

/** Packs the records of a block. */
export class RecordPacker {
  readonly #to: ByteWriter;
  readonly #before = new References();
  readonly #heads = new Uint32Array(HEAD);
  readonly #bodies = new Uint32Array(BODY);
  readonly #scratch = new Uint8Array(MOST_RECORD);
  readonly #scratchWords = new Uint32Array(this.#scratch.buffer);

  constructor(to: ByteWriter) {
    this.#to = to;
  }

  /** Another block begins. */
  clear(): void {
    this.#before.clear();
  }

  /**
   * Packs a call's record.
   *
   * @param bytes All of the memory that it is in, and the same as words.
   * @param at Its first byte: a multiple of 4.
   * @param tag The entry's, without {@linkcode PACKED_BITS}.
   */
  call(words: Uint32Array, bytes: Uint8Array, at: number, length: number, tag: number): void {
    const to = this.#to;
    const before = this.#before;
    const first = at >>> 2;
    const thread = threadOf(words[first + TID]!);
    const body = first + HEAD;
    const call = callOf(words[body + NR]!, words[body + ABI]! & 0xffff);
    const low = words[first + TIME]!;
    const high = words[first + TIME + 1]!;
    const passed = (high - before.timeHigh) * WORD + (low - before.timeLow);
    const isWhole = Math.abs(passed) >= MOST_DIFFERENCE;
    const headMask = compare(words, first, before.heads, thread * HEAD, this.#heads, TIME, 2);
    const bodyMask = compare(words, body, before.bodies, call * BODY, this.#bodies, DURATION, 1);
    const payload = bytes.subarray(at + CALL, at + length);
    const isSamePayload = isSame(before.payloads[call], payload);
    to.reserve(160 + payload.length);
    to.u8(
      tag | (headMask === 0 ? SAME_HEAD : 0) | (bodyMask === 0 ? SAME_BODY : 0) |
        (isSamePayload ? SAME_PAYLOAD : 0) | (isWhole ? WHOLE_TIME : 0),
    );
    to.u8(thread);
    to.number(call);
    if (isWhole) {
      to.u32(low);
      to.u32(high);
    } else to.signed(passed);
    to.number(words[body + DURATION]!);
    if (headMask !== 0) {
      to.u8(headMask);
      to.u8(headMask >>> 8);
      this.#write(headMask, this.#heads);
    }
    if (bodyMask !== 0) {
      to.u8(bodyMask);
      to.u8(bodyMask >>> 8);
      to.u8(bodyMask >>> 16);
      this.#write(bodyMask, this.#bodies);
    }
    if (!isSamePayload) {
      to.number(payload.length);
      to.raw(payload);
      before.keepPayload(call, payload);
    }
    before.timeLow = low;
    before.timeHigh = high;
  }

  #write(mask: number, changed: Uint32Array): void {
    for (let rest = mask, i = 0; rest !== 0; rest >>>= 1, i++) {
      if ((rest & 1) !== 0) this.#to.u32(changed[i]!);
    }
  }

  /**
   * Packs a record of a process. What stands behind its strings is nothing of it, but what the ring had there before:
   * that is left out.
   */
  process(words: Uint32Array, bytes: Uint8Array, at: number, length: number, tag: number): void {
    const to = this.#to;
    let from = words;
    let first = at >>> 2;
    if (length >= EXEC) {
      this.#scratch.set(bytes.subarray(at, at + length));
      blankExec(this.#scratch);
      from = this.#scratchWords;
      first = 0;
    }
    to.reserve(2 * length);
    to.u8(tag);
    to.number(length);
    const count = length >>> 2;
    for (let i = 0; i < count; i += 8) {
      let mask = 0;
      for (let k = 0; k < 8 && i + k < count; k++) if (from[first + i + k] !== 0) mask |= 1 << k;
      to.u8(mask);
      for (let k = 0; k < 8; k++) if ((mask & 1 << k) !== 0) to.u32(from[first + i + k]!);
    }
  }
}

/**
 * Which words differ, bit by bit; the reference has them from now on, and `changed` in their places. Those from `skip`
 * on are not looked at.
 */
function compare(
  words: Uint32Array,
  at: number,
  reference: Uint32Array,
  from: number,
  changed: Uint32Array,
  skip: number,
  skipped: number,
): number {
  let mask = 0;
  for (let i = 0; i < changed.length; i++) {
    if (i === skip) i += skipped;
    const word = words[at + i]!;
    if (reference[from + i] === word) continue;
    reference[from + i] = word;
    changed[i] = word;
    mask |= 1 << i;
  }
  return mask;
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a === undefined) return b.length === 0;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Blanks what is behind the strings of an exec's record. */
function blankExec(bytes: Uint8Array): void {
  const end = (name: "filename" | "interpreter" | "arguments") =>
    PROCESS + execEvent.offset[name] + (execEvent.fields[name].dimensions[0] ?? 0);
  for (const name of ["filename", "interpreter"] as const) {
    const begin = PROCESS + execEvent.offset[name];
    const nul = bytes.subarray(begin, end(name)).indexOf(0);
    if (nul >= 0) bytes.fill(0, begin + nul, end(name));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const used = view.getUint32(PROCESS + execEvent.offset.arguments_length, true);
  const begin = PROCESS + execEvent.offset.arguments;
  bytes.fill(0, Math.min(begin + used, end("arguments")), end("arguments"));
}

/** Unpacks the records of a block. */
export class RecordUnpacker {
  readonly #before = new References();

  /** Another block begins. */
  clear(): void {
    this.#before.clear();
  }

  /**
   * Unpacks a call's record.
   *
   * @param words Where to: memory as words and as bytes.
   * @param at The first byte there: a multiple of 8.
   * @returns its length in bytes.
   * @throws {Malformed}
   */
  call(from: ByteReader, tag: number, words: Uint32Array, bytes: Uint8Array, at: number): number {
    const before = this.#before;
    const thread = from.u8();
    const call = from.number();
    if (call >= CALLS) throw new Malformed(`a call of place ${call}`);
    let low: number;
    let high: number;
    if ((tag & WHOLE_TIME) !== 0) {
      low = from.u32();
      high = from.u32();
    } else {
      const sum = before.timeLow + from.signed();
      const carried = Math.floor(sum / WORD);
      low = sum - carried * WORD;
      high = before.timeHigh + carried;
      if (high < 0 || high >= WORD) throw new Malformed("a time before the beginning of time");
    }
    const duration = from.number();
    if (duration >= WORD) throw new Malformed("a duration that is none");
    const { heads, bodies, payloads } = before;
    if ((tag & SAME_HEAD) === 0) {
      const mask = from.u8() | from.u8() << 8;
      change(heads, thread * HEAD, HEAD, mask, from);
    }
    if ((tag & SAME_BODY) === 0) {
      const mask = from.u8() | from.u8() << 8 | from.u8() << 16;
      change(bodies, call * BODY, BODY, mask, from);
    }
    let payload = payloads[call];
    if ((tag & SAME_PAYLOAD) === 0) {
      const length = from.number();
      if (length > MOST_RECORD - CALL) throw new Malformed(`a record of ${length} bytes more`);
      before.keepPayload(call, from.raw(length));
      payload = payloads[call];
    }
    const length = CALL + (payload?.length ?? 0);
    if (at + length > bytes.length) throw new Malformed("there are more records than it says");
    const first = at >>> 2;
    for (let i = 0; i < HEAD; i++) words[first + i] = heads[thread * HEAD + i]!;
    for (let i = 0; i < BODY; i++) words[first + HEAD + i] = bodies[call * BODY + i]!;
    words[first + TIME] = low;
    words[first + TIME + 1] = high;
    words[first + HEAD + DURATION] = duration;
    if (payload !== undefined) bytes.set(payload, at + CALL);
    before.timeLow = low;
    before.timeHigh = high;
    return length;
  }

  /**
   * Unpacks a record of a process.
   *
   * @returns its length in bytes.
   * @throws {Malformed}
   */
  process(from: ByteReader, words: Uint32Array, bytes: Uint8Array, at: number): number {
    const length = from.number();
    if (length % 4 !== 0 || length < PROCESS || length > MOST_RECORD) {
      throw new Malformed(`a process's record of ${length} bytes`);
    }
    if (at + length > bytes.length) throw new Malformed("there are more records than it says");
    const first = at >>> 2;
    const count = length >>> 2;
    for (let i = 0; i < count; i += 8) {
      const mask = from.u8();
      for (let k = 0; k < 8 && i + k < count; k++) {
        words[first + i + k] = (mask & 1 << k) === 0 ? 0 : from.u32();
      }
    }
    const type = words[first]! & 0xffff;
    const { RECORD_FORK, RECORD_EXEC, RECORD_EXIT } = constants;
    const least = type === RECORD_EXEC ? EXEC : PROCESS;
    if (![RECORD_FORK, RECORD_EXEC, RECORD_EXIT].some((each) => each === type) || length < least) {
      throw new Malformed(`a process's record of type ${type} and ${length} bytes`);
    }
    return length;
  }
}

function change(
  reference: Uint32Array,
  at: number,
  length: number,
  mask: number,
  from: ByteReader,
): void {
  if (mask >>> length !== 0) throw new Malformed("a word that no record has");
  for (let i = 0; i < length; i++) if ((mask & 1 << i) !== 0) reference[at + i] = from.u32();
}
