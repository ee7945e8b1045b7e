/**
 * The user side of bpf/slots.h: which cgroup counts in which slot. The kernel gives a slot to every cgroup
 * that it meets and announces it; what the cgroup is, is said here.
 *
 * @module
 */
import { type BpfMap, type BpfObject, CallError, Errno } from "../ffi/mod.ts";
import type { Hash } from "./hashes.ts";
import { decodeText } from "../text/mod.ts";
import { cgroupKey, constants, slotInfo, status } from "./layout.ts";
import { StructArray } from "./struct_array.ts";

/** What names a group of tasks to the kernel: see `cgroup_key` in layout.ts. */
export interface CgroupKey {
  /** The inode number of the cgroup's directory. */
  readonly id: bigint;
  /** In a child pid namespace. */
  readonly nested: boolean;
  /** Of the chosen v1 hierarchy, not of v2. */
  readonly v1: boolean;
}

/** A slot that the kernel has given to a cgroup on its own. */
export interface Announcement extends CgroupKey {
  readonly slot: number;
  /** Nanoseconds of CLOCK_BOOTTIME. */
  readonly time: bigint;
  /** The first caller, as the host numbers it. */
  readonly pid: number;
  readonly comm: string;
  /** From the root: `/docker/46cd…`. Cut names and missing upper parts are told by `truncated`. */
  readonly path: string;
  readonly truncated: boolean;
}

/** What the kernel has done with slots. */
export interface SlotChanges {
  readonly announced: readonly Announcement[];
  /** Slots that nobody is in any more. */
  readonly emptied: readonly number[];
  /** Slots that somebody is in again. */
  readonly filled: readonly number[];
  /** Slots whose cgroup is gone. */
  readonly removed: readonly number[];
}

/** How often the row of a slot that is done with is read before the kernel gets it back. */
const RESTING_READS = 3;

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end));
}

function keyBytes(key: CgroupKey): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(cgroupKey.size);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(cgroupKey.offset.id, key.id, true);
  view.setUint32(cgroupKey.offset.nested, Number(key.nested), true);
  view.setUint32(cgroupKey.offset.v1, Number(key.v1), true);
  return bytes;
}

function cacheIndex(key: CgroupKey): number {
  return Number(BigInt.asUintN(constants.CACHE_BITS, key.id));
}

/** bpf/slots.h: cache_word() */
function cacheWord(key: CgroupKey, slot: number): bigint {
  const low = constants.CACHE_VALID | (key.nested ? constants.CACHE_NESTED : 0) |
    (key.v1 ? constants.CACHE_V1 : 0) | slot;
  return (key.id >> BigInt(constants.CACHE_BITS) << BigInt(constants.CACHE_BITS)) | BigInt(low);
}

/** A slot on its way back to the kernel: its last row is read a few times more, for a late program run. */
interface Resting {
  reads: number;
  /** Cgroups that counted here, and count in another slot now. */
  readonly moved: ReadonlyMap<CgroupKey, number>;
}

/** All slots of a loaded object. */
export class Slots implements Disposable {
  /** How many there are, the overflow's and the host's among them. */
  readonly size: number;
  readonly #resources = new DisposableStack();
  readonly #slotOf: BpfMap;
  readonly #freeSlots: BpfMap;
  readonly #oddCalls: Hash;
  readonly #info: StructArray<keyof typeof slotInfo.offset>;
  readonly #status: StructArray<keyof typeof status.offset>;
  readonly #cache: BigUint64Array<ArrayBuffer>;
  /** In user space's hands, before the kernel's queue has them. */
  readonly #spare: number[];
  /** Given out, by whomever. */
  readonly #taken = new Set<number>();
  readonly #resting = new Map<number, Resting>();
  /** Taken, but with nobody in them. */
  readonly #empty = new Set<number>();
  #changes = 0n;
  #overflowed = 0n;

