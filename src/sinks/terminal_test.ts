import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import stringWidth from "fast-string-width";
import type { Alert } from "./alert.ts";
import { container, tally, tickAt } from "./fixtures.ts";
import { fit, LiveTerminal, PlainTerminal, type Size } from "./terminal.ts";

/** Keeps what is written. */
class Screen {
  readonly writes: string[] = [];
  writeSync(bytes: Uint8Array): number {
    this.writes.push(new TextDecoder().decode(bytes));
    return bytes.length;
  }
}

/** A frame's lines, without what moves the cursor. */
function linesOf(frame: string): string[] {
  // deno-lint-ignore no-control-regex
  return frame.replaceAll(/\x1b\[[?\d]*[A-Za-z]/g, "").split("\r\n");
}

function alert(message: string): Alert {
  return {
    time: 0n,
    rule: "a-rule",
    title: "",
    severity: "warning",
    tags: [],
    message,
    container: container("web"),
    fields: undefined,
    event: undefined,
    suppressed: 0,
  };
}

const options = { top: Infinity, linger: 10_000 };
const busy = tickAt(0, [tally(container("web"), { read: 3, brk: 1 }, { read: 2 })]);

Deno.test("fit: what has room stays as it is", () => {
  const lines = ["a", "", "b"];
  deepStrictEqual(fit(lines, { columns: 2, rows: 3 }), lines);
  deepStrictEqual(fit(lines, undefined), lines);
  // Too small to say anything in.
  deepStrictEqual(fit(lines, { columns: 1, rows: 1 }), lines);
});

Deno.test("fit: the last row says how many lines are left out", () => {
  const lines = ["a", "b", "c", "d"];
  deepStrictEqual(fit(lines, { columns: 80, rows: 3 }), [
    "a",
    "b",
    "… 2 more lines: a taller terminal, or --container",
  ]);
  deepStrictEqual(fit(["a", "", "b", "", "c"], { columns: 80, rows: 2 }), [
    "a",
    "… 2 more containers: a taller terminal, or --container",
  ]);
  deepStrictEqual(fit(lines, { columns: 8, rows: 2 }), ["a", "… 3 mor…"]);
});

Deno.test("fit: lines are cut by what they take on the screen", () => {
  const cut = (line: string, columns: number) => fit([line], { columns, rows: 2 })[0];
  strictEqual(cut("abcdef", 6), "abcdef");
  strictEqual(cut("abcdef", 5), "abcd…");
  // Two columns each: a half is not shown.
  strictEqual(cut("名前名前", 8), "名前名前");
  strictEqual(cut("名前名前", 7), "名前名…");
  strictEqual(cut("名前名前", 6), "名前…");
  // One character of several code points is not taken apart.
  strictEqual(cut("👩‍👩‍👧abc", 4), "👩‍👩‍👧a…");
  strictEqual(cut("e\u0301e\u0301e\u0301", 2), "e\u0301…");
});

Deno.test("fit: whatever the lines and the terminal, the lines are no wider and no more", () => {
  const sizes = fc.record({
    columns: fc.integer({ min: 2, max: 200 }),
    rows: fc.integer({ min: 2, max: 60 }),
  });
  const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("名前", "🐳🐳🐳"));
  fc.assert(fc.property(fc.array(text), sizes, (lines, size) => {
    const shown = fit(lines, size);
    strictEqual(shown.length, Math.min(lines.length, size.rows));
    for (const line of shown) ok(stringWidth(line) <= size.columns, JSON.stringify(line));
  }));
});

Deno.test("plain: ticks one after the other, with an empty line between", () => {
  const screen = new Screen();
  {
    using terminal = new PlainTerminal(screen, options);
    terminal.write(busy);
    terminal.write(tickAt(1000));
  }
  strictEqual(screen.writes.length, 2);
  for (const text of screen.writes) {
    ok(text.endsWith("\n\n") && !text.endsWith("\n\n\n"));
    ok(!text.includes("\x1b"));
  }
});

