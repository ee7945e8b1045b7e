import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./dropped_executable.ts";

const curl = { comm: "curl", exe: "/usr/bin/curl", cwd: "/srv" };
const writes = ["O_WRONLY", "O_CREAT"] as const;

Deno.test("dropped-executable: written, then run, also by another name", () => {
  const process = { comm: "sh", cwd: "/srv" };
  const inputs = [
    event("openat", { path: "/srv/a", flags: writes }, { process: curl }),
    event("execve", { path: "./a" }, { process }),
    event("renameat2", { oldpath: "/srv/a", newpath: "b" }, {
      process: { comm: "mv", cwd: "/srv" },
    }),
    event("execve", { path: "/srv//b" }, { process }),
    event("chmod", { path: "c", mode: 0o755 }, { process: { comm: "chmod", cwd: "/srv" } }),
    event("execve", { path: "/bin/c" }, { process, executed: { exe: "/srv/c" } }),
    event("fchmod", { fd: 3, mode: 0o700 }, { process: curl, descriptors: { 3: "/srv/d" } }),
    event("execve", { path: "/srv/d" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh ran /srv/a, which curl had written",
    "sh ran /srv/b, which curl had written",
    "sh ran /srv/c, which chmod had written",
    "sh ran /srv/d, which curl had written",
  ]);
});

Deno.test("dropped-executable: not the image's, a compiler's, another container's, or one only read", () => {
  const linker = { comm: "ld", exe: "/usr/bin/ld", ancestors: [{ exe: "/usr/bin/gcc" }] };
  const strip = { comm: "sh", exe: "/bin/sh", ancestors: [{ exe: "/usr/bin/make" }] };
  const inputs = [
    event("execve", { path: "/usr/bin/x" }),
    event("openat", { path: "/q/read", flags: "O_RDONLY" }, { process: curl }),
    event("execve", { path: "/q/read" }),
    event("openat", { path: "/q/out", flags: writes }, { process: linker }),
    event("execve", { path: "/q/out" }),
    event("openat", { path: "/q/sh", flags: writes }, { process: strip }),
    event("execve", { path: "/q/sh" }),
    event("openat", { path: "/q/other", flags: writes }, {
      process: curl,
      container: { name: "a" },
    }),
    event("execve", { path: "/q/other" }, { container: { name: "b" } }),
    event("openat", { path: "/q/failed", flags: writes }, { process: curl, error: "EROFS" }),
    event("execve", { path: "/q/failed" }),
    event("chmod", { path: "/q/data", mode: 0o644 }, { process: curl }),
    event("execve", { path: "/q/data" }),
    event("openat", { path: fault(), flags: writes }, { process: curl }),
    event("execve", { path: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
