import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { callEvent, constants, record } from "../kernel/mod.ts";
import { isError } from "../syscalls/arguments/mod.ts";
import { CallEvent } from "./call_event.ts";

function returned(result: bigint, flags: number = constants.EVENT_RETURNED): CallEvent {
  const bytes = new ArrayBuffer(record.size + callEvent.size);
  const view = new DataView(bytes);
  view.setUint16(record.offset.flags, flags, true);
  view.setBigInt64(record.size + callEvent.offset.result, result, true);
  return new CallEvent(bytes).move(0, bytes.byteLength);
}

Deno.test("a call is ok if it returned no error, whatever else it returned", () => {
  const edges = [
    0n,
    -1n,
    -4095n,
    -4096n,
    -4097n,
    2n ** 31n,
    2n ** 32n - 1n,
    -(2n ** 32n),
    -(2n ** 63n),
  ];
  const result = fc.oneof(
    fc.constantFrom(...edges),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  fc.assert(
    fc.property(result, (each) => strictEqual(returned(each).isOk, !isError(each), `${each}`)),
  );
});

Deno.test("a call that did not return is not ok", () => {
  strictEqual(returned(0n, 0).isOk, false);
  strictEqual(returned(0n, constants.EVENT_ABANDONED).isOk, false);
});