Deno.test("live: a frame is one write, on the alternate screen from the first on", () => {
  const screen = new Screen();
  using terminal = new LiveTerminal(screen, options, () => ({ columns: 80, rows: 24 }));
  terminal.write(busy);
  terminal.write(tickAt(1000));
  const [first = "", second = ""] = screen.writes;
  strictEqual(screen.writes.length, 2);
  ok(first.startsWith("\x1b[?1049h\x1b[?25l\x1b[H"));
  ok(second.startsWith("\x1b[H"));
  ok(!second.includes("\x1b[?1049h"));
});

Deno.test("live: nothing is cleared behind a line, whose last character would go with it", () => {
  const screen = new Screen();
  using terminal = new LiveTerminal(screen, options, () => ({ columns: 20, rows: 24 }));
  terminal.write(busy);
  for (const line of (screen.writes[0] ?? "").split("\r\n")) {
    // Nothing but control sequences before the last of them.
    const [before = "", ...sequences] = line.split("\x1b[").slice(0, -1);
    strictEqual(before, "");
    for (const sequence of sequences) match(sequence, /^\??\d*[A-Za-z]$/);
  }
});

Deno.test("live: a frame is as large as the terminal is by then", () => {
  const screen = new Screen();
  let size: Size = { columns: 80, rows: 24 };
  using terminal = new LiveTerminal(screen, options, () => size);
  terminal.write(busy);
  size = { columns: 10, rows: 2 };
  terminal.write(busy);
  const lines = (screen.writes[1] ?? "").split("\r\n");
  strictEqual(lines.length, 2);
  match(lines[1] ?? "", /… \d more …$/);
});

Deno.test("live: disposing leaves the alternate screen, and the last tick whole", () => {
  const screen = new Screen();
  {
    using terminal = new LiveTerminal(screen, options, () => ({ columns: 10, rows: 2 }));
    terminal.write(busy);
  }
  const last = screen.writes.at(-1) ?? "";
  ok(last.startsWith("\x1b[?25h\x1b[?1049l"));
  match(last, /^web {2}docker {2}4 calls {2}\+2$/m);
  match(last, /^ {2}brk +1\n$/m);
  ok(!last.slice("\x1b[?25h\x1b[?1049l".length).includes("\x1b"));
});

Deno.test("live: without a tick nothing is written, and disposing twice leaves once", () => {
  const screen = new Screen();
  const terminal = new LiveTerminal(screen, options, () => undefined);
  terminal[Symbol.dispose]();
  strictEqual(screen.writes.length, 0);
  terminal.write(busy);
  terminal[Symbol.dispose]();
  terminal[Symbol.dispose]();
  strictEqual(screen.writes.filter((text) => text.includes("\x1b[?1049l")).length, 1);
});

Deno.test("live: a long alert goes on in a second line; the newest come first, five lines in all", () => {
  const screen = new Screen();
  using terminal = new LiveTerminal(screen, options, () => ({ columns: 40, rows: 24 }));
  terminal.alert(alert("old"));
  terminal.alert(alert("sh opened /etc/some/long/path for writing"));
  terminal.alert(alert("short"));
  terminal.alert(alert("x".repeat(200)));
  terminal.write(busy);
  const lines = linesOf(screen.writes[0] ?? "").slice(1, 6);
  match(lines[0] ?? "", /^\S{8} WARNING a-rule web:$/);
  match(lines[1] ?? "", /^ {9}x{30}…$/);
  match(lines[2] ?? "", /^\S{8} WARNING a-rule web: short$/);
  match(lines[3] ?? "", /^\S{8} WARNING a-rule web: sh opened$/);
  strictEqual(lines[4], "         /etc/some/long/path for writing");
  ok(!screen.writes.join("").includes("old"));
});

