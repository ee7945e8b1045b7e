import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./namespace_make.ts";

const process = { comm: "unshare", exe: "/usr/bin/unshare" };

Deno.test("namespace-make: also an attempt", () => {
  const inputs = [
    event("unshare", { flags: ["CLONE_NEWUSER", "CLONE_NEWNS"] }, { process }),
    event("unshare", { flags: ["CLONE_NEWUSER"] }, { process, error: "EPERM" }),
  ];
  deepStrictEqual(
    messages(rule, inputs).map((each) => each.split(" made ")[1]?.split(", ").toSorted()),
    [
      ["CLONE_NEWNS", "CLONE_NEWUSER"],
      ["CLONE_NEWUSER", "which failed: EPERM"],
    ],
  );
});

Deno.test("namespace-make: not what threads share, not engines", () => {
  const inputs = [
    event("unshare", { flags: ["CLONE_FILES", "CLONE_FS"] }, { process }),
    event("unshare", { flags: ["CLONE_NEWNS"] }, { process: { exe: "/usr/bin/runc" } }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
