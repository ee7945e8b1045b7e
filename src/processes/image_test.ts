import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { executed, statFile } from "./fixtures.ts";
import { Image, LongArguments } from "./image.ts";
import { parseStat, type Stat } from "./proc_texts.ts";
import type { ExecFacts } from "./facts.ts";

const encoder = new TextEncoder();

function image(facts: Partial<ExecFacts> = {}, cwd?: string): Image {
  return Image.executed(executed(12, facts), cwd);
}

function stat(facts: { comm?: string; argvAddress?: bigint } = {}): Stat {
  const parsed = parseStat(statFile(12, { start: 1n, ...facts }));
  if (parsed === undefined) throw new Error("the stat file is none");
  return parsed;
}

/** What /proc/PID/cmdline has. */
function seen(argv: readonly string[], truncated = false) {
  const bytes = encoder.encode(argv.map((each) => `${each}\0`).join(""));
  return { bytes, truncated, stat: stat() };
}

Deno.test("image: what was asked for, until /proc says what it is", () => {
  const script = image({
    filename: "./run.sh",
    interpreter: "/bin/sh",
    argv: ["/bin/sh", "./run.sh"],
  });
  deepStrictEqual([script.filename, script.exe, script.exeFrom], ["./run.sh", "/bin/sh", "record"]);
  script.settle("/usr/bin/dash");
  deepStrictEqual([script.exe, script.exeFrom, script.exeDeleted], [
    "/usr/bin/dash",
    "proc",
    false,
  ]);
});

Deno.test("image: a relative path begins where the process was, if that is known", () => {
  strictEqual(image({ filename: "./x" }, "/srv").exe, "/srv/x");
  strictEqual(image({ filename: "./x" }).exe, "./x");
});

Deno.test("image: who executes itself once more runs the same file, as far as /proc has said it", () => {
  const again = executed(12, { filename: "/proc/self/exe", argv: ["cat"] });
  const shell = image({ filename: "/bin/sh" });
  strictEqual(Image.executed(again, "/", shell).exe, "/proc/self/exe");
  shell.settle("/bin/busybox");
  const applet = Image.executed(again, "/", shell);
  deepStrictEqual([applet.filename, applet.exe, applet.exeFrom], [
    "/proc/self/exe",
    "/bin/busybox",
    "record",
  ]);
  const thread = executed(12, { filename: "/proc/thread-self/exe" });
  strictEqual(Image.executed(thread, "/", applet).exe, "/bin/busybox");
  strictEqual(Image.executed(executed(12), "/", shell).exe, "/bin/ls");
  const deleted = image({ filename: "/tmp/x" });
  deleted.settle("/tmp/x (deleted)");
  strictEqual(Image.executed(again, "/", deleted).exe, "/proc/self/exe");
});

Deno.test("image: a file that was removed, and one that is only called so", () => {
  const cases = [
    ["/tmp/x", "/tmp/x (deleted)", "/tmp/x", true],
    ["/tmp/x (deleted)", "/tmp/x (deleted)", "/tmp/x (deleted)", false],
    ["/tmp/x (deleted)", "/tmp/x (deleted) (deleted)", "/tmp/x (deleted)", true],
    // By another name, or by a link: nobody can say.
    ["/tmp/link", "/usr/sbin/nginx (deleted)", "/usr/sbin/nginx (deleted)", false],
    ["/dev/fd/3", "/memfd:payload (deleted)", "/memfd:payload", true],
  ] as const;
  for (const [filename, link, exe, isDeleted] of cases) {
    const each = image({ filename });
    each.settle(link);
    deepStrictEqual([each.exe, each.exeDeleted], [exe, isDeleted], link);
  }
});

Deno.test("image: /proc without an answer leaves what was asked for", () => {
  const each = image();
  each.settle(undefined);
  deepStrictEqual([each.isSettled, each.exe, each.exeFrom], [true, "/bin/ls", "record"]);
  const seenOne = Image.seen({ comm: "kthreadd", exe: undefined, argvAddress: 0n });
  deepStrictEqual([seenOne.exe, seenOne.exeFrom, seenOne.argv], [undefined, undefined, undefined]);
});

Deno.test("image: who runs it has its arguments at the same address, or at least its name", () => {
  const recorded = image({ argvAddress: 5n });
  strictEqual(recorded.isRunBy(stat({ argvAddress: 5n, comm: "renamed" }), "ls"), true);
  strictEqual(recorded.isRunBy(stat({ argvAddress: 6n, comm: "ls" }), "ls"), false);
  // Addresses that we may not see are 0.
  strictEqual(recorded.isRunBy(stat({ argvAddress: 0n, comm: "ls" }), "ls"), true);
  strictEqual(recorded.isRunBy(stat({ argvAddress: 0n, comm: "other" }), "ls"), false);
  for (const argvAddress of [undefined, 0n]) {
    strictEqual(image({ argvAddress }).isRunBy(stat({ argvAddress: 6n, comm: "ls" }), "ls"), true);
    strictEqual(image({ argvAddress }).isRunBy(stat({ argvAddress: 6n, comm: "x" }), "ls"), false);
  }
});

Deno.test("image: arguments that were cut are completed, unless they were written over", () => {
  const cut = { argv: ["ls", "-l", "/a/lon"], truncated: true };
  const long = new LongArguments();
  const whole = image(cut);
  deepStrictEqual([whole.argvTruncated, whole.lacksArguments, whole.argvFrom], [
    true,
    true,
    "record",
  ]);
  whole.complete(seen(["ls", "-l", "/a/long/path", "more"]), long);
  deepStrictEqual(whole.argv, ["ls", "-l", "/a/long/path", "more"]);
  deepStrictEqual([whole.argvTruncated, whole.lacksArguments, whole.argvFrom], [
    false,
    false,
    "proc",
  ]);
  const written = image(cut);
  written.complete(seen(["ls: working"]), long);
  deepStrictEqual([written.argv, written.argvTruncated], [cut.argv, true]);
  // Cut within a character of two bytes.
  const half = image({ argv: ["ls", "gr\uDCC3"], truncated: true });
  half.complete(seen(["ls", "grün"]), long);
  deepStrictEqual(half.argv, ["ls", "grün"]);
});

Deno.test("image: arguments that were not cut need no completing", () => {
  strictEqual(image().lacksArguments, false);
  strictEqual(Image.unknown("x").lacksArguments, true);
});

Deno.test("image: of all that have long arguments the last 256 keep them", () => {
  const long = new LongArguments();
  const text = "x".repeat(5000);
  const recorded = image({ argv: ["ls", "xx"], truncated: true });
  const found = Image.unknown("ls");
  const short = Image.unknown("ls");
  recorded.complete(seen(["ls", text]), long);
  found.complete(seen(["ls", text], true), long);
  short.complete(seen(["ls", "x"]), long);
  for (let i = 0; i < 254; i++) Image.unknown("ls").complete(seen([text]), long);
  deepStrictEqual(recorded.argv, ["ls", text]);
  for (let i = 0; i < 2; i++) Image.unknown("ls").complete(seen([text]), long);
  deepStrictEqual([recorded.argv, recorded.argvTruncated], [["ls", "xx"], true]);
  deepStrictEqual([found.argv, found.argvTruncated], [["ls", "x".repeat(4093)], true]);
  deepStrictEqual([short.argv, short.argvTruncated], [["ls", "x"], false]);
});
