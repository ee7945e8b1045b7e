import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./shell_history_clear.ts";

const process = { comm: "sh", cwd: "/root" };

Deno.test("shell-history-clear: removed, emptied, moved away, linked over", () => {
  const inputs = [
    event("unlinkat", { path: ".bash_history" }, { process }),
    event("openat", { path: "/root/.bash_history", flags: ["O_WRONLY", "O_TRUNC"] }, { process }),
    event("truncate", { path: "/root//.bash_history", length: 0 }, { process }),
    event("rename", { oldpath: ".bash_history", newpath: "/tmp/x" }, { process }),
    event("symlink", { target: "/dev/null", newpath: "/root/.bash_history" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), Array(5).fill("sh cleared /root/.bash_history"));
});

Deno.test("shell-history-clear: not appending, not other files, not what failed", () => {
  const inputs = [
    event("openat", { path: ".bash_history", flags: ["O_WRONLY", "O_APPEND", "O_CREAT"] }, {
      process,
    }),
    event("rename", { oldpath: "/root/.bash_history-1.tmp", newpath: ".bash_history" }, {
      process,
    }),
    event("unlink", { path: "/root/x" }, { process }),
    event("unlink", { path: ".bash_history" }, { process, error: "ENOENT" }),
    event("unlink", { path: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
