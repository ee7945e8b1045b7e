import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Container } from "../containers/mod.ts";
import { Blocks } from "./blocks.ts";
import { anyContainer, anyCounts, container, tally, tickAt } from "./fixtures.ts";
import type { ContainerTally, Tick } from "./sink.ts";

/** What a screen says of its containers, by their titles' first word. */
function parse(lines: readonly string[]): { name: string; rows: string[] }[] {
  const blocks: { name: string; rows: string[] }[] = [];
  for (const line of lines.slice(lines.indexOf(""))) {
    if (line === "") continue;
    if (line.startsWith("  ")) blocks.at(-1)?.rows.push(line);
    else blocks.push({ name: line.split("  ")[0] ?? "", rows: [] });
  }
  return blocks;
}

function names(lines: readonly string[]): string[] {
  return parse(lines).map(({ name }) => name);
}

function rowsOf(lines: readonly string[], name: string): string[] {
  return parse(lines).find((block) => block.name === name)?.rows ?? [];
}

function rowOf(lines: readonly string[], syscall: string): string {
  return lines.find((line) => line.trimStart().startsWith(`${syscall} `)) ?? "";
}

const all = { top: Infinity, linger: 10_000 };

Deno.test("blocks: a container keeps its place, whoever else calls more or ends", () => {
  const [a, b, c] = [container("a"), container("b"), container("c")];
  const blocks = new Blocks(all);
  const tick = (time: number, ...tallies: ContainerTally[]) => blocks.lines(tickAt(time, tallies));
  deepStrictEqual(names(tick(0, tally(a, { read: 1 }), tally(b, { read: 2 }))), ["a", "b"]);
  const later = tick(1000, tally(b, { read: 900 }, { read: 898 }), tally(a, { read: 1 }));
  deepStrictEqual(names(later), ["a", "b"]);
  // a is told of no more; c is new.
  deepStrictEqual(names(tick(2000, tally(c, { read: 1 }), tally(b, { read: 900 }))), [
    "a",
    "b",
    "c",
  ]);
});

Deno.test("blocks: two containers of the same id are two", () => {
  const [one, two] = ["/tallyman-1/web", "/tallyman-2/web"].map((cgroup) =>
    container("web", { identity: { cgroup } })
  );
  ok(one !== undefined && two !== undefined);
  const lines = new Blocks(all).lines(
    tickAt(0, [tally(one, { read: 1 }), tally(two, { read: 2 })]),
  );
  deepStrictEqual(names(lines), ["web", "web"]);
});

Deno.test("blocks: the busiest syscalls first, by name where they are equal", () => {
  const total = { write: 5, read: 700, close: 5, openat: 40 };
  const lines = new Blocks(all).lines(tickAt(0, [tally(container("a"), total)]));
  deepStrictEqual(rowsOf(lines, "a").map((row) => row.trim().split(" ")[0]), [
    "read",
    "openat",
    "close",
    "write",
  ]);
});

Deno.test("blocks: the rest of the syscalls is one line, with its sums", () => {
  const total = { read: 700, openat: 40, close: 1200, write: 3, brk: 2 };
  const added = { read: 1, write: 2, brk: 1 };
  const lines = new Blocks({ top: 2, linger: 0 }).lines(
    tickAt(0, [tally(container("a"), total, added)]),
  );
  const rows = rowsOf(lines, "a");
  strictEqual(rows.length, 3);
  match(rows[0] ?? "", /^ {2}close +1,200$/);
  match(rows[2] ?? "", /^ {2}… 3 more +45 +\+3 ←$/);
  const exactly = new Blocks({ top: 5, linger: 0 }).lines(
    tickAt(0, [tally(container("a"), total)]),
  );
  strictEqual(rowsOf(exactly, "a").length, 5);
  doesNotMatch(exactly.join("\n"), /more/);
});

