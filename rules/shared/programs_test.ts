import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { executedArguments, executedNames, isRunBy, programOf } from "./programs.ts";

Deno.test("programs: a process goes by its file, an applet by its own name", () => {
  strictEqual(programOf({ exe: "/usr/bin/curl", comm: "sshd" }), "curl");
  strictEqual(programOf({ exe: "/bin/busybox", comm: "wget" }), "wget");
  strictEqual(programOf({ exe: "/usr/bin/x86_64-linux-gnu-gcc-12", comm: "cc" }), "gcc");
  strictEqual(
    programOf({ exe: "/memfd:runc_cloned:/proc/self/exe", comm: "runc:[2:INIT]" }),
    "runc",
  );
  strictEqual(programOf({ exe: undefined, comm: "cat" }), "cat");
});

Deno.test("programs: who started the container is not asked", () => {
  const by = (containerPid: number) =>
    event("getppid", {}, {
      process: {
        exe: "/bin/sh",
        containerPid,
        ancestors: [{ exe: "/usr/bin/apt", containerPid: 9 }],
      },
    }).process;
  strictEqual(isRunBy(by(10), ["apt"]), true);
  strictEqual(isRunBy(by(10), ["dpkg"]), false);
  strictEqual(isRunBy(by(10), ["apt"], 0), false);
  strictEqual(isRunBy(by(1), ["apt"]), false);
});

Deno.test("programs: all names of what is run", () => {
  const run = event("execve", { path: "/bin/sh", argv: ["-ash", "-l"] }, {
    executed: { exe: "/bin/busybox" },
  });
  deepStrictEqual([...executedNames(run)], ["sh", "busybox", "ash", "-l"]);
  const applet = event("execve", { path: "/bin/busybox", argv: ["busybox", "nc", "-e"] });
  deepStrictEqual(executedArguments(applet), ["-e"]);
  deepStrictEqual([...executedNames(event("getppid"))], []);
});
