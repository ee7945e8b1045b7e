import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./authorized_keys_write.ts";

const process = { comm: "sh", cwd: "/home/eve" };
const flags = ["O_WRONLY", "O_CREAT", "O_APPEND"] as const;

Deno.test("authorized-keys-write: in anybody's home", () => {
  const inputs = [
    event("openat", { path: "/root/.ssh/authorized_keys", flags }, { process }),
    event("openat", { path: ".ssh/authorized_keys", flags }, { process }),
    event("rename", { oldpath: "/tmp/x", newpath: "/srv/git/.ssh/authorized_keys2" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh wrote /root/.ssh/authorized_keys",
    "sh wrote /home/eve/.ssh/authorized_keys",
    "sh wrote /srv/git/.ssh/authorized_keys2",
  ]);
});

Deno.test("authorized-keys-write: not reading, not other files", () => {
  const inputs = [
    event("openat", { path: "/root/.ssh/authorized_keys", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/root/.ssh/known_hosts", flags }, { process }),
    event("openat", { path: "/root/.ssh/authorized_keys", flags }, { process, error: "EACCES" }),
    event("openat", { path: fault(), flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
