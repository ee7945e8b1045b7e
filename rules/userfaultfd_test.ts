import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./userfaultfd.ts";

Deno.test("userfaultfd: of the kernel's faults, also an attempt", () => {
  const process = { comm: "x" };
  const inputs = [
    event("userfaultfd", { flags: ["O_CLOEXEC"] }, { process }),
    event("userfaultfd", {}, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "x called userfaultfd",
    "x called userfaultfd, which failed: EPERM",
  ]);
});

Deno.test("userfaultfd: not of user space's alone", () => {
  deepStrictEqual(messages(rule, [event("userfaultfd", { flags: ["UFFD_USER_MODE_ONLY"] })]), []);
});
