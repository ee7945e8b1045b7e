import { deepStrictEqual } from "node:assert/strict";
import { event } from "tallyman/testing";
import { messages } from "../tests/rules/messages.ts";
import rule from "./bulk_delete.ts";

const remove = (path: string, at: string, name: string) =>
  event("unlinkat", { path }, { at, process: { comm: "rm", cwd: "/srv" }, container: { name } });
const options = { options: { count: 10 } };
const ten = Array.from({ length: 10 }, (_, i) => i);

Deno.test("bulk-delete: many at once", () => {
  const inputs = ten.map((i) => remove(`${i}`, `${i * 100}ms`, "fast"));
  deepStrictEqual(messages(rule, inputs, options), ["rm removed /srv/9, the last of 10 files"]);
});

Deno.test("bulk-delete: not slowly, not in /tmp, not few", () => {
  const slow = ten.map((i) => remove(`${i}`, `${i * 2}s`, "slow"));
  const temporary = ten.map((i) => remove(`/tmp/${i}`, "1s", "temporary"));
  const few = ten.slice(1).map((i) => remove(`${i}`, "1s", "few"));
  for (const inputs of [slow, temporary, few]) deepStrictEqual(messages(rule, inputs, options), []);
});

Deno.test("bulk-delete: not what failed, not going somewhere", () => {
  const container = { name: "failed" };
  const failed = ten.map(() => event("unlink", { path: "/srv/x" }, { error: "ENOENT", container }));
  const moved = ten.map(() => event("chdir", { path: "/srv" }, { container }));
  deepStrictEqual(messages(rule, [...failed, ...moved], options), []);
});
