import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./reverse_shell.ts";

Deno.test("reverse-shell: the descriptor is a socket, then a shell is run", () => {
  const process = { comm: "python3", exe: "/usr/bin/python3", pid: 80 };
  const inputs = [
    event("socket", { family: "AF_INET", type: "SOCK_STREAM" }, { process, result: 3 }),
    event("dup2", { fd: 3, newfd: 0 }, { process, result: 0 }),
    event("execve", { path: "/bin/sh", argv: ["sh", "-i"] }, { process }),
    event("execve", { path: "/bin/bash" }, {
      process: { comm: "python3", pid: 81, ancestors: [process] },
    }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "python3 ran sh, which speaks to the network",
    "python3 ran bash, which speaks to the network",
  ]);
});

Deno.test("reverse-shell: a shell that connects itself, and one that is connected to", () => {
  const bash = { comm: "bash", exe: "/usr/bin/bash", pid: 82 };
  const nc = { comm: "nc", exe: "/bin/nc", pid: 83 };
  const inputs = [
    event("dup2", { fd: 3, newfd: 1 }, {
      process: bash,
      result: 1,
      descriptors: { 3: "TCP:[->203.0.113.7:9]" },
    }),
    event("dup2", { fd: 1, newfd: 2 }, { process: bash, result: 2 }),
    event("socket", { family: "AF_INET6", type: "SOCK_STREAM" }, { process: nc, result: 3 }),
    event("accept", { fd: 3 }, { process: nc, result: 4 }),
    event("dup3", { fd: 4, newfd: 0 }, { process: { ...nc, pid: 84, ancestors: [nc] }, result: 0 }),
    event("execve", { path: "/bin/ash" }, { process: { ...nc, pid: 84, ancestors: [nc] } }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "bash speaks to the network by its descriptor 1",
    "bash speaks to the network by its descriptor 2",
    "nc ran ash, which speaks to the network",
  ]);
});

Deno.test("reverse-shell: not sockets of one machine, pipes, other programs, what was closed", () => {
  const process = { comm: "node", exe: "/usr/bin/node", pid: 85 };
  const shell = event("execve", { path: "/bin/sh" }, { process });
  const inet = event("socket", { family: "AF_INET", type: "SOCK_STREAM" }, { process, result: 5 });
  const unix = event("socket", { family: "AF_UNIX", type: "SOCK_STREAM" }, { process, result: 5 });
  const dup = (text?: string) =>
    event("dup2", { fd: 5, newfd: 0 }, {
      process,
      result: 0,
      ...(text && { descriptors: { 5: text } }),
    });
  const inputs = [
    ...[unix, dup(), shell],
    ...[unix, dup("socket:[77]"), shell],
    // What was a socket is a pipe now, or a socket of another family.
    ...[inet, dup("pipe:[1]"), shell],
    ...[inet, unix, dup("socket:[77]"), shell],
    event("dup2", { fd: 6, newfd: 0 }, { process, result: 0, descriptors: { 6: "UNIX-STREAM" } }),
    shell,
    // Above the three, and not a shell.
    ...[inet, event("dup2", { fd: 5, newfd: 9 }, { process, result: 9 }), shell],
    event("execve", { path: "/usr/bin/env" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("reverse-shell: not what failed, not what distant ancestors did", () => {
  const process = { comm: "x", exe: "/x", pid: 90 };
  const child = { comm: "y", exe: "/y", pid: 91, ancestors: [{ pid: 92 }, { pid: 93 }, process] };
  const inputs = [
    event("dup2", { fd: 3, newfd: 0 }, { process, error: "EBUSY", descriptors: { 3: "TCP" } }),
    event("execve", { path: "/bin/sh" }, { process }),
    event("dup2", { fd: 3, newfd: 0 }, { process, result: 0, descriptors: { 3: "TCP" } }),
    event("execve", { path: "/bin/true" }, { process }),
    event("execve", { path: "/bin/sh" }, { process: child }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
