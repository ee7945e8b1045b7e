import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Room } from "./room.ts";

Deno.test("room: each gets what it may, and who comes last finds some", () => {
  const size = { all: 1000, each: 100 };
  const room = new Room(size);
  const own: number[] = [];
  for (let comer = 0; comer < 30; comer++) {
    own[comer] = 0;
    for (; room.has(own[comer]!); own[comer]!++) room.change(1);
    ok(own[comer]! > 0 || room.used > size.all - 2);
  }
  strictEqual(own[0], 100);
  ok(own[8]! > 0);
  ok(room.used <= size.all);
});

Deno.test("room: whoever takes and gives, in whatever order, there is never more taken than there is", () => {
  const comer = fc.nat({ max: 20 });
  const steps = fc.array(fc.record({ comer, takes: fc.nat({ max: 50 }), gives: fc.boolean() }));
  fc.assert(fc.property(steps, (steps) => {
    const room = new Room({ all: 1000, each: 200 });
    const own = new Map<number, number>();
    for (const { comer, takes, gives } of steps) {
      const has = own.get(comer) ?? 0;
      if (gives) {
        room.change(-has);
        own.set(comer, 0);
      } else if (room.has(has)) {
        room.change(takes);
        own.set(comer, has + takes);
      }
    }
    // One taking is as large as it is: who is let in may go beyond by that.
    ok(room.used <= 1000 + 50);
    for (const has of own.values()) ok(has <= 200 + 50);
  }));
});
