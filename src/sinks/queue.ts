/**
 * A bounded queue of lines. It decides what is dropped where there is no room:
 *
 * 1. events;
 * 2. tallies after which a newer one of the same container waits: totals are cumulative, so nothing is lost;
 * 3. records of processes;
 * 4. other tallies;
 * 5. alerts.
 *
 * Room is made of the oldest of them; what finds none, because all else is worth as much or more, is dropped itself.
 * What else there is (`container`, `loss`, `status`) may take as much room again before it is dropped,
 * too: memory is bounded, whatever comes.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { LineBlock, Lines, LineType, Owners } from "./outlet.ts";

/** What is dropped first: the lowest. */
const ranks = {
  text: 0,
  event: 0,
  process: 2,
  tally: 3,
  alert: 4,
  container: 5,
  loss: 5,
  status: 5,
} as const satisfies Record<LineType, number>;

/** A tally after which a newer one waits. */
const SUPERSEDED = 1;
const KEPT = 5;

/** Bytes that lines of events share. */
const BLOCK = 1 << 18;

/** Blocks that are kept to be used again: as many as wait before who makes events is asked to wait, too. */
const KEPT_BLOCKS = 16;

/** Bytes that an entry takes beside its own. */
const OVERHEAD = 256;

/** Containers whose dropped records are told apart. */
const MOST_OWNERS = 1024;

/** Bytes of small entries that are written together, at most. */
const TAKEN_AT_ONCE = 1 << 20;

interface Entry {
  readonly type: LineType;
  rank: number;
  readonly owners: Map<Container | undefined, number>;
  bytes: Uint8Array<ArrayBuffer>;
  used: number;
  /** Whether more lines may be put behind those that there are. */
  isBlock: boolean;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** Whole lines that are to be written, valid until the next are taken. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Records in it. */
  readonly count: number;
}

const encoder = new TextEncoder();

/** Puts bytes where there is room: how many; undefined: there is not enough. */
type PutInto = (room: Uint8Array<ArrayBuffer>) => number | undefined;

/** Lines that wait to be written. */
export class LineQueue {
  readonly #limit: number;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #size = 0;
  /** By rank: what may be dropped, in the order of its coming. */
  readonly #ranked = [0, 1, 2, 3, 4].map(() => new Set<Entry>());
  /** The newest tally of each container. */
  readonly #newest = new Map<Container, Entry>();
  #dropped = new Map<LineType, Map<Container | undefined, number>>();
  #free: Uint8Array<ArrayBuffer>[] = [];
  #staging: Uint8Array<ArrayBuffer> | undefined;
  #count = 0;
  /** What was taken as it was, and is being written. */
  #taken: Entry | undefined;
  #wake: (() => void) | undefined;

  /** @param limit Bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that are taken. */
  get size(): number {
    return this.#size;
  }

  /** Records that wait. */
  get count(): number {
    return this.#count;
  }

  /** Whether something has been dropped that has not been told of. */
  get hasDropped(): boolean {
    return this.#dropped.size > 0;
  }

