import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./sensitive_file_read.ts";

const open = (path: string, facts = {}) =>
  event("openat", { path, flags: "O_RDONLY" }, {
    process: { comm: "cat", cwd: "/etc/ssl" },
    ...facts,
  });

Deno.test("sensitive-file-read: however the name is written", () => {
  const inputs = [
    open("/etc/shadow"),
    open("/etc//shadow"),
    open("/etc/ssl/../shadow"),
    open("../shadow"),
    open("/proc/self/root/etc/shadow"),
    open("/proc/1/root/../etc/./shadow"),
    event("openat", { dirfd: 7, path: "shadow", flags: ["O_RDWR"] }, {
      process: { comm: "cat" },
      descriptors: { 7: "/etc" },
    }),
    event("openat2", { path: "/etc/shadow", how: { flags: ["O_RDONLY"] } }, {
      process: { comm: "cat" },
    }),
    event("open", { path: "/dev/fd/9" }, {
      process: { comm: "cat" },
      descriptors: { 9: "/etc/shadow" },
    }),
  ];
  deepStrictEqual(messages(rule, inputs), Array(9).fill("cat opened /etc/shadow"));
  deepStrictEqual(
    messages(rule, [open("/home/eve/.ssh/id_ed25519"), open("/root/.aws/credentials")]),
    [
      "cat opened /home/eve/.ssh/id_ed25519",
      "cat opened /root/.aws/credentials",
    ],
  );
});

Deno.test("sensitive-file-read: not others, not trusted programs, not what failed or only was named", () => {
  const inputs = [
    open("/etc/passwd"),
    open("/srv/etc/shadow"),
    open("/etc/shadow", { error: "EACCES" }),
    open("/etc/shadow", { process: { comm: "sshd", exe: "/usr/sbin/sshd" } }),
    open("shadow"),
    open("shadow", { process: { comm: "cat" } }),
    event("openat", { path: "/etc/shadow", flags: ["O_PATH"] }),
    event("openat", { path: fault(), flags: "O_RDONLY" }),
    event("openat2", { path: "/etc/shadow", how: fault() }),
    event("chdir", { path: "/etc/shadow" }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("sensitive-file-read: options", () => {
  const options = { options: { paths: ["/srv/secret/"], trusted: ["cat"] } };
  const dog = { process: { comm: "dog", exe: "/bin/dog" } };
  const inputs = [open("/srv/secret/a/b", dog), open("/etc/shadow", dog), open("/srv/secret/a")];
  deepStrictEqual(messages(rule, inputs, options), ["dog opened /srv/secret/a/b"]);
});
