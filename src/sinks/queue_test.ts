import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Container } from "../containers/mod.ts";
import { container } from "./fixtures.ts";
import { type Lines, type LineType, single } from "./outlet.ts";
import { LineQueue } from "./queue.ts";

const MIB = 2 ** 20;
const containers = ["a", "b", "c"].map((id) => container(id));

/** A line that says what it is, of so many bytes at least. */
function lineOf(type: LineType, id: string, bytes = 0): string {
  return `${JSON.stringify({ type, id, fill: "x".repeat(bytes) })}\n`;
}

/** Takes all, as records. */
function drained(queue: LineQueue): { type: LineType; id: string }[] {
  const records = [];
  for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
    const lines = new TextDecoder().decode(chunk.bytes).split("\n");
    strictEqual(lines.pop(), "", "whole lines");
    strictEqual(lines.length, chunk.count);
    records.push(...lines.map((line) => JSON.parse(line)));
  }
  return records;
}

function total(owners: Iterable<number> | undefined): number {
  return [...owners ?? []].reduce((all, count) => all + count, 0);
}

/** Puts events until one is dropped. */
function fill(queue: LineQueue, owner: Container): number {
  let put = 0;
  while (!queue.hasDropped) queue.put(single("event", lineOf("event", String(put++), 1000), owner));
  return put;
}

Deno.test("queue: what is put is taken, in its order", () => {
  const queue = new LineQueue(4 * MIB);
  const ids = Array.from({ length: 3000 }, (_, i) => String(i));
  const types = ["event", "event", "tally", "event", "alert", "container"] as const;
  for (const [i, id] of ids.entries()) {
    const type = types[i % types.length] ?? "event";
    queue.put(single(type, lineOf(type, id, i % 500)));
  }
  strictEqual(queue.count, ids.length);
  deepStrictEqual(drained(queue).map(({ id }) => id), ids);
  strictEqual(queue.size, 0);
  strictEqual(queue.count, 0);
});

Deno.test("queue: where it is full events are dropped, and counted by container", () => {
  const queue = new LineQueue(MIB);
  const [a, b] = containers;
  ok(a && b);
  const put = fill(queue, a);
  ok(!queue.accepts("event") && queue.accepts("alert"));
  queue.put({
    type: "event",
    text: lineOf("event", "x", 1000).repeat(5),
    owners: new Map([[b, 5]]),
  });
  queue.drop("event", new Map([[b, 2]]));
  const records = drained(queue);
  const dropped = queue.takeDropped().get("event");
  strictEqual(records.length + (dropped?.get(a) ?? 0), put);
  strictEqual(dropped?.get(b), 7);
  ok(!queue.hasDropped);
  // The first of them are those that stay.
  deepStrictEqual(records.map(({ id }) => id), records.map((_, i) => String(i)));
});

Deno.test("queue: events make room for tallies, tallies for alerts, all for what is never dropped", () => {
  const queue = new LineQueue(MIB);
  const [a, b] = containers;
  ok(a && b);
  fill(queue, a);
  for (let i = 0; i < 5000; i++) queue.put(single("tally", lineOf("tally", String(i), 1000), a));
  queue.put(single("tally", lineOf("tally", "of b", 1000), b));
  const kept = drained(queue);
  // Of each container the last one, whatever came: it has the total.
  deepStrictEqual(kept.slice(-2).map(({ id }) => id), ["4999", "of b"]);
  ok(kept.every(({ type }) => type === "tally"));
  const dropped = queue.takeDropped();
  strictEqual(kept.length + total(dropped.get("tally")?.values()), 5001);

  for (let i = 0; i < 800; i++) {
    queue.put(single("tally", lineOf("tally", "", 1000), container(String(i))));
  }
  for (let i = 0; i < 1200; i++) queue.put(single("alert", lineOf("alert", String(i), 1000), a));
  const alerts = drained(queue);
  ok(alerts.every(({ type }) => type === "alert"));
  deepStrictEqual(alerts.map(({ id }) => id), alerts.map((_, i) => String(i)));

  for (let i = 0; i < 800; i++) queue.put(single("alert", lineOf("alert", "", 1000), a));
  queue.takeDropped();
  for (let i = 0; i < 1200; i++) {
    queue.put(single("container", lineOf("container", String(i), 1000), a));
  }
  strictEqual(queue.takeDropped().has("container"), false);
  // Memory is bounded all the same.
  for (let i = 0; i < 5000; i++) queue.put(single("container", lineOf("container", "", 1000), a));
  ok(queue.size <= 2 * MIB);
  ok(queue.takeDropped().has("container"));
});

Deno.test("queue: whatever comes, what is taken and what is dropped is what was put, within the limit", () => {
  const type = fc.constantFrom<LineType>("event", "tally", "alert", "container", "loss", "text");
  const put = fc.record({
    type,
    owner: fc.constantFrom(...containers, undefined),
    lines: fc.integer({ min: 1, max: 40 }),
    isText: fc.boolean(),
    bytes: fc.oneof(fc.integer({ max: 300, min: 0 }), fc.constantFrom(20_000, 300_000)),
  });
  const step = fc.oneof({ weight: 9, arbitrary: put }, fc.constant("take" as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const queue = new LineQueue(MIB);
      const puts = new Map<string, number>();
      const out = new Map<string, number>();
      const add = (to: Map<string, number>, key: string, count: number) =>
        to.set(key, (to.get(key) ?? 0) + count);
      const take = () => {
        const chunk = queue.take();
        const text = new TextDecoder().decode(chunk?.bytes);
        const lines = text.split("\n").slice(0, -1);
        strictEqual(lines.length, chunk?.count ?? 0);
        for (const line of lines) add(out, JSON.parse(line).type, 1);
        return chunk !== undefined;
      };
      for (const each of steps) {
        if (each === "take") {
          take();
          continue;
        }
        const { type, owner, lines, bytes, isText } = each;
        const text = lineOf(type, "é", bytes).repeat(lines);
        const owners = new Map([[owner, lines]]);
        const putLines: Lines = { type, text, owners };
        if (isText) queue.put(putLines);
        else queue.putBlock({ type, bytes: new TextEncoder().encode(text), owners });
        add(puts, type, lines);
        ok(queue.size <= 2 * MIB, "within the limit");
      }
      while (take()) { /* all of it */ }
      strictEqual(queue.size, 0);
      strictEqual(queue.count, 0);
      for (const [type, owners] of queue.takeDropped()) add(out, type, total(owners.values()));
      deepStrictEqual(out, new Map([...out.keys()].map((key) => [key, puts.get(key) ?? 0])));
      strictEqual(total(out.values()), total(puts.values()));
    }),
    { numRuns: 20 },
  );
});
