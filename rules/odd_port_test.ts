import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./odd_port.ts";

const connect = (address: string) => event("connect", { address }, { process: { comm: "x" } });

Deno.test("odd-port: on the internet", () => {
  deepStrictEqual(messages(rule, [connect("203.0.113.7:4445")]), [
    "x connected to 203.0.113.7, port 4445",
  ]);
});

Deno.test("odd-port: not usual ports, not private networks, not port 0", () => {
  const inputs = ["203.0.113.7:443", "10.0.0.1:4445", "203.0.113.7:0", "/run/x.sock"].map(connect);
  deepStrictEqual(messages(rule, [...inputs, event("connect", { address: fault() })]), []);
});
