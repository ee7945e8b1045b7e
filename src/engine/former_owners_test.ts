/** Slots that go from one to another. */
import { strictEqual } from "node:assert/strict";
import { container } from "./rules/fixtures.ts";
import { FormerOwners } from "./former_owners.ts";

Deno.test("former owners: a record is of who had the slot when it was written", () => {
  const former = new FormerOwners();
  const [a, b] = [container("a"), container("b")];
  former.add(7, a, 100);
  former.add(7, b, 200);
  strictEqual(former.owner(7, 99), a);
  strictEqual(former.owner(7, 100), b);
  strictEqual(former.owner(7, 199), b);
  strictEqual(former.owner(7, 200), undefined);
  strictEqual(former.owner(8, 0), undefined);
});

Deno.test("former owners: who has no records left is forgotten", () => {
  const former = new FormerOwners();
  const [a, b] = [container("a"), container("b")];
  former.add(7, a, 100);
  former.add(7, b, 200);
  former.forget(99);
  strictEqual(former.owner(7, 99), a);
  former.forget(100);
  strictEqual(former.owner(7, 99), b);
  former.forget(200);
  strictEqual(former.owner(7, 99), undefined);
});
