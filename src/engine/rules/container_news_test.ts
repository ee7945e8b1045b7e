/** Which rule hears what of containers. */
import { deepStrictEqual } from "node:assert/strict";
import type { Container } from "../../containers/mod.ts";
import type { ContainerChange, ContainerTally } from "../../sinks/mod.ts";
import { ContainerNews, type Hearer } from "./container_news.ts";
import { tickAt } from "./fixtures.ts";
import { makeContainer } from "./testing/facts.ts";

const all = (id: string): Hearer => ({ id, isOf: () => true });

const tally = (container: Container): ContainerTally => ({
  container,
  total: new Map(),
  new: new Map(),
});

const change = (action: ContainerChange["action"], container: Container): ContainerChange => ({
  action,
  container,
  time: 1n,
});

function hear(news: ContainerNews, hearer: Hearer, ...changes: ContainerChange[]) {
  return (running: readonly Container[]) =>
    (news.of(tickAt(1000, { changes, tallies: running.map(tally) }), [hearer]).get(hearer.id) ?? [])
      .map(({ action }) => action);
}

Deno.test("container news: what runs already when a rule begins is seen, once, whenever that is", () => {
  const news = new ContainerNews();
  const [a, b] = [makeContainer({ name: "a" }), makeContainer({ name: "b" })];
  deepStrictEqual(hear(news, all("one"))([a, b]), ["seen", "seen"]);
  deepStrictEqual(hear(news, all("one"))([a, b]), []);
  deepStrictEqual(hear(news, all("later"))([a, b]), ["seen", "seen"]);
  deepStrictEqual(hear(news, all("one"), change("updated", a))([a, b]), ["updated"]);
});

Deno.test("container news: a container's own beginning is not told twice; it may come back", () => {
  const news = new ContainerNews();
  const a = makeContainer({ name: "a" });
  deepStrictEqual(hear(news, all("one"), change("seen", a))([a]), ["seen"]);
  deepStrictEqual(hear(news, all("one"), change("stopped", a))([a]), ["stopped"]);
  deepStrictEqual(hear(news, all("one"))([]), []);
  deepStrictEqual(hear(news, all("one"), change("started", a))([a]), ["started"]);
  const b = makeContainer({ name: "b" });
  const both = [change("started", b), change("stopped", b)];
  deepStrictEqual(hear(news, all("one"), ...both)([a, b]), ["started", "stopped"]);
});

Deno.test("container news: who learns late that a container is one of its own hears of its beginning first", () => {
  const news = new ContainerNews();
  const a: Container = {
    ...makeContainer({ name: "a", metadata: "pending" }),
    origin: "started",
  };
  const named: Hearer = { id: "named", isOf: ({ metadata }) => metadata.state === "known" };
  deepStrictEqual(hear(news, named)([]), []);
  deepStrictEqual(hear(news, named, change("started", a))([a]), []);
  a.metadata = { state: "known", description: { name: "a" } };
  deepStrictEqual(hear(news, named, change("updated", a))([a]), ["started", "updated"]);
  deepStrictEqual(hear(news, named, change("stopped", a))([a]), ["stopped"]);
});

Deno.test("container news: a rule that begins anew has heard of nothing", () => {
  const news = new ContainerNews();
  const a = makeContainer({ name: "a" });
  hear(news, all("edited"))([a]);
  hear(news, all("kept"))([a]);
  news.forget(["edited"]);
  deepStrictEqual(hear(news, all("edited"))([a]), ["seen"]);
  deepStrictEqual(hear(news, all("kept"))([a]), []);
});
