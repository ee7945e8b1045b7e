import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./kernel_module.ts";

const process = { comm: "insmod" };

Deno.test("kernel-module: whether it succeeds or not", () => {
  const inputs = [
    event("finit_module", { fd: 3, parameters: "" }, { process, descriptors: { 3: "/tmp/x.ko" } }),
    event("init_module", { length: 9, parameters: "" }, { process, error: "EPERM" }),
    event("delete_module", { name: "nf_tables" }, { process, error: "EPERM" }),
    event("delete_module", { name: fault() }, { process }),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "insmod called finit_module /tmp/x.ko",
    "insmod called init_module, which failed: EPERM",
    "insmod called delete_module nf_tables, which failed: EPERM",
    "insmod called delete_module",
  ]);
});

Deno.test("kernel-module: nothing else", () => {
  deepStrictEqual(messages(rule, [event("openat", { path: "/tmp/x.ko" }, { process })]), []);
});
