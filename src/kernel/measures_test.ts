/** What was measured is told once, and to somebody. */
import { deepStrictEqual } from "node:assert/strict";
import type { Hash } from "./hashes.ts";
import { callKey, errorKey, times } from "./layout.ts";
import { Measures } from "./measures.ts";

const EBADF = 9;

/** A hash of one entry, of slot 7's close(2). */
function hashOf(key: { size: number; offset: Record<"slot" | "nr", number> }, size: number) {
  const [keyView, value] = [key.size, size].map((length) => new DataView(new ArrayBuffer(length)));
  if (keyView === undefined || value === undefined) throw new Error("no views");
  keyView.setUint32(key.offset.slot, 7, true);
  keyView.setBigInt64(key.offset.nr, 3n, true);
  const hash: Hash = { entries: () => [{ key: keyView, value }], forget: () => {} };
  return { hash, key: keyView, value };
}

Deno.test("measures: of a container that nobody knows yet all is told when somebody does", () => {
  const timed = hashOf(callKey, times.size);
  const failed = hashOf(errorKey, 8);
  failed.key.setUint16(errorKey.offset.error, EBADF, true);
  const hashes: Readonly<Record<string, Hash>> = {
    call_times: timed.hash,
    call_errors: failed.hash,
  };
  const measures = new Measures({
    of: (name) => hashes[name] ?? { entries: () => [], forget: () => {} },
  }, { latency: true, errors: true });
  const read = (isKnown: boolean) => {
    const told: [string, number][] = [];
    measures.readTimes(() => isKnown, (_slot, _nr, _abi, { calls }) => told.push(["times", calls]));
    measures.readErrors(() => isKnown, (_slot, _nr, _abi, error, calls) => {
      told.push([`error ${error}`, calls]);
    });
    return told;
  };
  const count = (calls: bigint) => {
    timed.value.setBigUint64(times.offset.calls, calls, true);
    timed.value.setBigUint64(times.offset.buckets, calls, true);
    failed.value.setBigUint64(0, calls, true);
  };
  count(5n);
  deepStrictEqual(read(false), []);
  count(8n);
  deepStrictEqual(read(true), [["times", 8], ["error 9", 8]]);
  deepStrictEqual(read(true), []);
  count(10n);
  deepStrictEqual(read(true), [["times", 2], ["error 9", 2]]);
});
