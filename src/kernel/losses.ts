/**
 * Events that were generated and not delivered, as the kernel has counted them.
 *
 * @module
 */
import type { BpfObject, Mapping } from "../ffi/mod.ts";
import { losses as lossesStruct } from "./layout.ts";

/** Why an event was not delivered. */
export const lossReasons = [
  "ring_full",
  "rate_limited",
  "no_state",
  "no_exit",
  "process_ring_full",
] as const;

/** One of the reasons. */
export type LossReason = typeof lossReasons[number];

/** Reads what has been lost, by slot. */
export class Losses implements Disposable {
  readonly #memory: Mapping;
  readonly #words: BigUint64Array<ArrayBuffer>;

  constructor(object: BpfObject) {
    this.#memory = object.map("losses").memory("read");
    this.#words = new BigUint64Array(this.#memory.buffer);
  }

  /** How many events of a slot were lost for a reason, since counting began. */
  count(slot: number, reason: LossReason): bigint {
    const at = (slot * lossesStruct.size + lossesStruct.offset[reason]) / 8;
    return Atomics.load(this.#words, at);
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
