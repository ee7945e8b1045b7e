import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./denied_storm.ts";

const open = (path: string, comm: string, error: "EACCES" | "ENOENT" | "EPERM", at = "1s") =>
  event("openat", { path }, { error, at, process: { comm } });
const options = { options: { count: 5 } };
const five = [1, 2, 3, 4, 5];

Deno.test("denied-storm: many refusals of one program", () => {
  const inputs = five.map((i) => open(`/root/${i}`, "find", i % 2 ? "EACCES" : "EPERM"));
  deepStrictEqual(messages(rule, inputs, options), ["find was refused /root/5, the last of 5"]);
});

Deno.test("denied-storm: not what isn't there, not slowly, not of many programs", () => {
  const missing = five.map((i) => open(`/x/${i}`, "missing", "ENOENT"));
  const slow = five.map((i) => open("/root/x", "slow", "EACCES", `${i * 3}s`));
  const many = five.map((i) => open("/root/x", `many-${i}`, "EACCES"));
  const fine = five.map(() => event("openat", { path: fault() }));
  for (const inputs of [missing, slow, many, fine]) {
    deepStrictEqual(messages(rule, inputs, options), []);
  }
});
