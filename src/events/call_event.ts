/**
 * A call as the ring brought it: one view, moved from record to record, that decodes what is touched.
 *
 * @module
 */
import { callEvent, constants, pieceHeader, record } from "../kernel/mod.ts";
import type { CapturedPiece, RawCall } from "../syscalls/arguments/mod.ts";
import { decodeText } from "../text/mod.ts";

const CALL = record.size;
const PAYLOAD = record.size + callEvent.size;
/** Where the fields are that each event is asked for, from the record's beginning. */
const FLAGS = record.offset.flags;
const SLOT = record.offset.slot;
const PID = record.offset.pid;
const TID = record.offset.tid;
const TIME = record.offset.time;
const START = record.offset.start_time;
const UID = record.offset.uid;
const GID = record.offset.gid;
const COMM = record.offset.comm;
const NR = CALL + callEvent.offset.nr;
const ABI = CALL + callEvent.offset.abi;
const RESULT = CALL + callEvent.offset.result;
const DURATION = CALL + callEvent.offset.duration;
/** Flags that say how the call ended. */
const HOW = constants.EVENT_RETURNED | constants.EVENT_ABANDONED | constants.EVENT_REFUSED;
/** The low half of -4095, the least errno: include/linux/err.h, MAX_ERRNO. */
const FIRST_ERROR = 2 ** 32 - 4095;

/** Words of {@linkcode CallEvent.thread}: process, thread, and what lies between start and the end of the name. */
const THREAD_WORDS = 2 + (record.size - START) / 4;

/** A piece of a call for whose memory the kernel had no room: like memory that can't be read. */
const noRoom: CapturedPiece = {
  bytes: new Uint8Array(),
  fault: true,
  truncated: false,
  length: 0,
};

/** A reused view of a call's record. It is valid until the next record: see {@linkcode CallEvent.copy}. */
export class CallEvent implements RawCall {
  #view: DataView<ArrayBuffer>;
  #at = 0;
  #length = 0;
  /** The last name, as bytes and as text. */
  readonly #commWords = new Uint32Array(4);
  #comm = "";
  /** The last process's start, as words and as a number. */
  #startLow = 0;
  #startHigh = 0;
  #start = 0n;
  /** What time was counted from last, and its words. */
  #base = 0n;
  #baseLow = 0;
  #baseHigh = 0;

  constructor(bytes: ArrayBuffer) {
    this.#view = new DataView(bytes);
  }

  /** Shows another record of the same ring. */
  move(offset: number, length: number): this {
    this.#at = offset;
    this.#length = length;
    return this;
  }

