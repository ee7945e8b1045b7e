/** What goes to standard output and to files: records alone, whole, to the last tick. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { commandLine, recordsOf, root, run, start } from "./monitor.ts";

interface Tally {
  readonly type: string;
  readonly action?: string;
  readonly time: string;
  readonly container: { readonly id: string; readonly metadata: string };
  readonly total?: Readonly<Record<string, number>>;
  readonly new?: Readonly<Record<string, number>>;
  readonly interval_ms?: number;
}

/** Records by what they are: `seen demo-clock`, `tally demo-clock`. */
function kinds(records: readonly Tally[]): string[] {
  return records.map(({ type, action, container }) => `${action ?? type} ${container.id}`);
}

/** All but what is said of the run itself. */
function records(text: string): Tally[] {
  const all = recordsOf(text) as unknown as Tally[];
  return all.filter(({ type }) => type !== "status");
}

Deno.test(
  "streams: --jsonl is records alone, each valid, from the first to the last tick",
  root,
  async () => {
    const { code, stdout, stderr } = await run([
      ...["demo", "--jsonl", "-i", "100ms", "-d", "1s"],
    ]);
    strictEqual(stderr, "");
    strictEqual(code, 0);
    const all = records(stdout);
    const seen = kinds(all);
    const sums = new Map<string, number>();
    const totals = new Map<string, number>();
    const sum = (counts: Readonly<Record<string, number>> = {}) =>
      Object.values(counts).reduce((total, calls) => total + calls, 0);
    for (const [i, record] of all.entries()) {
      const { type, time, container: { id }, total, interval_ms } = record;
      match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
      ok(["container", "tally", "alert"].includes(type));
      if (type !== "tally") continue;
      ok(seen.indexOf(`seen ${id}`) < i, "a container is told of before its tallies");
      ok(Number.isInteger(interval_ms) && Number(interval_ms) >= 0);
      sums.set(id, (sums.get(id) ?? 0) + sum(record.new));
      totals.set(id, sum(total));
    }
    // What was new at all ticks adds up to the last total.
    deepStrictEqual(sums, totals);
    for (const name of ["demo-builder", "demo-reader"]) ok(totals.has(name));
  },
);

Deno.test("streams: --jsonl FILE is for its owner's eyes, and is added to", root, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "calls.jsonl");
    const lines: number[] = [];
    for (let i = 0; i < 2; i++) {
      const { code, stdout, stderr } = await run(["demo", "--jsonl", file, "-d", "500ms"]);
      deepStrictEqual([code, stdout, stderr], [0, "", ""]);
      lines.push(recordsOf(await Deno.readTextFile(file)).length);
    }
    strictEqual(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
    const [once = 0, twice = 0] = lines;
    ok(once > 0 && twice > once);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("streams: a file that can't be written is told in one line", root, async () => {
  const { code, stdout, stderr } = await run(["--jsonl", "/nonexistent/calls.jsonl"]);
  match(stderr, /^No such file or directory.*\/nonexistent\/calls\.jsonl'\n$/);
  strictEqual(stdout, "");
  strictEqual(code, 1);
});

Deno.test("streams: SIGINT and SIGTERM end with a last tick, and exit code 0", root, async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // After the first tick the next is an hour away: what comes then is the last.
    await using monitor = start(["demo", "--jsonl", "-i", "1h"]);
    await monitor.until("the first tick", () => monitor.stdout.includes("demo-clock"));
    const before = records(monitor.stdout).length;
    // Time for each of them to call.
    await new Promise((resolve) => setTimeout(resolve, 500));
    monitor.kill(signal);
    const { code, stdout, stderr } = await monitor.ended();
    strictEqual(stderr, "");
    strictEqual(code, 0);
    ok(kinds(records(stdout).slice(before)).includes("tally demo-reader"));
  }
});

for (const [what, args] of [["blocks", []], ["records", ["--jsonl"]]] as const) {
  Deno.test(`streams: a reader of ${what} that has had enough is no failure`, root, async () => {
    const [program, ...rest] = commandLine(["--host", "-i", "50ms", ...args]);
    const child = new Deno.Command(program, {
      args: rest,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    ok((value?.length ?? 0) > 0);
    await reader.cancel();
    const [{ code }, stderr] = await Promise.all([child.status, child.stderr.text()]);
    match(stderr, /^stdout was closed by its reader\. Counted: \d+ calls in \d+ containers\.\n$/);
    strictEqual(code, 0);
  });
}

Deno.test("streams: blocks in a pipe are text without control sequences", root, async () => {
  const { code, stdout, stderr } = await run(["demo", "-d", "500ms", "-n", "2"]);
  strictEqual(stderr, "");
  strictEqual(code, 0);
  ok(!stdout.includes("\x1b"));
  match(stdout, /^\d\d:\d\d:\d\d {2}3 containers$/m);
  match(stdout, /^demo-reader {2}tallyman {2}[\d,]+ calls/m);
  match(stdout, / \+[\d,]+ ←$/m);
  match(stdout, /^ {2}… \d+ more /m);
});

Deno.test(
  "streams: a container that is over between two ticks starts, calls and stops",
  root,
  async () => {
    await using monitor = start(["--jsonl", "-i", "1s", "--host"]);
    await monitor.until("the first tick", () => monitor.stdout.includes('"tally"'));
    const { stderr } = await run(["count", "--json", "--", "true"]);
    const [counted]: Tally[] = JSON.parse(stderr);
    await monitor.until("its end", () => {
      const whole = monitor.stdout.slice(0, monitor.stdout.lastIndexOf("\n") + 1);
      return kinds(records(whole)).includes(`stopped ${counted?.container.id}`);
    });
    monitor.kill("SIGINT");
    const own = records((await monitor.ended()).stdout).filter(({ container }) =>
      container.id === counted?.container.id
    );
    match(kinds(own).join(", "), /^started count-\d+(, tally count-\d+)+, stopped count-\d+$/);
    // Both monitors have counted the same.
    const last = own.findLast(({ type }) => type === "tally");
    deepStrictEqual(
      new Map(Object.entries(last?.total ?? {})),
      new Map(Object.entries(counted?.total ?? {})),
    );
  },
);
