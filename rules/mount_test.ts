import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./mount.ts";

const process = { comm: "sh", exe: "/bin/dash" };

Deno.test("mount: also attempts, also the new calls", () => {
  const inputs = [
    event("mount", { source: "tmpfs", target: "/mnt", type: "tmpfs" }, { process }),
    event("mount", { source: "/etc", target: "/mnt", flags: ["MS_BIND"] }, {
      process,
      error: "EPERM",
    }),
    event("move_mount", { newpath: "/mnt" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh mounted tmpfs on /mnt (tmpfs)",
    "sh mounted /etc on /mnt (?), which failed: EPERM",
    "sh mounted something on /mnt",
  ]);
});

Deno.test("mount: not how mounts are shared, not engines", () => {
  const inputs = [
    event("mount", { source: "none", target: "/", flags: ["MS_REC", "MS_PRIVATE"] }, { process }),
    event("mount", { source: "proc", target: "/proc", type: "proc" }, {
      process: { comm: "runc:[2:INIT]", exe: "/memfd:runc_cloned:/proc/self/exe" },
    }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
  const unread = event("mount", { source: fault(), target: fault(), type: null }, { process });
  deepStrictEqual(messages(rule, [unread]), ["sh mounted ? on ? (?)"]);
});
