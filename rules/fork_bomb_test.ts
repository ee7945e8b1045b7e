import { deepStrictEqual } from "node:assert/strict";
import { tally } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./fork_bomb.ts";

Deno.test("fork-bomb: by the rate of all calls that make processes", () => {
  const inputs = [
    tally({ clone: 2000, clone3: 600, vfork: 400 }),
    tally({ fork: 1500 }, { at: "1m", interval: 500 }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "3000 processes or threads a second",
    "3000 processes or threads a second",
  ]);
});

Deno.test("fork-bomb: not a build, not a tick that is too short", () => {
  const inputs = [
    tally({ clone: 2999 }),
    tally({ clone: 5000 }, { interval: 2000 }),
    tally({ clone: 900 }, { interval: 50 }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
