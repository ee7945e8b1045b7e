import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./data_wiper.ts";

const exec = (...argv: string[]) =>
  event("execve", { path: `/usr/bin/${argv[0]}`, argv }, { process: { comm: "sh" } });

Deno.test("data-wiper: shred, mkfs, an applet", () => {
  const inputs = [
    exec("shred", "-u", "x"),
    exec("mkfs.ext4", "/dev/sda"),
    exec("busybox", "shred", "y"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh ran shred -u x",
    "sh ran mkfs.ext4 /dev/sda",
    "sh ran shred y",
  ]);
});

Deno.test("data-wiper: not others", () => {
  const failed = event("execve", { path: "/usr/bin/shred", argv: ["shred"] }, { error: "ENOENT" });
  deepStrictEqual(
    messages(rule, [
      exec("rm", "shred"),
      failed,
      event("execve", { path: fault(), argv: fault() }),
    ]),
    [],
  );
});