  #u32(offset: number): number {
    return this.#view.getUint32(this.#at + offset, true);
  }

  get #flags(): number {
    return this.#view.getUint16(this.#at + FLAGS, true);
  }

  #u64(offset: number): bigint {
    return this.#view.getBigUint64(this.#at + offset, true);
  }

  /** The slot of its container. */
  get slot(): number {
    return this.#u32(SLOT);
  }

  /** The process, as the host numbers it. */
  get pid(): number {
    return this.#u32(PID);
  }

  /** The thread, likewise. */
  get tid(): number {
    return this.#u32(TID);
  }

  /** Nanoseconds of CLOCK_BOOTTIME at its enter. */
  get time(): bigint {
    return this.#u64(TIME);
  }

  /** ns from some time until its enter: exact up to 2^53, without making a bigint of it. */
  since(base: bigint): number {
    if (base !== this.#base) {
      this.#base = base;
      this.#baseLow = Number(BigInt.asUintN(32, base));
      this.#baseHigh = Number(base >> 32n);
    }
    return (this.#u32(TIME + 4) - this.#baseHigh) * 2 ** 32 + this.#u32(TIME) - this.#baseLow;
  }

  /** Nanoseconds of CLOCK_BOOTTIME at which its process started: with the pid, the process's identity. */
  get processStart(): bigint {
    const at = this.#at + START;
    const low = this.#view.getUint32(at, true);
    const high = this.#view.getUint32(at + 4, true);
    // Most events are of the process before, and a bigint is made anew each time that one is read.
    if (low !== this.#startLow || high !== this.#startHigh) {
      this.#startLow = low;
      this.#startHigh = high;
      this.#start = this.#view.getBigUint64(at, true);
    }
    return this.#start;
  }

  /** Its effective user, in the initial user namespace. */
  get uid(): number {
    return this.#u32(UID);
  }

  /** Its effective group, likewise. */
  get gid(): number {
    return this.#u32(GID);
  }

  /** The thread's name. */
  get comm(): string {
    const view = this.#view;
    const at = this.#at + COMM;
    const words = this.#commWords;
    let isSame = true;
    for (let i = 0; i < 4; i++) {
      const word = view.getUint32(at + 4 * i, true);
      isSame &&= words[i] === word;
      words[i] = word;
    }
    // Most events are of the thread before: decoding takes longer than all else that is read of an event.
    if (!isSame) {
      let end = at;
      while (end < at + 16 && view.getUint8(end) !== 0) end++;
      this.#comm = decodeText(new Uint8Array(view.buffer, at, end - at));
    }
    return this.#comm;
  }

  /** What tells its process from others, for {@linkcode CallEvent.isOfProcess}: to be put into three words. */
  process(into: Uint32Array): void {
    into[0] = this.pid;
    into[1] = this.#u32(START);
    into[2] = this.#u32(START + 4);
  }

  /** Whether the same process called. */
  isOfProcess(words: Uint32Array): boolean {
    return this.#u32(PID) === words[0] && this.#u32(START) === words[1] &&
      this.#u32(START + 4) === words[2];
  }

  /** All that the record says of who called, for {@linkcode CallEvent.isOf}: but for its container. */
  thread(): Uint32Array {
    const words = new Uint32Array(THREAD_WORDS);
    words[0] = this.pid;
    words[1] = this.tid;
    for (let i = 2; i < words.length; i++) words[i] = this.#u32(START + 4 * (i - 2));
    return words;
  }

  /** Whether the same thread called, with the same name, as the same user. */
  isOf(thread: Uint32Array): boolean {
    const view = this.#view;
    const at = this.#at;
    if (view.getUint32(at + TID, true) !== thread[1]) return false;
    if (view.getUint32(at + PID, true) !== thread[0]) return false;
    for (let i = 2; i < THREAD_WORDS; i++) {
      if (view.getUint32(at + START - 8 + 4 * i, true) !== thread[i]) return false;
    }
    return true;
  }

  get nr(): number {
    return this.#view.getInt32(this.#at + NR, true);
  }

  get abi(): "native" | "compat" {
    const abi = this.#view.getUint16(this.#at + ABI, true);
    return abi === constants.ABI_COMPAT ? "compat" : "native";
  }

  /** undefined: it did not return. */
  get result(): bigint | undefined {
    if ((this.#flags & constants.EVENT_RETURNED) === 0) return undefined;
    return this.#view.getBigInt64(this.#at + RESULT, true);
  }

  /** The result of a call that returned as most do: a number from 0 to 2^31 - 1, without making a bigint of it. */
  get smallResult(): number | undefined {
    const how = this.#flags & HOW;
    if (how !== constants.EVENT_RETURNED || this.#u32(RESULT + 4) !== 0) return undefined;
    const low = this.#u32(RESULT);
    return low < 2 ** 31 ? low : undefined;
  }

  /** Whether it returned, and no error: {@linkcode result} without making a bigint of it, since rules ask often. */
  get isOk(): boolean {
    const view = this.#view;
    const flags = view.getUint16(this.#at + FLAGS, true);
    const at = this.#at + RESULT;
    return (flags & constants.EVENT_RETURNED) !== 0 &&
      (view.getInt32(at + 4, true) !== -1 || view.getUint32(at, true) < FIRST_ERROR);
  }

  /** Its task ended before it could return. */
  get isAbandoned(): boolean {
    return (this.#flags & constants.EVENT_ABANDONED) !== 0;
  }

  /** seccomp returned the error: the kernel never began the call. */
  get isRefused(): boolean {
    return (this.#flags & constants.EVENT_REFUSED) !== 0;
  }

  /** Nanoseconds from enter to exit, or to its task's end; undefined: it does not return. */
  get duration(): bigint | undefined {
    const isOver = (this.#flags & (constants.EVENT_RETURNED | constants.EVENT_ABANDONED)) !== 0;
    return isOver ? this.#u64(DURATION) : undefined;
  }

  /** The same as the nearest number. */
  get durationNumber(): number | undefined {
    const isOver = (this.#flags & (constants.EVENT_RETURNED | constants.EVENT_ABANDONED)) !== 0;
    return isOver ? this.#u32(DURATION + 4) * 2 ** 32 + this.#u32(DURATION) : undefined;
  }

  /** An argument as the register holds it. */
  arg(i: number): bigint {
    return i < 0 || i > 5 ? 0n : this.#u64(CALL + callEvent.offset.arguments + 8 * i);
  }

  /** Memory that was copied, by its index in the call's spec; undefined if there was none. */
  piece(index: number): CapturedPiece | undefined {
    if ((this.#flags & constants.EVENT_WITHOUT_MEMORY) !== 0) return noRoom;
    const view = this.#view;
    const pieces = view.getUint16(this.#at + CALL + callEvent.offset.pieces, true);
    let at = this.#at + PAYLOAD;
    const end = this.#at + this.#length;
    for (let i = 0; i < pieces && at + pieceHeader.size <= end; i++) {
      const length = view.getUint16(at + pieceHeader.offset.length, true);
      if (view.getUint8(at + pieceHeader.offset.index) === index) {
        const flags = view.getUint8(at + pieceHeader.offset.flags);
        const room = Math.max(0, Math.min(length, end - at - pieceHeader.size));
        return {
          bytes: new Uint8Array(view.buffer, at + pieceHeader.size, room),
          fault: (flags & constants.PIECE_FAULT) !== 0,
          truncated: (flags & constants.PIECE_TRUNCATED) !== 0,
          length: view.getUint32(at + pieceHeader.offset.whole, true),
        };
      }
      at += pieceHeader.size + Math.ceil(length / 8) * 8;
    }
    return undefined;
  }

  /** All of its bytes, as long as it is valid. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer, this.#at, this.#length);
  }

  /** The same call, in memory of its own: for keeping. */
  copy(): CallEvent {
    const bytes = this.#view.buffer.slice(this.#at, this.#at + this.#length);
    return new CallEvent(bytes).move(0, this.#length);
  }
}
