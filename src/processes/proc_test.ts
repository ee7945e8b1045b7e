import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { FakeProc, startOf } from "./fixtures.ts";
import { Proc } from "./proc.ts";
import { decodeText } from "../text/mod.ts";
import { TICK } from "./proc_texts.ts";

const pid = 12;
const start = startOf(pid);
const identity = { pid, start };

/** A /proc with one process, whose pid is another's from some question on. */
function reused(question: string): Proc {
  const files = new FakeProc();
  files.processes.set(pid, { start, cmdline: "mine", links: { exe: "/mine", cwd: "/mine" } });
  files.onAsk = (asked) => {
    if (asked !== `${pid}/${question}`) return;
    files.processes.set(pid, { start: start + TICK, cmdline: "other", links: { exe: "/other" } });
  };
  return new Proc(files);
}

Deno.test("proc: what a process is", () => {
  const files = new FakeProc();
  files.processes.set(pid, {
    start,
    parent: 7,
    comm: "a b)",
    tty: 34816,
    session: 5,
    uid: 1,
    gid: 2,
    loginUid: 3,
    containerPid: 4,
    capabilities: 6n,
    argvAddress: 99n,
    links: { exe: "/bin/x" },
  });
  deepStrictEqual(new Proc(files).look(pid, start), {
    pid,
    start: start - start % TICK,
    parentStart: undefined,
    comm: "a b)",
    state: "S",
    parent: 7,
    session: 5,
    tty: 34816,
    threads: 1,
    argvAddress: 99n,
    exitCode: 0,
    uid: 1,
    gid: 2,
    loginUid: 3,
    containerPid: 4,
    capabilities: 6n,
    exe: "/bin/x",
  });
});

Deno.test("proc: when a process's parent started, unless who has its pid is younger", () => {
  const files = new FakeProc();
  files.processes.set(pid, { start, parent: 7 });
  const parentStart = () => new Proc(files).look(pid)?.parentStart;
  files.processes.set(7, { start: start - 3n * TICK });
  strictEqual(parentStart(), (start / TICK - 3n) * TICK);
  // In the same tick.
  files.processes.set(7, { start });
  strictEqual(parentStart(), start / TICK * TICK);
  files.processes.set(7, { start: start + TICK });
  strictEqual(parentStart(), undefined);
  files.processes.set(pid, { start, parent: 0 });
  files.asked.length = 0;
  strictEqual(parentStart(), undefined);
  ok(!files.asked.includes("0/stat"));
});

Deno.test("proc: a process of another start is not the one that is meant", () => {
  const files = new FakeProc();
  files.processes.set(pid, { start, cmdline: "x", links: { exe: "/x" } });
  const proc = new Proc(files);
  for (const other of [start + TICK, start - TICK]) {
    strictEqual(proc.look(pid, other), undefined);
    strictEqual(proc.link({ pid, start: other }, "exe"), undefined);
    strictEqual(proc.arguments({ pid, start: other }), undefined);
  }
  ok(proc.look(pid, start) && proc.link(identity, "exe") && proc.arguments(identity));
});

Deno.test("proc: a pid that becomes another's between two reads tells nothing", () => {
  for (const question of ["exe", "status", "loginuid", "stat"]) {
    strictEqual(reused(question).look(pid, start), undefined, question);
  }
  // Whoever it is: but only one.
  for (const question of ["exe", "status", "loginuid"]) {
    strictEqual(reused(question).look(pid), undefined, question);
  }
  strictEqual(reused("stat").look(pid)?.exe, "/other");
  for (const question of ["cwd", "stat"]) {
    strictEqual(reused(question).link(identity, "cwd"), undefined, question);
  }
  for (const question of ["cmdline", "stat"]) {
    strictEqual(reused(question).arguments(identity), undefined, question);
  }
});

Deno.test("proc: nobody's arguments are read whose memory may be locked", () => {
  const files = new FakeProc();
  const proc = new Proc(files);
  files.processes.set(pid, { start, cmdline: "x\0y\0" });
  strictEqual(decodeText(proc.arguments(identity)?.bytes ?? new Uint8Array()), "x\0y\0");
  files.processes.set(pid, { start, cmdline: "x\0y\0", state: "D" });
  files.asked.length = 0;
  strictEqual(proc.arguments(identity), undefined);
  deepStrictEqual(files.asked, ["12/stat"]);
});

Deno.test("proc: arguments are read up to 128 KiB", () => {
  const files = new FakeProc();
  files.processes.set(pid, { start, cmdline: "x".repeat(200_000) });
  const seen = new Proc(files).arguments(identity);
  strictEqual(seen?.bytes.length, 131_072);
  strictEqual(seen.truncated, true);
});
