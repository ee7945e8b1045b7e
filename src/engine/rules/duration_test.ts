import { strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { millisecondsOf } from "./duration.ts";

Deno.test("duration: each unit, and parts of one", () => {
  strictEqual(millisecondsOf("500ms"), 500);
  strictEqual(millisecondsOf("10s"), 10_000);
  strictEqual(millisecondsOf("1.5m"), 90_000);
  strictEqual(millisecondsOf("2h"), 7_200_000);
  strictEqual(millisecondsOf("1d"), 86_400_000);
});

Deno.test("duration: what is none is refused, with what to write", () => {
  for (
    const text of ["", "10", "s", "0s", "-1s", "1 m", "1m30s", "10S", "1e3s", "Infinitys", ".5s"]
  ) {
    throws(() => millisecondsOf(text), { name: "RangeError", message: /write 10s, 5m, 1h/ });
  }
});

Deno.test("duration: more of a unit is longer", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), (n) => {
    strictEqual(millisecondsOf(`${n}s`), 1000 * millisecondsOf(`${n}ms`));
    strictEqual(millisecondsOf(`${n + 1}h`) > millisecondsOf(`${n}h`), true);
  }));
});
