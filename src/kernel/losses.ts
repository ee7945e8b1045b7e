/**
 * Events that were generated and not delivered, as the kernel has counted them.
 *
 * @module
 */
import type { BpfObject, Mapping } from "../ffi/mod.ts";
import type { Hash } from "./hashes.ts";
import { constants, losses as lossesStruct, lossKey } from "./layout.ts";
import type { Abi } from "./rows.ts";

/** Why a call's event was not delivered, by LOSS_*. */
const callReasons = ["ring_full", "rate_limited", "no_state", "no_exit"] as const;

/** Why an event was not delivered. */
const lossReasons = [...callReasons, "process_ring_full"] as const;

/** One of the reasons. */
export type LossReason = typeof lossReasons[number];

/** Events of one call that were lost. */
export interface LostCalls {
  readonly slot: number;
  readonly reason: LossReason;
  /** undefined: of processes, or of more calls than the kernel can tell apart. */
  readonly call: { readonly nr: number; readonly abi: Abi } | undefined;
  readonly count: number;
}

/** Reads what has been lost, by slot. */
export class Losses implements Disposable {
  readonly #memory: Mapping;
  readonly #words: BigUint64Array<ArrayBuffer>;
  readonly #calls: Hash;
  /** How many events were lost in all. */
  readonly #lost: () => bigint;
  #lostBefore = 0n;
  /** What was told, by slot, then by reason and call: the kernel's numbers only grow. */
  readonly #told = new Map<number, Map<string, bigint>>();

  /**
   * @param calls Losses by their calls.
   * @param lost How many events were lost in all: it tells whether there is anything to read.
   */
  constructor(object: BpfObject, calls: Hash, lost: () => bigint) {
    this.#memory = object.map("losses").memory("read");
    this.#words = new BigUint64Array(this.#memory.buffer);
    this.#calls = calls;
    this.#lost = lost;
  }

  /** How many events of a slot were lost for a reason, since counting began. */
  count(slot: number, reason: LossReason): bigint {
    let all = this.#unnamed(slot, reason);
    for (const lost of this.#named()) {
      if (lost.slot === slot && lost.reason === reason) all += lost.count;
    }
    return all;
  }

  /** Hands over what was lost of some slots since it was last asked for. */
  *take(slots: Iterable<number>): Generator<LostCalls, void, undefined> {
    const lost = this.#lost();
    if (lost === this.#lostBefore) return;
    this.#lostBefore = lost;
    const asked = new Set(slots);
    for (const { slot, reason, call, count } of this.#named()) {
      if (!asked.has(slot)) continue;
      const taken = this.#take(slot, `${reason} ${call.abi} ${call.nr}`, count);
      if (taken > 0) yield { slot, reason, call, count: taken };
    }
    for (const slot of asked) {
      for (const reason of lossReasons) {
        const taken = this.#take(slot, reason, this.#unnamed(slot, reason));
        if (taken > 0) yield { slot, reason, call: undefined, count: taken };
      }
    }
  }

  #take(slot: number, key: string, count: bigint): number {
    let told = this.#told.get(slot);
    const before = told?.get(key) ?? 0n;
    if (count === before) return 0;
    if (told === undefined) this.#told.set(slot, told = new Map());
    told.set(key, count);
    return Number(count - before);
  }

  #unnamed(slot: number, reason: LossReason): bigint {
    const { size, offset } = lossesStruct;
    const index = callReasons.findIndex((each) => each === reason);
    const at = index < 0 ? offset.process_ring_full : offset.unnamed + 8 * index;
    return Atomics.load(this.#words, (slot * size + at) / 8);
  }

  *#named() {
    for (const { key, value } of this.#calls.entries()) {
      const reason = callReasons[key.getUint16(lossKey.offset.reason, true)];
      if (reason === undefined) throw new RangeError("lost_calls: no such reason");
      const isCompat = key.getUint16(lossKey.offset.abi, true) === constants.ABI_COMPAT;
      yield {
        slot: key.getUint32(lossKey.offset.slot, true),
        reason,
        call: {
          abi: isCompat ? "compat" as const : "native" as const,
          nr: Number(key.getBigInt64(lossKey.offset.nr, true)),
        },
        count: value.getBigUint64(0, true),
      };
    }
  }

  /** The slot will be somebody else's: its room in the kernel is free again. */
  forget(slot: number): void {
    const told = this.#told.get(slot);
    if (told === undefined) return;
    for (const key of told.keys()) if (key.includes(" ")) told.delete(key);
    this.#calls.forget(slot);
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
