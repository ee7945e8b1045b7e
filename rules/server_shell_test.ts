import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./server_shell.ts";

const exec = (exe: string, ...argv: string[]) =>
  event("execve", { path: `/bin/${argv[0]}`, argv }, { process: { exe } });

Deno.test("server-shell: a server's child becomes a shell", () => {
  const inputs = [exec("/usr/sbin/nginx", "sh", "-c", "id"), exec("/usr/sbin/mysqld", "bash")];
  deepStrictEqual(messages(rule, inputs), ["nginx ran sh -c id", "mysqld ran bash"]);
});

Deno.test("server-shell: not other programs, not others' shells", () => {
  const inputs = [
    exec("/usr/sbin/nginx", "nginx"),
    exec("/usr/sbin/php-fpm8.2", "sh", "-c", "sendmail"),
    exec("/bin/dash", "sh"),
    event("execve", { path: fault(), argv: fault() }, { process: { exe: "/usr/sbin/nginx" } }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("server-shell: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("execve", { path: "/sh", argv: ["sh"] }, {
      process: { exe: "/usr/sbin/nginx" },
      error: "ENOENT",
    })]),
    [],
  );
});
