import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CallCondition } from "../../kernel/mod.ts";
import { Conditions, covers } from "./coverage.ts";

const one = { argument: 1, mask: 3n, value: 1n };
const two = { argument: 1, mask: 3n, value: 2n };

const cases: Readonly<
  Record<string, [sent: CallCondition | undefined, wanted: CallCondition | undefined, is: boolean]>
> = {
  "all calls are enough for anything": [undefined, { outcome: "ok", tests: [one] }, true],
  "all calls were wanted": [{ outcome: "ok" }, undefined, false],
  "the same": [{ outcome: "ok", tests: [one] }, { outcome: "ok", tests: [one] }, true],
  "the other outcome": [{ outcome: "ok" }, { outcome: "failed" }, false],
  "fewer were wanted": [{ tests: [one, two] }, { tests: [two] }, true],
  "more were wanted": [{ tests: [one] }, { tests: [one, two] }, false],
  "no tests were wanted": [{ tests: [one] }, { tests: [] }, false],
  "other values": [{ tests: [one] }, { tests: [{ ...one, argument: 2 }] }, false],
};

for (const [what, [sent, wanted, is]] of Object.entries(cases)) {
  Deno.test(`coverage: ${what}`, () => strictEqual(covers(sent, wanted), is));
}

Deno.test("coverage: what was wanted at any time, next to what was sent at any time", () => {
  const sent = new Conditions();
  sent.add("openat", { outcome: "ok" });
  sent.add("openat", { outcome: "failed", tests: [one] });
  sent.add("mmap", undefined);
  const wanted = new Conditions();
  wanted.add("openat", { outcome: "failed", tests: [one] });
  wanted.add("mmap", { tests: [two] });
  deepStrictEqual(wanted.beyond(sent), []);
  wanted.add("openat", { outcome: "failed" });
  wanted.add("socket", undefined);
  deepStrictEqual(wanted.beyond(sent), ["openat", "socket"]);
});
