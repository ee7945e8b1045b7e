import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { anyContainer, anyCounts, container, tally, tickAt } from "./fixtures.ts";
import { inBytes, meant } from "./json_fixtures.ts";
import { JsonlSink } from "./jsonl.ts";
import type { Lines, Outlet } from "./outlet.ts";
import type { ContainerChange } from "./sink.ts";

/** Keeps what is put. */
class Kept implements Outlet {
  readonly all: Lines[] = [];

  put(lines: Lines): void {
    this.all.push(lines);
  }

  accepts(): boolean {
    return true;
  }

  skip(): void {}

  get text(): string {
    return this.all.map(({ text }) => text).join("");
  }

  /** Each line as a record. */
  get records() {
    return this.all.map(({ text }) => {
      strictEqual(text.indexOf("\n"), text.length - 1);
      return JSON.parse(text);
    });
  }
}

function change(
  action: ContainerChange["action"],
  of: ContainerChange["container"],
): ContainerChange {
  return { action, container: of, time: 1_000_000_000n };
}

Deno.test("jsonl: each record is put with its type and its container; an empty tick puts none", () => {
  const kept = new Kept();
  const web = container("web");
  using sink = new JsonlSink(kept);
  const tallies = [tally(web, { read: 2 }, { read: 2 }), tally(container("db"), {}, { brk: 1 })];
  const losses = [{ container: web, reason: "ring_full", count: 3 }];
  sink.write(tickAt(1000, tallies, { changes: [change("seen", web)], losses, missed: 2n }));
  deepStrictEqual(kept.all.map(({ type }) => type), [
    "container",
    "tally",
    "tally",
    "loss",
    "loss",
  ]);
  deepStrictEqual(kept.records.map(({ type }) => type), kept.all.map(({ type }) => type));
  for (const { owners } of kept.all.slice(0, 2)) deepStrictEqual([...owners], [[web, 1]]);
  sink.write(tickAt(2000, [tally(web, { read: 2 })], { missed: 2n }));
  strictEqual(kept.all.length, 5);
});

Deno.test("jsonl: a container is told of before its tallies, and its end after them", () => {
  const kept = new Kept();
  const [web, db] = [container("web"), container("db")];
  using sink = new JsonlSink(kept);
  const changes = [change("stopped", db), change("started", web), change("updated", db)];
  const tallies = [tally(db, { read: 1 }, { read: 1 }), tally(web, { brk: 1 }, { brk: 1 })];
  sink.write(tickAt(1000, tallies, { changes }));
  deepStrictEqual(
    kept.records.map(({ type, action, container }) => `${action ?? type} ${container.id}`),
    ["started web", "updated db", "tally db", "tally web", "stopped db"],
  );
});

Deno.test("jsonl: every tick of any containers is lines of JSON that name them", () => {
  const told = fc.record({ of: anyContainer, total: anyCounts, new: anyCounts });
  fc.assert(fc.property(fc.array(told, { maxLength: 4 }), (all) => {
    const kept = new Kept();
    using sink = new JsonlSink(kept);
    const tallies = all.map(({ of, ...calls }) => ({ container: of, ...calls }));
    sink.write(tickAt(0, tallies, { changes: all.map(({ of }) => change("seen", of)) }));
    const called = all.filter((each) => each.new.size > 0);
    const expected = [...all, ...called].map(({ of }) => of.identity.id);
    const ids = kept.records.map((record) => Object(meant(record)).container.id);
    deepStrictEqual(ids, expected.map(inBytes));
    strictEqual(kept.text.split(/\r|\n|\u2028|\u2029|\x85/).length, expected.length + 1);
  }));
});

Deno.test("jsonl: no two alerts are the same line, whatever a rule says how often, of whatever", () => {
  const web = container("web");
  const facts = fc.record({
    time: fc.bigInt({ min: 0n, max: 2n }),
    message: fc.constantFrom("a", "b"),
    container: fc.constantFrom(web, undefined),
  });
  fc.assert(
    fc.property(fc.array(facts, { maxLength: 50 }), (alerts) => {
      const kept = new Kept();
      using sink = new JsonlSink(kept);
      const inOrder = alerts.toSorted((a, b) => Number(a.time - b.time));
      for (const each of inOrder) {
        const [rule, severity, suppressed] = ["r", "notice", 0] as const;
        const nothing = { tags: [], fields: undefined, event: undefined };
        sink.alert({ ...nothing, ...each, rule, title: rule, severity, suppressed });
      }
      strictEqual(new Set(kept.all.map(({ text }) => text)).size, alerts.length);
      const plain = kept.records.map(({ repeat: _, ...record }) => JSON.stringify(record));
      const repeats = kept.records.map(({ repeat = 1 }) => repeat);
      for (const [i, line] of plain.entries()) {
        strictEqual(repeats[i], plain.slice(0, i).filter((each) => each === line).length + 1);
      }
    }),
  );
});
