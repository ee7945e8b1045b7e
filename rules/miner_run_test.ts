import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./miner_run.ts";

const exec = (...argv: string[]) =>
  event("execve", { path: `/tmp/${argv[0]}`, argv }, { process: { comm: "sh" } });

Deno.test("miner-run: by name, by pool", () => {
  const inputs = [
    exec("xmrig"),
    exec("kworker", "-o", "stratum+tcp://pool:3333"),
    exec("x", "--algo=rx/0"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh ran a miner: xmrig",
    "sh ran a miner: stratum+tcp://pool:3333",
    "sh ran a miner: --algo=rx/0",
  ]);
});

Deno.test("miner-run: not others", () => {
  const inputs = [
    exec("sh", "-c", "true"),
    exec("x", "--algo=sha256"),
    event("execve", { path: fault(), argv: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("miner-run: not what failed", () => {
  deepStrictEqual(
    messages(rule, [event("execve", { path: "/xmrig", argv: ["xmrig"] }, { error: "ENOENT" })]),
    [],
  );
});
