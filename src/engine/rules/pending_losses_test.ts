/** Events that were passed over before a container's name was known. */
import { deepStrictEqual } from "node:assert/strict";
import type { Container } from "../../containers/mod.ts";
import { PendingLosses } from "./pending_losses.ts";
import { makeContainer } from "./testing/facts.ts";

const pending = (name: string): Container => makeContainer({ name, metadata: "pending" });

const web = {
  isOf: ({ metadata }: Container) =>
    metadata.state === "known" && metadata.description.name === "web",
};

const told = (losses: PendingLosses) =>
  losses.take().map(({ reason, syscall, count, plugin }) => [reason, syscall, count, plugin]);

Deno.test("pending losses: what was asked for is told when that is known, and nothing else is", () => {
  const losses = new PendingLosses("name_pending");
  const [a, b] = [pending("a"), pending("b")];
  for (let i = 0; i < 3; i++) losses.note(web, a, "openat");
  losses.note(web, a, undefined);
  losses.note(web, b, "openat");
  deepStrictEqual(told(losses), []);
  a.metadata = { state: "known", description: { name: "web" } };
  b.metadata = { state: "known", description: { name: "other" } };
  deepStrictEqual(told(losses), [
    ["name_pending", "openat", 3, undefined],
    ["name_pending", undefined, 1, undefined],
  ]);
  deepStrictEqual(told(losses), []);
  // Whose name is known is left out on purpose.
  losses.note(web, b, "openat");
  deepStrictEqual(told(losses), []);
});

Deno.test("pending losses: an event that several rules have passed over is one", () => {
  const losses = new PendingLosses("name_pending");
  const a = pending("a");
  const too = { isOf: web.isOf };
  const never = { isOf: () => false };
  for (let i = 0; i < 2; i++) [web, too, never].forEach((each) => losses.note(each, a, "read"));
  losses.note(too, a, "read");
  a.metadata = { state: "known", description: { name: "web" } };
  deepStrictEqual(told(losses), [["name_pending", "read", 3, undefined]]);
});

Deno.test("pending losses: where too many containers have no name, the oldest's are told", () => {
  const losses = new PendingLosses("filtered");
  const asker = { isOf: () => false, plugin: "labels" };
  for (let i = 0; i < 1025; i++) losses.note(asker, pending(String(i)), "read");
  deepStrictEqual(told(losses), [["filtered", "read", 1, "labels"]]);
});
