import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./private_key_search.ts";

const exec = (...argv: string[]) =>
  event("execve", { path: `/usr/bin/${argv[0]}`, argv }, { process: { comm: "sh" } });

Deno.test("private-key-search: by name and by content", () => {
  const inputs = [
    exec("find", "/", "-name", "id_rsa"),
    exec("grep", "-r", "BEGIN OPENSSH PRIVATE KEY", "/"),
    exec("busybox", "find", "/", "-name", "*.pem"),
    exec("grep", "-ri", "aws_secret_access_key", "/"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh ran find for id_rsa",
    "sh ran grep for BEGIN OPENSSH PRIVATE KEY",
    "sh ran find for *.pem",
    "sh ran grep for aws_secret_access_key",
  ]);
});

Deno.test("private-key-search: not other searches, not other programs", () => {
  const inputs = [
    exec("find", "/", "-name", "*.conf"),
    exec("grep", "-c", "BEGIN CERTIFICATE", "/etc/ssl/x"),
    exec("cat", "/root/.ssh/id_rsa"),
    event("execve", { path: "/usr/bin/find", argv: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("private-key-search: not what failed", () => {
  deepStrictEqual(
    messages(rule, [
      event("execve", { path: "/find", argv: ["find", "id_rsa"] }, { error: "ENOENT" }),
    ]),
    [],
  );
});
