import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./binary_directory_write.ts";

const process = { comm: "sh", exe: "/bin/dash", cwd: "/usr/bin" };

Deno.test("binary-directory-write: opened for writing, renamed to, linked", () => {
  const inputs = [
    event("openat", { path: "/usr/bin/x", flags: ["O_WRONLY", "O_CREAT"] }, { process }),
    event("openat", { path: "x", flags: ["O_RDWR"] }, { process }),
    event("creat", { path: "/usr/bin//x" }, { process }),
    event("rename", { oldpath: "/tmp/x", newpath: "/usr/lib/../bin/x" }, { process }),
    event("symlinkat", { target: "/tmp/x", newpath: "x" }, { process }),
    event("linkat", { oldpath: "/tmp/x", newdirfd: 4, newpath: "x" }, {
      process,
      descriptors: { 4: "/usr/bin" },
    }),
    event("truncate", { path: "/usr/bin/x" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), Array(7).fill("sh wrote /usr/bin/x"));
});

Deno.test("binary-directory-write: not reading, elsewhere, a package manager, what failed", () => {
  const dpkg = { comm: "dpkg", exe: "/usr/bin/dpkg" };
  const script = {
    comm: "sh",
    exe: "/bin/dash",
    containerPid: 9,
    ancestors: [{ ...dpkg, containerPid: 8 }],
  };
  const started = { comm: "sh", exe: "/bin/dash", containerPid: 1, ancestors: [dpkg] };
  const flags = ["O_WRONLY"] as const;
  const inputs = [
    event("openat", { path: "/usr/bin/x", flags: "O_RDONLY" }, { process }),
    event("openat", { path: "/usr/bin/x", flags: ["O_WRONLY"] }, { process, error: "EROFS" }),
    event("openat", { path: "/srv/usr/bin/x", flags }, { process }),
    event("openat", { path: "/usr/bin/x", flags }, { process: dpkg }),
    event("openat", { path: "/usr/bin/x", flags }, { process: script }),
    event("openat", { path: "/usr/lib/python3/__pycache__/x.pyc", flags }, { process }),
    event("rename", { oldpath: "/usr/bin/x", newpath: "/tmp/x" }, { process }),
    event("openat", { path: fault(), flags }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
  // Who started the container is not asked.
  const alone = [event("openat", { path: "/bin/x", flags }, { process: started })];
  deepStrictEqual(messages(rule, alone), ["sh wrote /bin/x"]);
});
