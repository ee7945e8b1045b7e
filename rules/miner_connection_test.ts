import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./miner_connection.ts";

const connect = (address: string) => event("connect", { address }, { process: { comm: "x" } });

Deno.test("miner-connection: to a pool's port", () => {
  const inputs = [connect("203.0.113.7:3333"), connect("[2001:db8::1]:14444")];
  deepStrictEqual(messages(rule, inputs), [
    "x connected to 203.0.113.7, port 3333",
    "x connected to 2001:db8::1, port 14444",
  ]);
});

Deno.test("miner-connection: not in a private network, not to another port", () => {
  const inputs = [
    "10.1.2.3:3333",
    "192.168.1.1:4444",
    "172.20.0.3:3333",
    "127.0.0.1:5555",
    "[fd00::1]:3333",
    "[::ffff:10.0.0.1]:3333",
    "203.0.113.7:443",
  ];
  deepStrictEqual(
    messages(rule, [...inputs.map(connect), event("connect", { address: fault() })]),
    [],
  );
});
