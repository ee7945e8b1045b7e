import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./setuid_bit.ts";

const process = { comm: "chmod", exe: "/bin/chmod", cwd: "/tmp" };

Deno.test("setuid-bit: by each call", () => {
  const inputs = [
    event("fchmodat", { path: "sh", mode: 0o4755 }, { process }),
    event("chmod", { path: "/tmp//sh", mode: 0o6755 }, { process }),
    event("fchmod", { fd: 3, mode: 0o4755 }, { process, descriptors: { 3: "/tmp/sh" } }),
    event("fchmodat2", { path: "sh", mode: 0o4755 }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "chmod set mode 4755 of /tmp/sh",
    "chmod set mode 6755 of /tmp/sh",
    "chmod set mode 4755 of /tmp/sh",
    "chmod set mode 4755 of /tmp/sh",
  ]);
});

Deno.test("setuid-bit: not ordinary modes, package managers, what failed", () => {
  const tar = {
    exe: "/bin/tar",
    containerPid: 5,
    ancestors: [{ exe: "/usr/bin/dpkg", containerPid: 4 }],
  };
  const inputs = [
    event("chmod", { path: "/tmp/x", mode: 0o755 }, { process }),
    event("chmod", { path: "/tmp/x", mode: 0o2775 }, { process }),
    event("chmod", { path: "/tmp", mode: 0o1777 }, { process }),
    event("chmod", { path: "/tmp/x", mode: 0o4755 }, { process, error: "EPERM" }),
    event("chmod", { path: "/bin/su", mode: 0o4755 }, { process: tar }),
    event("chdir", { path: "/tmp" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("setuid-bit: the group's, if that is asked for", () => {
  const inputs = [
    event("chmod", { path: "x", mode: 0o2755 }, { process }),
    event("chmod", { path: "x", mode: 0o2745 }, { process }),
    event("chmod", { path: fault(), mode: 0o4755 }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs, { options: { setgid: true } }), [
    "chmod set mode 2755 of /tmp/x",
    "chmod set mode 4755 of (unknown)",
  ]);
});
