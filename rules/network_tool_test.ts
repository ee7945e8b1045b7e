import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./network_tool.ts";

const exec = (...argv: string[]) =>
  event("execve", { path: `/bin/${argv[0]}`, argv }, { process: { comm: "sh" } });

Deno.test("network-tool: by its name, also as an applet", () => {
  deepStrictEqual(messages(rule, [exec("nmap", "10.0.0.0/8"), exec("busybox", "telnet")]), [
    "sh ran nmap",
    "sh ran telnet",
  ]);
});

Deno.test("network-tool: not others", () => {
  deepStrictEqual(
    messages(rule, [exec("curl"), exec("echo", "nmap"), event("execve", { path: fault() })]),
    [],
  );
});

Deno.test("network-tool: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("execve", { path: "/nmap", argv: ["nmap"] }, { error: "ENOENT" })]),
    [],
  );
});
