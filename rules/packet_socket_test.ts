import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./packet_socket.ts";

const process = { comm: "x" };

Deno.test("packet-socket: also an attempt, also by its old name", () => {
  const inputs = [
    event("socket", { family: "AF_PACKET", type: ["SOCK_RAW", "SOCK_CLOEXEC"] }, { process }),
    event("socket", { family: "AF_PACKET", type: "SOCK_DGRAM" }, { process, error: "EPERM" }),
    event("socket", { family: "AF_INET", type: "SOCK_PACKET" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "x made a packet socket",
    "x made a packet socket, which failed: EPERM",
    "x made a packet socket",
  ]);
});

Deno.test("packet-socket: not others", () => {
  const inputs = [
    event("socket", { family: "AF_INET", type: "SOCK_STREAM" }, { process }),
    event("socket", { family: "AF_NETLINK", type: "SOCK_RAW" }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});
