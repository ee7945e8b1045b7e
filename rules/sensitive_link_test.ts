import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./sensitive_link.ts";

const process = { comm: "ln", cwd: "/etc" };

Deno.test("sensitive-link: soft and hard, relative and attempted", () => {
  const inputs = [
    event("symlink", { target: "/etc/shadow", newpath: "/tmp/x" }, { process }),
    event("symlinkat", { target: "../../etc//shadow", newpath: "/srv/www/x" }, { process }),
    event("symlink", { target: "/", newpath: "/srv/root" }, { process }),
    event("linkat", { oldpath: "shadow", newpath: "/tmp/x" }, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "ln linked /tmp/x to /etc/shadow",
    "ln linked /srv/www/x to /etc/shadow",
    "ln linked /srv/root to /",
    "ln made a hard link to /etc/shadow",
  ]);
});

Deno.test("sensitive-link: not other files, not a target that is elsewhere, not what failed", () => {
  const inputs = [
    event("symlink", { target: "/etc/hosts", newpath: "/tmp/x" }, { process }),
    event("symlink", { target: "shadow", newpath: "/tmp/x" }, { process }),
    event("symlink", { target: "/etc/shadow", newpath: "/tmp/x" }, { process, error: "EEXIST" }),
    event("link", { oldpath: "hosts", newpath: "/etc/shadow" }, { process }),
    event("symlink", { target: fault(), newpath: "/tmp/x" }, { process }),
    event("symlink", { target: "shadow", newpath: fault() }, { process }),
    event("link", { oldpath: fault(), newpath: "/tmp/x" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
