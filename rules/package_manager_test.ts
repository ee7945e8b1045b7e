import { deepStrictEqual } from "node:assert/strict";
import { event, fault } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./package_manager.ts";

const exec = (path: string, ...args: string[]) =>
  event("execve", { path, argv: [path, ...args] }, { process: { comm: "sh" } });

Deno.test("package-manager: what changes something", () => {
  const inputs = [
    exec("/usr/bin/apt-get", "-y", "install", "nmap"),
    exec("/sbin/apk", "--no-cache", "add", "curl"),
    exec("/usr/bin/rpm", "-ivh", "x.rpm"),
    exec("/usr/bin/pacman", "-Syu"),
    exec("/usr/bin/dpkg", "-i", "x.deb"),
  ];
  deepStrictEqual(messages(rule, inputs), [
    "sh ran apt-get install",
    "sh ran apk add",
    "sh ran rpm -ivh",
    "sh ran pacman -Syu",
    "sh ran dpkg -i",
  ]);
});

Deno.test("package-manager: not what only asks", () => {
  const inputs = [
    exec("/usr/bin/dpkg", "-l"),
    exec("/usr/bin/apt", "list", "--installed"),
    exec("/usr/bin/rpm", "-qa"),
    exec("/usr/bin/pacman", "-Ss", "x"),
    exec("/usr/bin/pip", "install", "x"),
    event("execve", { path: "/usr/bin/apt", argv: fault() }),
  ];
  deepStrictEqual(messages(rule, inputs), []);
});

Deno.test("package-manager: not what failed", () => {
  deepStrictEqual(
    messages(rule, [
      event("execve", { path: "/apt", argv: ["apt", "update"] }, { error: "ENOENT" }),
    ]),
    [],
  );
});
