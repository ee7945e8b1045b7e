import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./raw_socket.ts";

const process = { comm: "x", exe: "/tmp/x" };

Deno.test("raw-socket: of both internet families", () => {
  const inputs = [
    event("socket", { family: "AF_INET", type: ["SOCK_RAW", "SOCK_CLOEXEC"] }, { process }),
    event("socket", { family: "AF_INET6", type: "SOCK_RAW" }, { process, error: "EPERM" }),
  ];
  deepStrictEqual(messages(rule, inputs), ["x made a raw socket", "x made a raw socket: EPERM"]);
});

Deno.test("raw-socket: not ping, not netlink, not TCP", () => {
  const inputs = [
    event("socket", { family: "AF_INET", type: "SOCK_RAW" }, { process: { exe: "/bin/ping" } }),
    event("socket", { family: "AF_NETLINK", type: "SOCK_RAW" }, { process }),
    event("socket", { family: "AF_INET", type: "SOCK_STREAM" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
