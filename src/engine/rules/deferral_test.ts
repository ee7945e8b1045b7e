import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Patience } from "../waiting/mod.ts";
import { Deferral } from "./deferral.ts";
import { makeContainer } from "./testing/facts.ts";

const named = makeContainer({ name: "a" });
const nameless = makeContainer({ name: "b", metadata: "pending" });

function patience(holds: boolean, mayWait = true): Patience & { readonly waiting: unknown[] } {
  const waiting: unknown[] = [];
  return {
    waiting,
    holds: () => holds,
    mayWait: () => mayWait,
    wait: (only) => void waiting.push(only),
  };
}

Deno.test("deferral: nothing goes before what waits already, as long as there is room", () => {
  strictEqual(new Deferral(patience(true), undefined).inOrder(true, nameless), "not yet");
  strictEqual(new Deferral(patience(true, false), undefined).inOrder(true, nameless), true);
  strictEqual(new Deferral(patience(false), undefined).inOrder(true, nameless), true);
  strictEqual(new Deferral(patience(true), undefined).inOrder(true, named), true);
  strictEqual(new Deferral(patience(true), undefined).inOrder(false, nameless), false);
});

Deno.test("deferral: nothing waits of a container whose name is known, or where nobody lets it", () => {
  strictEqual(new Deferral(patience(true), undefined).mayWait(named), false);
  strictEqual(new Deferral(patience(true), undefined).mayWait(nameless), true);
  strictEqual(new Deferral(undefined, undefined).mayWait(nameless), false);
  strictEqual(new Deferral(undefined, undefined).inOrder(true, nameless), true);
});

Deno.test("deferral: what no rule would want later does not wait", () => {
  const to = patience(false);
  new Deferral(to, undefined).some([], nameless, undefined);
  deepStrictEqual(to.waiting, []);
  new Deferral(to, undefined).all();
  deepStrictEqual(to.waiting, [undefined]);
});
