/**
 * The counts, read where the kernel writes them: no system call, whatever their number.
 *
 * @module
 */
import type { BpfMap, BpfObject } from "../ffi/mod.ts";
import { callKey, constants } from "./layout.ts";

/** The machine's own table of calls, or that of 32-bit code. */
export type Abi = "native" | "compat";

/**
 * Hears how many calls a slot has made since it was last read.
 *
 * @param nr As the hook saw it; `null` for calls whose numbers found no room.
 */
export type CallsHandler = (slot: number, nr: number | null, abi: Abi, calls: number) => void;

/** Slots whose rows are mapped together: with all CPUs' rows of 4 KiB these are whole pages of any size. */
const MAPPED_TOGETHER = 64;

/** The rows of some slots that follow each other. */
interface MappedRows {
  readonly words: BigUint64Array<ArrayBuffer>;
  readonly halves: Uint32Array<ArrayBuffer>;
}

/** Reads the rows of slots, and what was counted beside them. Counts are exact up to 2^53. */
export class Rows implements Disposable {
  readonly #resources = new DisposableStack();
  readonly #rows: BpfMap;
  readonly #cpus: number;
  /** Mapped when the first of their slots is read: all that is mapped is charged to us, used or not. */
  readonly #mapped: MappedRows[] = [];
  /** What each slot's cells had come to when they were last read. */
  readonly #seen = new Map<number, Float64Array>();
  readonly #oddCalls: BpfMap;
  /** The same for calls outside of the rows, by slot, then by abi and number. */
  readonly #oddSeen = new Map<number, Map<string, number>>();

  constructor(object: BpfObject, cpus: number) {
    this.#cpus = cpus;
    this.#rows = object.map("rows");
    this.#oddCalls = object.map("odd_calls");
  }

  /** Tells what this slot has called since it was last read. */
  read(slot: number, onCalls: CallsHandler): void {
    const cells = constants.ROW_CALLS;
    const { halves, words } = this.#mappedRows(Math.floor(slot / MAPPED_TOGETHER));
    const first = slot % MAPPED_TOGETHER * this.#cpus * cells;
    let seen = this.#seen.get(slot);
    if (seen === undefined) this.#seen.set(slot, seen = new Float64Array(cells));
    for (let nr = 0; nr < cells; nr++) {
      const before = seen[nr] ?? 0;
      let sum = 0;
      for (let cpu = 0, at = first + nr; cpu < this.#cpus; cpu++, at += cells) {
        const low = halves[2 * at] ?? 0;
        // A cell beyond 2^32 is read by one load of all 64 bits: nobody sees half of a change.
        sum += halves[2 * at + 1] === 0 ? low : Number(words[at]);
      }
      // One passed 2^32 between the two loads: what it was is not known, what it is will be next time.
      if (sum <= before) continue;
      seen[nr] = sum;
      onCalls(slot, nr === constants.CALL_OTHER ? null : nr, "native", sum - before);
    }
  }

  #mappedRows(group: number): MappedRows {
    return this.#mapped[group] ??= this.#map(group * MAPPED_TOGETHER * this.#cpus);
  }

  #map(first: number): MappedRows {
    const count = Math.min(MAPPED_TOGETHER * this.#cpus, this.#rows.maxEntries - first);
    const { buffer } = this.#resources.use(this.#rows.memory("read", { first, count }));
    return { words: new BigUint64Array(buffer), halves: new Uint32Array(buffer) };
  }

  /** Tells what all slots have called outside of the rows: 32-bit code's calls, numbers out of range. */
  readOdd(onCalls: CallsHandler): void {
    for (const { key, value } of this.#oddCalls.entries()) {
      const slot = key.getUint32(callKey.offset.slot, true);
      const abi = key.getUint32(callKey.offset.abi, true) === constants.ABI_COMPAT
        ? "compat"
        : "native";
      const nr = Number(key.getBigInt64(callKey.offset.nr, true));
      const count = Number(value.getBigUint64(0, true));
      let seen = this.#oddSeen.get(slot);
      if (seen === undefined) this.#oddSeen.set(slot, seen = new Map());
      const call = `${abi} ${nr}`;
      const before = seen.get(call) ?? 0;
      if (count === before) continue;
      seen.set(call, count);
      onCalls(slot, nr, abi, count - before);
    }
  }

  /**
   * The slot will be somebody else's. Its row goes on from where it is, read or not; what was counted
   * outside of it begins anew.
   */
  forget(slot: number): void {
    this.read(slot, () => {});
    this.#oddSeen.delete(slot);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