Deno.test("live: alerts of any text take no more than their room", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("名前 名前", "🐳 🐳🐳"));
  const message = fc.array(text, { maxLength: 30 }).map((parts) => parts.join(" "));
  const sizes = fc.record({
    columns: fc.integer({ min: 2, max: 120 }),
    rows: fc.integer({ min: 2, max: 60 }),
  });
  fc.assert(fc.property(fc.array(message, { maxLength: 6 }), sizes, (messages, size) => {
    const screen = new Screen();
    using terminal = new LiveTerminal(screen, options, () => size);
    for (const each of messages) terminal.alert(alert(each));
    terminal.write(busy);
    const lines = linesOf(screen.writes[0] ?? "");
    ok(lines.length <= size.rows);
    for (const line of lines) ok(stringWidth(line) <= size.columns, JSON.stringify(line));
    ok(lines.every((line) => line.isWellFormed()));
  }));
});

Deno.test("live: where rows are few each container has fewer calls, and all are seen", () => {
  const calls = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`call_${i}`, 20 - i]));
  const tick = tickAt(0, ["a", "b", "c"].map((name) => tally(container(name), calls, calls)));
  const frame = (rows: number, top = 15) => {
    const screen = new Screen();
    using terminal = new LiveTerminal(screen, { top, linger: 0 }, () => ({ columns: 80, rows }));
    terminal.write(tick);
    return linesOf(screen.writes[0] ?? "");
  };
  const rowsOf = (lines: readonly string[]) => lines.filter((line) => /^ {2}call_/.test(line));
  const titles = (lines: readonly string[]) => lines.filter((line) => /^[abc] {2}/.test(line));
  // Heading, labels, and thrice: an empty line, a title, rows, "… N more".
  for (const [rows, each] of [[24, 4], [23, 4], [22, 3], [14, 1], [60, 12]] as const) {
    const lines = frame(rows);
    strictEqual(titles(lines).length, 3, `${rows}`);
    strictEqual(rowsOf(lines).length, 3 * each, `${rows}`);
    ok(lines.length <= rows);
  }
  // No more than --top says, and all where all were asked for.
  strictEqual(rowsOf(frame(60, 2)).length, 6);
  match(frame(24, Infinity).at(-1) ?? "", /^… 1 more container: /);
  match(frame(10).at(-1) ?? "", /^… 1 more container: /);
});

Deno.test("live: a title that is too long keeps its numbers", () => {
  const screen = new Screen();
  const name = "default/web-7d4b9c6f5d-x2x7k/web-with-a-very-long-name-indeed";
  using terminal = new LiveTerminal(screen, options, () => ({ columns: 50, rows: 24 }));
  terminal.write(tickAt(0, [tally(container(name), { read: 1234567 }, { read: 1234 })]));
  const [, , , title = ""] = linesOf(screen.writes[0] ?? "");
  match(title, /^default\/web-7d4b9c6\S*… {2}1,234,567 calls {2}\+1,234$/);
  strictEqual(stringWidth(title), 50);
});

Deno.test("live: what is said shows in one line; all alerts that are kept are left behind, in their order", () => {
  const screen = new Screen();
  {
    using terminal = new LiveTerminal(screen, options, () => ({ columns: 80, rows: 24 }));
    terminal.notice("rule bad: Error: \x1b[31mno\n    at evaluate (rule.ts:1:1)");
    for (let i = 0; i < 7; i++) terminal.alert(alert(`number ${i}`));
    terminal.write(busy);
  }
  const [frame = "", last = ""] = screen.writes;
  match(linesOf(frame)[0] ?? "", /^\S{8} {2}1 container {2}· {2}7 alerts$/);
  ok(!frame.includes("number 1") && frame.includes("number 2"));
  const lines = last.split("\n").slice(-10);
  strictEqual(lines[0], "");
  match(lines[1] ?? "", /^\S{8} rule bad: Error: .*no$/);
  ok(!lines[1]?.includes("\x1b"));
  for (let i = 0; i < 7; i++) ok(lines[i + 2]?.endsWith(`: number ${i}`), lines[i + 2]);
});
