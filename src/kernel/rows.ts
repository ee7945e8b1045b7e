/**
 * The counts, read where the kernel writes them: no system call, whatever their number.
 *
 * @module
 */
import type { BpfObject } from "../ffi/mod.ts";
import { Cells } from "./cells.ts";
import type { Hash } from "./hashes.ts";
import { callKey, constants } from "./layout.ts";

/** The machine's own table of calls, or that of 32-bit code. */
export type Abi = "native" | "compat";

/**
 * Hears how many calls a slot has made since it was last read.
 *
 * @param nr As the hook saw it; `null` for calls whose numbers found no room.
 */
export type CallsHandler = (slot: number, nr: number | null, abi: Abi, calls: number) => void;

/** Reads the rows of slots, and what was counted beside them. Counts are exact up to 2^53. */
export class Rows implements Disposable {
  readonly #cells: Cells;
  readonly #oddCalls: Hash;
  /** What calls outside of the rows had come to, by slot, then by abi and number. */
  readonly #oddSeen = new Map<number, Map<string, number>>();

  constructor(object: BpfObject, cpus: number, oddCalls: Hash) {
    this.#cells = new Cells(object.map("rows"), cpus, constants.ROW_CALLS);
    this.#oddCalls = oddCalls;
  }

  /** Tells what this slot has called since it was last read. */
  read(slot: number, onCalls: CallsHandler): void {
    this.#cells.read(slot, (nr, calls) => {
      onCalls(slot, nr === constants.CALL_OTHER ? null : nr, "native", calls);
    });
  }

  /**
   * Tells what slots have called outside of the rows: 32-bit code's calls, numbers out of range.
   *
   * @param isKnown Whose slots somebody knows: what others have called stays unread.
   * @returns whether all was told.
   */
  readOdd(isKnown: (slot: number) => boolean, onCalls: CallsHandler): boolean {
    let isAll = true;
    for (const { key, value } of this.#oddCalls.entries()) {
      const slot = key.getUint32(callKey.offset.slot, true);
      if (!isKnown(slot)) {
        isAll = false;
        continue;
      }
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
    return isAll;
  }

  /**
   * The slot will be somebody else's. Its row goes on from where it is, read or not; what was counted
   * outside of it begins anew.
   */
  forget(slot: number): void {
    this.#cells.forget(slot);
    this.#oddSeen.delete(slot);
  }

  [Symbol.dispose](): void {
    this.#cells[Symbol.dispose]();
  }
}
