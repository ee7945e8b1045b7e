import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./namespace_enter.ts";

const process = { comm: "nsenter", exe: "/usr/bin/nsenter" };

Deno.test("namespace-enter: what the descriptor is, also an attempt", () => {
  const inputs = [
    event("setns", { fd: 3, flags: "CLONE_NEWNS" }, {
      process,
      descriptors: { 3: "/proc/1/ns/mnt" },
    }),
    event("setns", { fd: 3, flags: "CLONE_NEWNS" }, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "nsenter entered /proc/1/ns/mnt",
    "nsenter entered CLONE_NEWNS, which failed: EPERM",
  ]);
});

Deno.test("namespace-enter: not engines", () => {
  const runc = { comm: "runc:[1:CHILD]", exe: "/usr/bin/runc" };
  deepStrictEqual(messages(rule, [event("setns", { fd: 3 }, { process: runc })]), []);
});
