import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./private_keys_opened.ts";

const open = (path: string, at: string, name = "many") =>
  event("openat", { path }, { process: { comm: "tar" }, at, container: { name } });

Deno.test("private-keys-opened: the fifth different one within a minute", () => {
  const inputs = [1, 2, 3, 4, 5].map((i) => open(`/home/u${i}/.ssh/id_rsa`, `${i}s`));
  deepStrictEqual(messages(rule, inputs), [
    "tar opened /home/u5/.ssh/id_rsa, the last of 5 private keys",
  ]);
});

Deno.test("private-keys-opened: not the same one, not slowly, not certificates", () => {
  const same = [1, 2, 3, 4, 5].map((i) => open("/srv/tls.key", `${i}s`, "same"));
  const slow = [1, 2, 3, 4, 5].map((i) => open(`/srv/${i}.key`, `${i}m`, "slow"));
  const other = [1, 2, 3, 4, 5].map((i) => open(`/etc/ssl/certs/${i}.pem`, `${i}s`, "other"));
  const unread = event("openat", { path: fault() });
  for (const inputs of [same, slow, other, [unread]]) deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("private-keys-opened: not what failed", () => {
  const paths = [1, 2, 3, 4, 5].map((i) => `/failed/${i}.key`);
  deepStrictEqual(
    messages(rule, paths.map((path) => event("openat", { path }, { error: "EACCES" }))),
    [],
  );
});