Deno.test("blocks: an arrow at what was called since the last tick, and at nothing else", () => {
  const blocks = new Blocks(all);
  const a = container("a");
  const first = blocks.lines(tickAt(0, [tally(a, { read: 9, brk: 2 }, { read: 9, brk: 2 })]));
  match(rowOf(first, "read"), /\+9 ←$/);
  match(rowOf(first, "brk"), /\+2 ←$/);
  const second = blocks.lines(tickAt(1000, [tally(a, { read: 12, brk: 2 }, { read: 3 })]));
  match(rowOf(second, "read"), /12 +\+3 ←$/);
  match(rowOf(second, "brk"), / 2$/);
  // Nobody tells of it: what was new at the last tick is so no more.
  const third = blocks.lines(tickAt(2000));
  match(rowOf(third, "read"), / 12$/);
  doesNotMatch(third.join("\n"), /←|\+/);
});

Deno.test("blocks: a quiet container lingers, goes, and comes back with its next call", () => {
  const blocks = new Blocks({ top: 1, linger: 10_000 });
  const a = container("a");
  const at = (time: number, ...tallies: ContainerTally[]) =>
    names(blocks.lines(tickAt(time, tallies)));
  deepStrictEqual(at(0, tally(a, { read: 1 }, { read: 1 })), ["a"]);
  deepStrictEqual(at(9_000, tally(a, { read: 1 })), ["a"]);
  deepStrictEqual(at(10_000, tally(a, { read: 1 })), ["a"]);
  deepStrictEqual(at(10_001, tally(a, { read: 1 })), []);
  deepStrictEqual(at(11_000, tally(a, { read: 1 })), []);
  deepStrictEqual(at(12_000, tally(a, { read: 2 }, { read: 1 })), ["a"]);
  deepStrictEqual(at(22_000, tally(a, { read: 2 })), ["a"]);
  deepStrictEqual(at(22_001, tally(a, { read: 2 })), []);
});

Deno.test("blocks: a container that has called nothing lingers from when it was first told of", () => {
  const blocks = new Blocks({ top: 1, linger: 5_000 });
  const a = tally(container("a"), {});
  deepStrictEqual(names(blocks.lines(tickAt(1_000, [a]))), ["a"]);
  deepStrictEqual(names(blocks.lines(tickAt(6_000, [a]))), ["a"]);
  deepStrictEqual(names(blocks.lines(tickAt(6_001, [a]))), []);
});

Deno.test("blocks: without lingering, a container that did not call is not there", () => {
  const blocks = new Blocks({ top: 1, linger: 0 });
  const a = container("a");
  const at = (time: number, added: Record<string, number>) =>
    names(blocks.lines(tickAt(time, [tally(a, { read: 3 }, added)])));
  deepStrictEqual(at(0, { read: 1 }), ["a"]);
  deepStrictEqual(at(1000, {}), []);
  deepStrictEqual(at(2000, { read: 2 }), ["a"]);
});

Deno.test("blocks: who has no block for being quiet is counted above the others", () => {
  const blocks = new Blocks({ top: 1, linger: 1000 });
  const [a, b] = [tally(container("a"), { read: 1 }), container("b")];
  const busy = (time: number) => tickAt(time, [a, tally(b, { read: 2 }, { read: 1 })]);
  match(blocks.lines(busy(1000))[0] ?? "", / 2 containers$/);
  match(blocks.lines(busy(2001))[0] ?? "", / 1 container {2}· {2}1 quiet$/);
});

Deno.test("blocks: what has stopped says so, and what is started again takes its block", () => {
  const blocks = new Blocks(all);
  const a = container("a");
  blocks.lines(tickAt(0, [tally(a, { read: 1 }, { read: 1 }), tally(container("b"), {})]));
  a.state = "stopped";
  match(blocks.lines(tickAt(1000)).join("\n"), /^a {2}docker {2}1 calls {2}stopped$/m);
  const again = blocks.lines(tickAt(2000, [tally(container("a"), { read: 4 }, { read: 3 })]));
  deepStrictEqual(names(again), ["a", "b"]);
  match(again.join("\n"), /^a {2}docker {2}4 calls {2}\+3$/m);
});

