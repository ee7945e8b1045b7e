import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./setuid_root.ts";

const process = { comm: "x", uid: 1000 };

Deno.test("setuid-root: by each call", () => {
  const inputs = [
    event("setuid", { uid: 0 }, { process }),
    event("setresuid", { ruid: 0, euid: 0, suid: 0 }, { process }),
    event("setreuid", { ruid: 0, euid: 0 }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "x of user 1000 made itself root by setuid",
    "x of user 1000 made itself root by setresuid",
    "x of user 1000 made itself root by setreuid",
  ]);
});

Deno.test("setuid-root: not root, not a refusal, not going back, not in a user namespace", () => {
  const inputs = [
    event("setuid", { uid: 0 }, { process: { uid: 0 } }),
    event("setuid", { uid: 1000 }, { process: { uid: 0 } }),
    event("setuid", { uid: 0 }, { process, error: "EPERM" }),
    event("setresuid", { ruid: -1, euid: 0, suid: -1 }, { process }),
    event("setuid", { uid: 0 }, { process: { uid: 100_000 } }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