  /**
   * @param size As many as the object's `rows` have room for, `MAX_SLOTS` at most.
   * @param oddCalls What is counted beside the rows.
   */
  constructor(object: BpfObject, size: number, oddCalls: Hash) {
    this.size = size;
    this.#slotOf = object.map("slot_of");
    this.#freeSlots = object.map("free_slots");
    this.#oddCalls = oddCalls;
    this.#info = this.#resources.use(new StructArray(object.map("slot_info"), slotInfo, size));
    this.#status = this.#resources.use(new StructArray(object.map("status"), status));
    const cache = this.#resources.use(object.map(".bss.slot_cache").memory("write"));
    this.#cache = new BigUint64Array(cache.buffer, 0, 1 << constants.CACHE_BITS);
    this.#spare = Array.from(
      { length: size - constants.SLOT_FIRST },
      (_, i) => size - 1 - i,
    );
  }

  /**
   * Takes a slot for a container that was found before the programs were attached.
   *
   * @returns undefined if there is none left, and after {@linkcode open}.
   */
  claim(key: CgroupKey, time: bigint): number | undefined {
    const slot = this.#spare.pop();
    if (slot === undefined) return undefined;
    this.#taken.add(slot);
    this.#info.setU64(slot, "announced_ns", time);
    this.adopt(slot, key);
    this.assign(key, slot);
    return slot;
  }

  /** Events that were lost, since counting began. */
  get lost(): bigint {
    return this.#status.u64(0, "lost");
  }

  /** All calls are seen to begin since then, in ns of CLOCK_BOOTTIME; 0n: not yet. */
  seenSince(time: bigint): void {
    this.#status.setU64(0, "since", time);
  }

  /** Gives the slots that nobody claimed to the kernel, which gives one to each cgroup that it meets. */
  open(): void {
    for (const slot of this.#spare.splice(0).reverse()) this.#push(slot);
  }

  /**
   * From now on the cgroup counts in this slot, {@linkcode constants.SLOT_HOST} or a container's. With
   * "noexist" a cgroup that the kernel knows already stays where it counts.
   *
   * @returns false if it was known, or if the kernel's table of cgroups is full.
   */
  assign(key: CgroupKey, slot: number, mode: "any" | "noexist" = "any"): boolean {
    try {
      const value = new Uint8Array(new Uint32Array([slot]).buffer);
      if (!this.#slotOf.update(keyBytes(key), value, mode)) return false;
    } catch (error) {
      if (error instanceof CallError && error.errno === Errno.E2BIG) return false;
      throw error;
    }
    this.#correctCache(key, slot);
    return true;
  }

  /**
   * The slot is a container's, which ends with this cgroup. What is made below a cgroup that counts here
   * ({@linkcode assign}) counts here too.
   */
  adopt(slot: number, root: CgroupKey): void {
    // That one below it is gone says nothing of the root.
    if (this.#info.u64(slot, "id") !== root.id) {
      this.#info.setU64(slot, "removed_ns", 0n);
      this.#info.setU64(slot, "empty_ns", 0n);
    }
    // The end of the cgroup that was met first, which may have been one below, is not the container's.
    this.#info.setU64(slot, "removed_ns", 0n);
    this.#info.setU64(slot, "id", root.id);
    this.#info.setU32(slot, "v1", Number(root.v1));
    this.#info.setU32(slot, "kind", constants.KIND_CONTAINER);
  }

  /** What the kernel has done since the last call. One look at a few numbers if that is nothing. */
  poll(): SlotChanges {
    const announced: Announcement[] = [];
    const emptied: number[] = [];
    const filled: number[] = [];
    const removed: number[] = [];
    const changes = this.#status.u64(0, "announced") + this.#status.u64(0, "populated") +
      this.#status.u64(0, "removed");
    if (changes === this.#changes) return { announced, emptied, filled, removed };
    this.#changes = changes;
    for (let slot: number = constants.SLOT_FIRST; slot < this.size; slot++) {
      if (this.#taken.has(slot) || this.#info.u64(slot, "announced_ns") === 0n) continue;
      this.#taken.add(slot);
      announced.push(this.#announcement(slot));
    }
    // Only now: no announcement is seen without the removals that came before it.
    for (const slot of this.#taken) {
      if (this.#resting.has(slot)) continue;
      if (this.#info.u64(slot, "removed_ns") !== 0n) removed.push(slot);
      const isEmpty = this.#info.u64(slot, "empty_ns") !== 0n;
      if (isEmpty === this.#empty.has(slot)) continue;
      if (isEmpty) this.#empty.add(slot);
      else this.#empty.delete(slot);
      (isEmpty ? emptied : filled).push(slot);
    }
    return { announced, emptied, filled, removed };
  }

  /**
   * The slot is done with. It is read for a few ticks more, then goes back to the kernel.
   *
   * @param moved The cgroups that counted here, and where they count from now on.
   */
  release(slot: number, moved: ReadonlyMap<CgroupKey, number> = new Map()): void {
    if (!this.#taken.has(slot) || this.#resting.has(slot)) return;
    this.#resting.set(slot, { reads: 0, moved });
    for (const [key, destination] of moved) this.assign(key, destination);
  }

  /**
   * To be called after each reading of the rows.
   *
   * @param onFree Hears of each slot that goes back to the kernel, just before it does.
   */
  settle(onFree: (slot: number) => void): void {
    let freed = false;
    for (const [slot, resting] of this.#resting) {
      // A program that read slot_of just before it changed may have put the old word back.
      for (const [key, destination] of resting.moved) this.#correctCache(key, destination);
      if (++resting.reads < RESTING_READS) continue;
      this.#resting.delete(slot);
      this.#taken.delete(slot);
      this.#empty.delete(slot);
      this.#forgetOddCalls(slot);
      this.#info.setU64(slot, "announced_ns", 0n);
      onFree(slot);
      this.#push(slot);
      freed = true;
    }
    if (freed) this.#retryOverflowed();
  }

  /** Cgroups for which there has been no slot: what they call is counted in the overflow slot. */
  get overflowed(): bigint {
    return this.#status.u64(0, "overflowed");
  }

  /** Calls counted outside of the rows so far. */
  get oddCalls(): bigint {
    return this.#status.u64(0, "odd");
  }

  /** Calls that were counted, but for whose time or errno there was no room. */
  get unmeasured(): bigint {
    return this.#status.u64(0, "untimed") + this.#status.u64(0, "errors_lost");
  }

  #announcement(slot: number): Announcement {
    const depth = Math.min(this.#info.u32(slot, "depth"), constants.PATH_DEPTH);
    const names: string[] = [];
    let truncated = depth === constants.PATH_DEPTH;
    for (let i = depth - 1; i >= 0; i--) {
      const name = this.#info.bytes(slot, "names", i * constants.PATH_NAME, constants.PATH_NAME);
      names.push(text(name));
      truncated ||= name[constants.PATH_NAME - 2] !== 0;
      name.fill(0);
    }
    return {
      slot,
      id: this.#info.u64(slot, "id"),
      nested: this.#info.u32(slot, "nested") === 1,
      v1: this.#info.u32(slot, "v1") === 1,
      time: this.#info.u64(slot, "announced_ns"),
      pid: this.#info.u32(slot, "pid"),
      comm: text(this.#info.bytes(slot, "comm", 0, 16)),
      path: `/${names.join("/")}`,
      truncated,
    };
  }

  #push(slot: number): void {
    this.#freeSlots.update(null, new Uint8Array(new Uint32Array([slot]).buffer));
  }

  #correctCache(key: CgroupKey, slot: number): void {
    const index = cacheIndex(key);
    const now = Atomics.load(this.#cache, index);
    const right = cacheWord(key, slot);
    const sameCgroup = (now ^ right) < BigInt(constants.MAX_SLOTS);
    // A compare-and-swap: the word of a cgroup that the kernel has just put there stays.
    if (sameCgroup && now !== right) Atomics.compareExchange(this.#cache, index, now, right);
  }

  #forgetOddCalls(slot: number): void {
    if (this.#info.u32(slot, "odd_used") > 0) this.#oddCalls.forget(slot);
  }

  /** There are slots again: the next call of a cgroup that got none asks anew. */
  #retryOverflowed(): void {
    if (this.overflowed === this.#overflowed) return;
    this.#overflowed = this.overflowed;
    for (const { key, value } of this.#slotOf.entries()) {
      if (value.getUint32(0, true) === constants.SLOT_OVERFLOW) {
        this.#slotOf.delete(new Uint8Array(key.buffer, key.byteOffset, key.byteLength));
      }
    }
    const slotBits = BigInt(constants.MAX_SLOTS - 1);
    const valid = BigInt(constants.CACHE_VALID);
    for (let i = 0; i < this.#cache.length; i++) {
      const word = Atomics.load(this.#cache, i);
      if ((word & valid) !== 0n && (word & slotBits) === BigInt(constants.SLOT_OVERFLOW)) {
        Atomics.compareExchange(this.#cache, i, word, 0n);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
