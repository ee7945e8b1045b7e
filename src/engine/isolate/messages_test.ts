/** What the child may say: anything else is nothing. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type FromChild, readFromChild } from "./messages.ts";

const told = { alerts: [], held: [], problems: [] };

const right: readonly FromChild[] = [
  { type: "alive" },
  { type: "refused", message: "no" },
  { type: "done", id: 3, told },
  { type: "at", id: 3, event: 0, rule: "a", told },
  { type: "later", problems: [{ rule: "a", message: "b", isOff: false }] },
  {
    type: "done",
    id: 3,
    told: {
      alerts: [{ rule: "a", at: 1, message: "b", fields: { c: [1] }, key: "" }],
      held: [{ rule: "a", container: 0, key: "", count: 1, time: "12" }],
      problems: [],
    },
  },
];

Deno.test("messages: those that there are", () => {
  for (const each of right) deepStrictEqual(readFromChild(each), each);
});

Deno.test("messages: no other, and nothing besides", () => {
  const wrong: readonly unknown[] = [
    undefined,
    null,
    [],
    "done",
    { type: "done" },
    { type: "done", id: -1, told },
    { type: "done", id: 1.5, told },
    { type: "done", id: 1, told, more: 1 },
    { type: "done", id: 1, told: { ...told, alerts: [{ rule: "a" }] } },
    {
      type: "done",
      id: 1,
      told: { ...told, held: [{ rule: "a", container: 0, key: "", count: 0, time: "1" }] },
    },
    {
      type: "done",
      id: 1,
      told: { ...told, held: [{ rule: "a", container: 0, key: "", count: 1, time: "x" }] },
    },
    { type: "ready", rules: [{ id: "a" }] },
    { type: "batch", id: 1 },
  ];
  for (const each of wrong) strictEqual(readFromChild(each), undefined, JSON.stringify(each));
});

Deno.test("messages: whatever is said, it is read without an error", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom("done", "at", "ready", "later"), (value, type) => {
      readFromChild(value);
      readFromChild({ type, id: 1, told: value, problems: value, rules: value });
    }),
  );
});
