import { deepStrictEqual } from "node:assert/strict";
import { tally } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./connect_flood.ts";

Deno.test("connect-flood: by the rate", () => {
  deepStrictEqual(messages(rule, [tally({ connect: 2000 }, { interval: 2000 })]), [
    "1000 connections a second",
  ]);
});

Deno.test("connect-flood: not a few, not other calls", () => {
  deepStrictEqual(messages(rule, [tally({ connect: 999 }), tally({ accept: 99_999 })]), []);
});

Deno.test("connect-flood: not a tick that is too short", () => {
  deepStrictEqual(messages(rule, [tally({ connect: 90_000 }, { interval: 50 })]), []);
});
