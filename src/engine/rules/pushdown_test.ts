import { deepStrictEqual } from "node:assert/strict";
import type { Call } from "../../kernel/mod.ts";
import { syscallNumber } from "../../syscalls/mod.ts";
import { defineRule, type RuleFilter } from "./define.ts";
import { conditionOf } from "./pushdown.ts";

const openat: Call = { nr: syscallNumber("openat") ?? -1, abi: "native" };
const everything = { outcome: undefined, tests: [] };

function opens(filter: RuleFilter<"openat">) {
  return defineRule({
    id: "opens",
    title: "opens",
    severity: "info",
    syscalls: ["openat"],
    filter,
    evaluate: ({ alert }) => alert(""),
  });
}

Deno.test("pushdown: an outcome that all ask for", () => {
  const ok = opens({ outcome: "ok" });
  deepStrictEqual(conditionOf([ok, ok], openat), { outcome: "ok", tests: [] });
  deepStrictEqual(conditionOf([ok, opens({})], openat), everything);
  deepStrictEqual(conditionOf([ok, opens({ outcome: "failed" })], openat), everything);
});

Deno.test("pushdown: tests of all rules, one of which must hold", () => {
  const creates = opens({ args: { path: { prefix: "/etc/" }, flags: { has: "O_CREAT" } } });
  const cuts = opens({ args: { flags: { any: ["O_TRUNC", "O_DIRECTORY"] } } });
  const create = { argument: 2, mask: 0o100n, value: 0o100n };
  deepStrictEqual(conditionOf([creates], openat).tests, [create]);
  deepStrictEqual(conditionOf([creates, cuts], openat).tests?.length, 3);
});

Deno.test("pushdown: no tests if one rule has none, or if there are more than the kernel takes", () => {
  const creates = opens({ args: { flags: { has: "O_CREAT" } } });
  const cuts = opens({ args: { flags: { any: ["O_TRUNC", "O_DIRECTORY"] } } });
  deepStrictEqual(conditionOf([creates, opens({})], openat), everything);
  deepStrictEqual(conditionOf([cuts, cuts, creates], openat), everything);
});
