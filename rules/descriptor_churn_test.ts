import { deepStrictEqual } from "node:assert/strict";
import { tally } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./descriptor_churn.ts";

Deno.test("descriptor-churn: by the rate", () => {
  const inputs = [tally({ openat: 40_000, socket: 10_000 })];
  deepStrictEqual(messages(rule, inputs), ["50000 descriptors a second"]);
});

Deno.test("descriptor-churn: not less, not other calls", () => {
  deepStrictEqual(messages(rule, [tally({ openat: 49_999 }), tally({ read: 999_999 })]), []);
});

Deno.test("descriptor-churn: not a tick that is too short", () => {
  deepStrictEqual(messages(rule, [tally({ openat: 90_000 }, { interval: 50 })]), []);
});
