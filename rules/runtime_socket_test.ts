import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./runtime_socket.ts";

const connect = (path: string, facts = {}) =>
  event("connect", { address: path.startsWith("/") ? path : { family: "AF_UNIX", path } }, {
    process: { comm: "curl", cwd: "/run" },
    ...facts,
  });

Deno.test("runtime-socket: wherever it is mounted, also when it fails", () => {
  const inputs = [
    connect("/var/run/docker.sock"),
    connect("docker.sock", { error: "EACCES" }),
    connect("/host/run/containerd//containerd.sock"),
    connect("/proc/self/fd/5", { descriptors: { 5: "/run/crio/crio.sock" } }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "curl connected to /var/run/docker.sock",
    "curl connected to /run/docker.sock",
    "curl connected to /host/run/containerd/containerd.sock",
    "curl connected to /run/crio/crio.sock",
  ]);
});

Deno.test("runtime-socket: not other sockets", () => {
  const inputs = [
    connect("/run/mysqld/mysqld.sock"),
    event("connect", { address: "10.0.0.7:443" }),
    event("connect", { address: "@docker.sock" }),
    event("connect", { address: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
