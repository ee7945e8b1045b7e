import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./interactive_shell.ts";

const exec = (argv: string[], tty?: string) =>
  event("execve", { path: "/bin/bash", argv }, { process: { comm: "runc", ...(tty && { tty }) } });

Deno.test("interactive-shell: a shell on a terminal", () => {
  const inputs = [
    exec(["bash"], "pts/0"),
    exec(["-bash"], "pts/0"),
    exec(["sh", "--rcfile", "x", "-i"], "pts/1"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "runc started bash on pts/0",
    "runc started bash on pts/0",
    "runc started sh on pts/1",
  ]);
  const busybox = event("execve", { path: "/bin/busybox", argv: ["busybox", "ash"] }, {
    process: { comm: "init", tty: "pts/0" },
  });
  deepStrictEqual(messages(rule, [busybox]), ["init started ash on pts/0"]);
});

Deno.test("interactive-shell: not without a terminal, not a script, not another program", () => {
  const other = event("execve", { path: "/usr/bin/top", argv: ["top"] }, {
    process: { tty: "pts/0" },
  });
  const failed = event("execve", { path: "/bin/bash", argv: ["bash"] }, {
    process: { tty: "pts/0" },
    error: "ENOENT",
  });
  const unread = event("execve", { path: "/bin/bash", argv: fault() }, {
    process: { tty: "pts/0" },
  });
  const inputs = [
    exec(["bash"]),
    exec(["bash", "-ic", "ls"], "pts/0"),
    exec(["bash", "x.sh"], "pts/0"),
  ];
  deepStrictEqual(messages(rule, [...inputs, other, failed, unread]), []);
});
