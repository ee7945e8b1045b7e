import { ok, strictEqual } from "node:assert/strict";
import { constants, structs } from "./layout.ts";

Deno.test("layout: fields are in order, aligned, and do not overlap", () => {
  for (const { name, fields, offset, size } of structs) {
    let end = 0;
    for (const [field, { type, dimensions }] of Object.entries(fields)) {
      const at = offset[field] ?? NaN;
      const unit = Number(/\d+$/.exec(type)) / 8;
      strictEqual(at % unit, 0, `${name}.${field} is aligned`);
      ok(at >= end && at - end < unit, `${name}.${field} begins at ${at}, behind ${end}`);
      end = at + unit * dimensions.reduce((product, n) => product * n, 1);
    }
    ok(size >= end && size - end < 8, `${name} ends at ${size}`);
  }
});

Deno.test("layout: the slot and the flags of a cache word keep out of each other's bits", () => {
  const { MAX_SLOTS, CACHE_VALID, CACHE_NESTED, CACHE_V1, CACHE_BITS } = constants;
  strictEqual(Math.log2(MAX_SLOTS) % 1, 0);
  const parts = [MAX_SLOTS - 1, CACHE_VALID, CACHE_NESTED, CACHE_V1];
  strictEqual(parts.reduce((all, part) => all | part), parts.reduce((sum, part) => sum + part));
  // Above them is what the index of the word does not say of the cgroup's id.
  ok(parts.every((part) => part < 1 << CACHE_BITS));
});

Deno.test("layout: the overflow's and the host's slot are before the containers'", () => {
  const { SLOT_OVERFLOW, SLOT_HOST, SLOT_FIRST, CALL_OTHER, ROW_CALLS } = constants;
  strictEqual(new Set([SLOT_OVERFLOW, SLOT_HOST]).size, 2);
  ok(Math.max(SLOT_OVERFLOW, SLOT_HOST) < SLOT_FIRST);
  strictEqual(CALL_OTHER, ROW_CALLS - 1);
});