  /** When there is something to take, or {@linkcode LineQueue.wake} is called. */
  async filled(): Promise<void> {
    if (this.#first !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
  }

  /** Ends the wait that there is. */
  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Whether lines of this type would be kept now. */
  accepts(type: LineType): boolean {
    if (type === "event") return this.#size + BLOCK <= this.#limit;
    return ranks[type] < KEPT || this.#size + BLOCK <= 2 * this.#limit;
  }

  put({ type, text, owners }: Lines): void {
    if (type === "event") this.#putEvents(text, owners);
    else this.#putRecord(type, encoder.encode(text), owners);
    if (this.#first !== undefined) this.wake();
  }

  /** The same for lines that are bytes, of which a copy is kept. */
  putBlock({ type, bytes, owners }: LineBlock): void {
    if (type === "event") this.#putEventBytes(bytes, owners);
    else this.#putRecord(type, bytes.slice(), owners);
    if (this.#first !== undefined) this.wake();
  }

  /** Counts records as dropped that were not put. */
  drop(type: LineType, owners: Owners): void {
    let dropped = this.#dropped.get(type);
    if (dropped === undefined) this.#dropped.set(type, dropped = new Map());
    for (const [owner, count] of owners) {
      const isTold = dropped.has(owner) || dropped.size < MOST_OWNERS;
      const key = isTold ? owner : undefined;
      dropped.set(key, (dropped.get(key) ?? 0) + count);
    }
  }

  /** What has been dropped since the last time. */
  takeDropped(): ReadonlyMap<LineType, Owners> {
    const dropped = this.#dropped;
    this.#dropped = new Map();
    return dropped;
  }

  /** Takes what came first. */
  take(): Chunk | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    if (this.#taken !== undefined) this.#recycle(this.#taken);
    this.#taken = undefined;
    if (first.used > BLOCK / 4) {
      // As it is, without a copy.
      this.#remove(first);
      this.#taken = first;
      return { bytes: first.bytes.subarray(0, first.used), count: countOf(first) };
    }
    const staging = this.#staging ??= new Uint8Array(TAKEN_AT_ONCE);
    let [length, count] = [0, 0];
    for (let entry = this.#first; entry !== undefined; entry = this.#first) {
      if (length + entry.used > staging.length) break;
      staging.set(entry.bytes.subarray(0, entry.used), length);
      length += entry.used;
      count += countOf(entry);
      this.#remove(entry);
      this.#recycle(entry);
    }
    return { bytes: staging.subarray(0, length), count };
  }

  #putEvents(text: string, owners: Owners): void {
    const put = (room: Uint8Array<ArrayBuffer>) => {
      if (text.length > room.length) return undefined;
      const { read, written } = encoder.encodeInto(text, room);
      return read < text.length ? undefined : written;
    };
    this.#putBlock(put, owners, () => encoder.encode(text));
  }

  #putEventBytes(bytes: Uint8Array<ArrayBuffer>, owners: Owners): void {
    const put = (room: Uint8Array<ArrayBuffer>) => {
      if (bytes.length > room.length) return undefined;
      room.set(bytes);
      return bytes.length;
    };
    this.#putBlock(put, owners, () => bytes.slice());
  }

  /**
   * Puts events behind others.
   *
   * @param put Puts them where there is room; how many bytes they are, undefined if there was not enough.
   * @param alone The same bytes, for a block of their own.
   */
  #putBlock(put: PutInto, owners: Owners, alone: () => Uint8Array<ArrayBuffer>): void {
    const last = this.#last;
    if (last?.isBlock && this.#append(last, put, owners)) return;
    // Events make room for everything, and nothing for them.
    if (this.#size + BLOCK > this.#limit) return this.drop("event", owners);
    const bytes = this.#free.pop() ?? new Uint8Array(BLOCK);
    const block = entryOf("event", bytes, 0, true);
    if (this.#append(block, put, owners)) {
      this.#add(block);
      this.#count += countOf(block);
      return;
    }
    this.#free.push(bytes);
    this.#putRecord("event", alone(), owners);
  }

  /** @returns whether there was room for all of it. */
  #append(block: Entry, put: PutInto, owners: Owners): boolean {
    const written = put(block.bytes.subarray(block.used));
    if (written === undefined) return false;
    block.used += written;
    for (const [owner, count] of owners) {
      block.owners.set(owner, (block.owners.get(owner) ?? 0) + count);
      if (block === this.#last) this.#count += count;
    }
    return true;
  }

  #putRecord(type: LineType, bytes: Uint8Array<ArrayBuffer>, owners: Owners): void {
    const entry = entryOf(type, bytes, bytes.length, false);
    for (const [owner, count] of owners) entry.owners.set(owner, count);
    // Before room is made: an older one is the first that it is made of.
    const [owner] = owners.keys();
    const older = type === "tally" && owner !== undefined ? this.#newest.get(owner) : undefined;
    if (older !== undefined) this.#rank(older, SUPERSEDED);
    if (!this.#makeRoom(bytes.length + OVERHEAD, type)) {
      // Unless it has been dropped, too.
      const isQueued = owner !== undefined && this.#newest.get(owner) === older;
      if (older !== undefined && isQueued) this.#rank(older, ranks.tally);
      return this.drop(type, owners);
    }
    if (type === "tally" && owner !== undefined) this.#newest.set(owner, entry);
    this.#add(entry);
    this.#count += countOf(entry);
  }

  /** Drops what is worth less, the oldest first. @returns whether there is room for so many bytes now. */
  #makeRoom(bytes: number, type: LineType): boolean {
    const rank = ranks[type];
    for (const [lower, entries] of this.#ranked.entries()) {
      if (this.#size + bytes <= this.#limit) return true;
      // Blocks for people: the newest are those that they want to see.
      if (lower >= rank && type !== "text") break;
      for (const entry of entries) {
        if (this.#size + bytes <= this.#limit) return true;
        this.#remove(entry);
        this.#recycle(entry);
        this.drop(entry.type, entry.owners);
      }
    }
    return this.#size + bytes <= (rank === KEPT ? 2 * this.#limit : this.#limit);
  }

  #rank(entry: Entry, rank: number): void {
    this.#ranked[entry.rank]?.delete(entry);
    entry.rank = rank;
    this.#ranked[rank]?.add(entry);
  }

  #add(entry: Entry): void {
    if (this.#last?.isBlock) this.#shrink(this.#last);
    entry.previous = this.#last;
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#size += entry.bytes.length + OVERHEAD;
    this.#ranked[entry.rank]?.add(entry);
  }

  #remove(entry: Entry): void {
    const { previous, next } = entry;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    entry.previous = entry.next = undefined;
    this.#size -= entry.bytes.length + OVERHEAD;
    this.#count -= countOf(entry);
    this.#ranked[entry.rank]?.delete(entry);
    if (entry.type !== "tally") return;
    for (const owner of entry.owners.keys()) {
      if (owner !== undefined && this.#newest.get(owner) === entry) this.#newest.delete(owner);
    }
  }

  /** Nothing more will be put into a block: it takes no more room than it needs. */
  #shrink(block: Entry): void {
    if (block.used > block.bytes.length / 2) return;
    const { bytes } = block;
    block.bytes = bytes.slice(0, block.used);
    this.#size -= bytes.length - block.used;
    this.#recycle({ ...block, bytes });
    block.isBlock = false;
  }

  #recycle({ isBlock, bytes }: Entry): void {
    if (isBlock && this.#free.length < KEPT_BLOCKS) this.#free.push(bytes);
  }
}

function entryOf(
  type: LineType,
  bytes: Uint8Array<ArrayBuffer>,
  used: number,
  isBlock: boolean,
): Entry {
  const [previous, next] = [undefined, undefined];
  return { type, rank: ranks[type], owners: new Map(), bytes, used, isBlock, previous, next };
}

function countOf({ owners }: Entry): number {
  let all = 0;
  for (const count of owners.values()) all += count;
  return all;
}
