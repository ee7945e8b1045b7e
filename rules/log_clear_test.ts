import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./log_clear.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/var/log" };

Deno.test("log-clear: emptied or removed", () => {
  const inputs = [
    event("openat", { path: "wtmp", flags: ["O_WRONLY", "O_CREAT", "O_TRUNC"] }, { process }),
    event("truncate", { path: "/var/log/auth.log" }, { process }),
    event("unlink", { path: "/var//log/syslog" }, { process }),
    event("unlinkat", { dirfd: 3, path: "x.log" }, {
      process,
      descriptors: { 3: "/var/log/nginx" },
    }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh emptied /var/log/wtmp",
    "sh emptied /var/log/auth.log",
    "sh removed /var/log/syslog",
    "sh removed /var/log/nginx/x.log",
  ]);
});

Deno.test("log-clear: not writing, not rotating, not elsewhere", () => {
  const inputs = [
    event("openat", { path: "wtmp", flags: ["O_WRONLY", "O_APPEND"] }, { process }),
    event("unlink", { path: "/var/log/x.1" }, { process: { exe: "/usr/sbin/logrotate" } }),
    event("unlink", { path: "/srv/x.log" }, { process }),
    event("unlink", { path: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("log-clear: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("unlink", { path: "/var/log/x" }, { process, error: "ENOENT" })]),
    [],
  );
});
