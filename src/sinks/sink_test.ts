import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { anyCounts, container, counts } from "./fixtures.ts";
import { displayName, shortId, sum } from "./sink.ts";

const id = "46cdd5404e55205470110a55adb4b9ae12a6431d1fca5115a16707c374f2e55c";

Deno.test("sum: of no calls, of some, of any", () => {
  strictEqual(sum(counts({})), 0);
  strictEqual(sum(counts({ read: 3, write: 4 })), 7);
  fc.assert(fc.property(anyCounts, (calls) => {
    strictEqual(sum(calls), [...calls.values()].reduce((all, each) => all + each, 0));
  }));
});

Deno.test("shortId: 64 hex digits become 12, names stay whole", () => {
  strictEqual(shortId(id), "46cdd5404e55");
  for (const name of ["web", id.slice(1), `${id}0`, id.toUpperCase(), ""]) {
    strictEqual(shortId(name), name);
  }
});

Deno.test("displayName: the engine's name, or the short id while there is none", () => {
  strictEqual(displayName(container("web")), "web");
  strictEqual(displayName(container(id, { metadata: { state: "pending" } })), "46cdd5404e55");
  const metadata = { state: "unknown", reason: "asking docker: no answer" } as const;
  strictEqual(displayName(container(id, { metadata })), "46cdd5404e55");
  strictEqual(
    displayName(container(id, { metadata: { state: "known", description: {} } })),
    "46cdd5404e55",
  );
});

Deno.test("displayName: a pod's names go before the engine's, as far as they are known", () => {
  const inPod = (pod: Readonly<Record<string, string>>) =>
    displayName(container(id, { metadata: { state: "known", description: { name: "k8s", pod } } }));
  strictEqual(inPod({ namespace: "shop", name: "web-1", container: "nginx" }), "shop/web-1/nginx");
  strictEqual(inPod({ name: "web-1", container: "nginx" }), "web-1/nginx");
  strictEqual(inPod({ uid: "5e1f0d3c" }), "k8s");
});
