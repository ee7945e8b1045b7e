import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Tally } from "./tally.ts";
import { TerminalShare } from "./terminal_share.ts";

Deno.test("terminal share: what was new is told once, and in all", () => {
  const share = new TerminalShare();
  share.add("read", 2);
  deepStrictEqual(share.take(new Map([["read", 5], ["write", 1]])), new Map([["read", 2]]));
  deepStrictEqual(share.take(new Map([["read", 5]])), new Map());
  share.add("read", 1);
  share.take(new Map([["read", 1]]));
  deepStrictEqual(share.total, new Map([["read", 3]]));
});

Deno.test("terminal share: a call between the two readings waits for the next tick", () => {
  const share = new TerminalShare();
  share.add("read", 3);
  deepStrictEqual(share.take(new Map([["read", 2]])), new Map([["read", 2]]));
  deepStrictEqual(share.take(new Map()), new Map());
  deepStrictEqual(share.take(new Map([["read", 4]])), new Map([["read", 1]]));
});

Deno.test("terminal share: a tally without calls on a terminal tells of none", () => {
  const tally = new Tally();
  tally.add("read", 2);
  deepStrictEqual(tally.onTerminal.take(tally.take()), new Map());
  strictEqual(tally.onTerminal.total.size, 0);
});

Deno.test("terminal share: never more than there are calls, and in the end all of them", () => {
  // Of each call: the tick that reads it among all, how much earlier one on a terminal is seen there, or that it is on none.
  const call = fc.record({
    name: fc.constantFrom("read", "write", "poll"),
    tick: fc.integer({ min: 0, max: 9 }),
    ahead: fc.constantFrom(undefined, 0, 0, 1),
  });
  fc.assert(fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
    const tally = new Tally();
    for (let tick = 0; tick < 10; tick++) {
      for (const each of calls) {
        if (each.tick === tick) tally.add(each.name, 1);
        if (each.ahead !== undefined && Math.max(0, each.tick - each.ahead) === tick) {
          tally.onTerminal.add(each.name, 1);
        }
      }
      const taken = tally.take();
      for (const [name, count] of tally.onTerminal.take(taken)) {
        ok(count > 0 && count <= (taken.get(name) ?? 0), `${count} ${name}`);
      }
      for (const [name, count] of tally.onTerminal.total) ok(count <= (tally.total.get(name) ?? 0));
    }
    const expected = new Map<string, number>();
    for (const { name, ahead } of calls) {
      if (ahead !== undefined) expected.set(name, (expected.get(name) ?? 0) + 1);
    }
    deepStrictEqual(new Map([...tally.onTerminal.total].sort()), new Map([...expected].sort()));
  }));
});
