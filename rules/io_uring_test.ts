import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./io_uring.ts";

Deno.test("io-uring: one that was made", () => {
  const inputs = [event("io_uring_setup", { entries: 8 }, { process: { comm: "x" } })];
  deepStrictEqual(messages(rule, inputs), ["x made an io_uring"]);
});

Deno.test("io-uring: not one that was refused", () => {
  deepStrictEqual(
    messages(rule, [event("io_uring_setup", { entries: 8 }, { error: "EPERM" })]),
    [],
  );
});