Deno.test("blocks: a title has the name, the short id, the runtime, the image and the numbers", () => {
  const id = "46cdd5404e55205470110a55adb4b9ae12a6431d1fca5115a16707c374f2e55c";
  const title = (metadata: Container["metadata"]) =>
    new Blocks(all).lines(
      tickAt(0, [tally(container(id, { metadata }), { read: 1_234_567, brk: 1 }, { read: 4321 })]),
    ).find((line) => line.includes("calls"));
  const name = "web";
  const image = { name: "nginx:1.27" };
  strictEqual(
    title({ state: "known", description: { name, image, runtime: "podman" } }),
    "web  46cdd5404e55  podman  nginx:1.27  1,234,568 calls  +4,321",
  );
  strictEqual(title({ state: "pending" }), "46cdd5404e55  docker  1,234,568 calls  +4,321");
});

Deno.test("blocks: the heading says what was missed, and for whom there was no slot", () => {
  const heading = (facts: Parameters<typeof tickAt>[2], ...tallies: ContainerTally[]) =>
    new Blocks(all).lines(tickAt(0, tallies, facts))[0] ?? "";
  match(heading({}), /^\d\d:\d\d:\d\d {2}0 containers$/);
  match(heading({}, tally(container("a"), {})), / {2}1 container$/);
  match(heading({ overflowed: 3n }), /no slot for 3: .*--slots/);
  const losses = (count: number) => [{ container: container("a"), reason: "ring_full", count }];
  const blocks = new Blocks(all);
  match(
    blocks.lines(tickAt(0, [], { losses: losses(1000) }))[0] ?? "",
    / events lost: 1,000 ring_full$/,
  );
  // It stays, and grows.
  match(blocks.lines(tickAt(1000))[0] ?? "", / events lost: 1,000 ring_full$/);
  match(blocks.lines(tickAt(2000, [], { losses: losses(42) }))[0] ?? "", / lost: 1,042 ring_full$/);
  match(heading({ missed: 12_345n }), /12,345 calls missed/);
});

Deno.test("blocks: whatever a container is called, it has one line, without anything a terminal acts on", () => {
  fc.assert(fc.property(anyContainer, anyCounts, (each, calls) => {
    const lines = new Blocks(all).lines(
      tickAt(0, [{ container: each, total: calls, new: calls }]),
    );
    for (const line of lines) doesNotMatch(line, /[\p{C}\p{Zl}\p{Zp}]/u);
    // The clock, the columns' labels, an empty line, the title.
    strictEqual(lines.length, 4 + calls.size);
  }));
});

Deno.test("blocks: numbers end in the same columns, those of the longest names too", () => {
  const total = { io_uring_register: 12, "i386:a_call_of_a_very_long_name": 34, read: 5_678_901 };
  const lines = new Blocks(all).lines(tickAt(0, [tally(container("a"), total, total)]));
  const rows = rowsOf(lines, "a");
  strictEqual(new Set(rows.map((row) => row.length)).size, 1);
  ok(rows.every((row) => /\d +\+[\d,]+ ←$/.test(row)));
});

Deno.test("blocks: where there is none, it is said why", () => {
  const none = (facts: Partial<Tick>) => new Blocks(all).lines(tickAt(0, [], facts)).at(-1) ?? "";
  match(none({}), /none so far; .*demo/);
  match(none({ unselected: 1 }), /none that was asked for; 1 other runs: see .*containers/);
  match(none({ unselected: 3 }), /; 3 others run: /);
  const blocks = new Blocks({ top: 3, linger: 0 });
  const quiet = [tally(container("a"), { read: 1 })];
  blocks.lines(tickAt(0, quiet));
  match(blocks.lines(tickAt(9000, quiet)).at(-1) ?? "", /1 quiet for longer than --linger/);
  doesNotMatch(
    new Blocks(all).lines(tickAt(0, [tally(container("a"), {})], { unselected: 3 })).join("\n"),
    /none/,
  );
});
