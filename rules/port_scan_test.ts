import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./port_scan.ts";

const connect = (address: string, port: number, at: string) =>
  event("connect", { address: `${address}:${port}` }, {
    at,
    process: { comm: "x" },
    error: "ECONNREFUSED",
  });
const ports = Array.from({ length: 30 }, (_, i) => i + 1);

Deno.test("port-scan: thirty ports of one address", () => {
  const inputs = ports.map((port) => connect("10.0.0.1", port, `${port * 10}ms`));
  deepStrictEqual(messages(rule, inputs), ["x tried 30 ports of 10.0.0.1"]);
});

Deno.test("port-scan: not one port of many, not one port often, not slowly", () => {
  const sweep = ports.map((i) => connect(`10.1.0.${i}`, 443, "1s"));
  const again = ports.map(() => connect("10.2.0.1", 443, "1s"));
  const slow = ports.map((port) => connect("10.3.0.1", port, `${port}s`));
  const unread = ports.map(() => event("connect", { address: fault() }));
  for (const inputs of [sweep, again, slow, unread]) deepStrictEqual(messages(rule, inputs), []);
});
