import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { cpusIn, defaultSlots, objectPath } from "./capture.ts";
import { constants } from "./layout.ts";

Deno.test("cpusIn: one more than the highest, whatever is between", () => {
  strictEqual(cpusIn("0\n"), 1);
  strictEqual(cpusIn("0-1\n"), 2);
  strictEqual(cpusIn("0-3,8\n"), 9);
  strictEqual(cpusIn("0-3,8-127\n"), 128);
  // Numbers need not begin with 0, nor be in order.
  strictEqual(cpusIn("4-5,2\n"), 6);
});

Deno.test("cpusIn: a list without numbers is told, not taken for 0 CPUs", () => {
  throws(() => cpusIn("\n"), /no CPU numbers in "\\n"/);
});

Deno.test("defaultSlots: 1,024 where they fit 128 MiB, fewer on large machines, 256 at least", () => {
  strictEqual(defaultSlots(1), 1024);
  strictEqual(defaultSlots(32), 1024);
  strictEqual(defaultSlots(33), 992);
  strictEqual(defaultSlots(128), 256);
  strictEqual(defaultSlots(4096), 256);
});

Deno.test("defaultSlots: whatever the CPUs, as many as can be and no more than memory allows", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8192 }), (cpus) => {
    const slots = defaultSlots(cpus);
    ok(Number.isInteger(slots) && slots >= 256 && slots <= constants.MAX_SLOTS);
    const bytes = slots * cpus * constants.ROW_CALLS * 8;
    ok(slots === 256 || bytes <= 128 * 2 ** 20);
  }));
});

Deno.test("objectPath: there is an object for each architecture", () => {
  for (const architecture of ["x86_64", "aarch64"] as const) {
    ok(Deno.statSync(objectPath(architecture)).isFile);
  }
});
