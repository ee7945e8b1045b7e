/**
 * How long calls took and how they failed, as the kernel has added it up.
 *
 * @module
 */
import type { Hash, Hashes } from "./hashes.ts";
import { callKey, constants, errorKey, times } from "./layout.ts";
import type { Abi } from "./rows.ts";

/** How many calls took how long. Times are in nanoseconds. */
export interface CallTimes {
  readonly calls: number;
  readonly total: number;
  /** Of all since the slot began, not only of those that are new. */
  readonly longest: number;
  /** Calls by how long they took: see {@linkcode bucketRange}. */
  readonly buckets: Float64Array;
}

/** Hears of calls that have returned since they were last read. */
export type TimesHandler = (slot: number, nr: number, abi: Abi, times: CallTimes) => void;

/** Hears of calls that have failed since they were last read. */
export type ErrorsHandler = (
  slot: number,
  nr: number,
  abi: Abi,
  errno: number,
  calls: number,
) => void;

/** How many buckets there are. */
export const timeBuckets = constants.TIME_BUCKETS;

/** From and to how many ns a call took that is counted in a bucket; bpf/measure.h: bucket_of(). */
export function bucketRange(bucket: number): { readonly from: number; readonly to: number } {
  if (bucket < 8) return { from: bucket, to: bucket + 1 };
  const power = Math.floor(bucket / 8) + 2;
  const width = 2 ** (power - 3);
  const from = 2 ** power + (bucket % 8) * width;
  return { from, to: bucket === timeBuckets - 1 ? Infinity : from + width };
}

/** What an entry had come to when it was last read. */
interface Seen {
  calls: number;
  total: number;
  readonly buckets: Float64Array;
}

function abiOf(abi: number): Abi {
  return abi === constants.ABI_COMPAT ? "compat" : "native";
}

/** What is measured. */
export interface Measured {
  readonly latency: boolean;
  readonly errors: boolean;
}

/** Reads them. Counts are exact up to 2^53. */
export class Measures {
  readonly #times: Hash | undefined;
  readonly #errors: Hash | undefined;
  /** By slot, then by the key's bytes. */
  readonly #timesSeen = new Map<number, Map<string, Seen>>();
  readonly #errorsSeen = new Map<number, Map<string, number>>();

  constructor(hashes: Pick<Hashes, "of">, readonly measured: Measured) {
    this.#times = measured.latency ? hashes.of("call_times") : undefined;
    this.#errors = measured.errors ? hashes.of("call_errors") : undefined;
  }

  /**
   * Tells how long calls took that have returned since this was last called.
   *
   * @param isKnown Whose slots somebody knows: what others have called stays unread.
   */
  readTimes(isKnown: (slot: number) => boolean, onTimes: TimesHandler): void {
    for (const { key, value } of this.#times?.entries() ?? []) {
      const slot = key.getUint32(callKey.offset.slot, true);
      if (!isKnown(slot)) continue;
      const abi = key.getUint32(callKey.offset.abi, true);
      const nr = Number(key.getBigInt64(callKey.offset.nr, true));
      const u64 = (at: number) => Number(value.getBigUint64(at, true));
      const calls = u64(times.offset.calls);
      const seen = entry(this.#timesSeen, slot, `${abi} ${nr}`, () => ({
        calls: 0,
        total: 0,
        buckets: new Float64Array(timeBuckets),
      }));
      if (calls === seen.calls) continue;
      let longest = 0;
      for (let cpu = 0; cpu < constants.TIME_CPUS; cpu++) {
        longest = Math.max(longest, u64(times.offset.longest + 8 * cpu));
      }
      const total = u64(times.offset.total);
      const buckets = new Float64Array(timeBuckets);
      for (let bucket = 0; bucket < timeBuckets; bucket++) {
        const count = u64(times.offset.buckets + 8 * bucket);
        buckets[bucket] = count - (seen.buckets[bucket] ?? 0);
        seen.buckets[bucket] = count;
      }
      onTimes(slot, nr, abiOf(abi), {
        calls: calls - seen.calls,
        total: total - seen.total,
        longest,
        buckets,
      });
      seen.calls = calls;
      seen.total = total;
    }
  }

  /** Tells which calls of known slots have failed since this was last called. */
  readErrors(isKnown: (slot: number) => boolean, onErrors: ErrorsHandler): void {
    for (const { key, value } of this.#errors?.entries() ?? []) {
      const slot = key.getUint32(errorKey.offset.slot, true);
      if (!isKnown(slot)) continue;
      const abi = key.getUint16(errorKey.offset.abi, true);
      const errno = key.getUint16(errorKey.offset.error, true);
      const nr = Number(key.getBigInt64(errorKey.offset.nr, true));
      const calls = Number(value.getBigUint64(0, true));
      const name = `${abi} ${nr} ${errno}`;
      const before = entry(this.#errorsSeen, slot, name, () => 0);
      if (calls === before) continue;
      this.#errorsSeen.get(slot)?.set(name, calls);
      onErrors(slot, nr, abiOf(abi), errno, calls - before);
    }
  }

  /** The slot will be somebody else's. */
  forget(slot: number): void {
    if (this.#timesSeen.delete(slot)) this.#times?.forget(slot);
    if (this.#errorsSeen.delete(slot)) this.#errors?.forget(slot);
  }
}

function entry<T>(
  all: Map<number, Map<string, T>>,
  slot: number,
  name: string,
  make: () => T,
): T {
  let ofSlot = all.get(slot);
  if (ofSlot === undefined) all.set(slot, ofSlot = new Map());
  let found = ofSlot.get(name);
  if (found === undefined) ofSlot.set(name, found = make());
  return found;
}
