import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./scheduled_task_write.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/etc/cron.d" };
const flags = ["O_WRONLY", "O_CREAT"] as const;

Deno.test("scheduled-task-write: cron, at, systemd", () => {
  const paths = ["/etc/cron.d/x", "/var/spool/cron/crontabs/root", "/etc/systemd/system/x.service"];
  const inputs = paths.map((path) => event("openat", { path, flags }, { process }));
  deepStrictEqual(messages(rule, inputs), paths.map((path) => `sh wrote ${path}`));
  const linked = [event("symlink", { target: "/tmp/x", newpath: "x" }, { process })];
  deepStrictEqual(messages(rule, linked), ["sh wrote /etc/cron.d/x"]);
});

Deno.test("scheduled-task-write: not reading, elsewhere, a package manager", () => {
  const inputs = [
    event("openat", { path: "/etc/crontab", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/srv/cron.d/x", flags }, { process }),
    event("openat", { path: "/etc/cron.d/x", flags }, { process: { exe: "/usr/bin/dpkg" } }),
    event("openat", { path: fault(), flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("scheduled-task-write: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("openat", { path: "/etc/crontab", flags }, { process, error: "EROFS" })]),
    [],
  );
});
