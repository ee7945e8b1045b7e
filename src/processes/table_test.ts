import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { executed, exited, FakeProc, forked, startOf } from "./fixtures.ts";
import { TICK } from "./proc_texts.ts";
import type { Process } from "./process.ts";
import { ProcessTable, type ProcessTableOptions } from "./table.ts";

/** A table over a /proc of its own, in which there is nobody at first. */
function made(options: ProcessTableOptions = {}): { table: ProcessTable; files: FakeProc } {
  const files = new FakeProc();
  return { table: new ProcessTable({ proc: files, ...options }), files };
}

function found(table: ProcessTable, pid: number): Process {
  const process = table.find(pid, startOf(pid));
  ok(process, `there is no ${pid}`);
  return process;
}

function pids(processes: Iterable<Process>): number[] {
  return [...processes].map(({ pid }) => pid);
}

Deno.test("table: a fork's facts, and its parent's program", () => {
  const { table, files } = made();
  table.fork(forked(5));
  table.exec(executed(5, { argv: ["ls", "x"] }));
  table.fork(
    forked(6, {
      parent: 5,
      parentStart: startOf(5),
      containerPid: 2,
      comm: "ls",
      uid: 3,
      gid: 4,
      loginUid: 1000,
      session: 5,
      tty: 34816,
      capabilities: 9n,
    }),
  );
  const process = found(table, 6);
  deepStrictEqual(process.parent, { pid: 5, start: startOf(5) });
  deepStrictEqual(
    [process.containerPid, process.comm, process.uid, process.gid, process.loginUid],
    [2, "ls", 3, 4, 1000],
  );
  deepStrictEqual(
    [process.session, process.tty, process.capabilities, process.exited, process.previous],
    [5, "pts/0", 9n, undefined, undefined],
  );
  deepStrictEqual(
    [process.filename, process.exe, process.exeFrom, process.argv, process.argvFrom],
    ["/bin/ls", "/bin/ls", "inherited", ["ls", "x"], "inherited"],
  );
  // Only exe, which might be more than the record has.
  deepStrictEqual(files.asked.filter((each) => !/^1\//.test(each)), ["6/exe"]);
});

Deno.test("table: an exec's facts; the program before it stays until the next", () => {
  const { table } = made();
  table.fork(forked(5, { comm: "bash" }));
  table.exec(executed(5, { filename: "/bin/sh", comm: "sh", argv: ["sh"], uid: 7 }));
  table.exec(executed(5, { filename: "/bin/ls", comm: "ls", argv: ["ls"], uid: 8 }));
  const process = found(table, 5);
  deepStrictEqual([process.comm, process.exe, process.argv, process.uid], [
    "ls",
    "/bin/ls",
    ["ls"],
    8,
  ]);
  const { previous } = process;
  deepStrictEqual([previous?.comm, previous?.exe, previous?.argv], ["sh", "/bin/sh", ["sh"]]);
  deepStrictEqual([process.exeFrom, process.argvFrom], ["record", "record"]);
});

Deno.test("table: a child that executes its parent's program once more, and is gone", () => {
  const { table, files } = made();
  files.processes.set(5, { start: startOf(5), links: { exe: "/bin/busybox" } });
  strictEqual(found(table, 5).exe, "/bin/busybox");
  table.fork(forked(6, { parent: 5, parentStart: startOf(5) }));
  table.exec(executed(6, { filename: "/proc/self/exe", argv: ["cat"] }));
  table.exit(exited(6));
  strictEqual(found(table, 6).exe, "/bin/busybox");
});

Deno.test("table: an exec of a process that no record told of", () => {
  const { table } = made();
  table.exec(executed(5));
  const process = found(table, 5);
  deepStrictEqual([process.exe, process.previous], ["/bin/ls", undefined]);
  deepStrictEqual(process.parent, { pid: 1, start: startOf(1) });
});

Deno.test("table: how a process ended", () => {
  const { table } = made();
  for (const [pid, exitCode] of [[5, 0x0300], [6, 9], [7, 0x8b]] as const) {
    table.fork(forked(pid));
    table.exit(exited(pid, { exitCode, time: 77n }));
  }
  deepStrictEqual(found(table, 5).exited, { time: 77n, status: 0x300, code: 3, signal: undefined });
  deepStrictEqual(found(table, 6).exited, { time: 77n, status: 9, code: undefined, signal: 9 });
  // With a core dumped.
  deepStrictEqual(found(table, 7).exited, { time: 77n, status: 0x8b, code: undefined, signal: 11 });
  table.exit(exited(8));
  strictEqual(table.find(8, startOf(8)), undefined);
});

Deno.test("table: who ended isn't asked for anything", () => {
  const { table, files } = made();
  table.fork(forked(5));
  table.exec(executed(5, { truncated: true }));
  table.exit(exited(5));
  files.asked.length = 0;
  files.processes.set(5, { start: startOf(5), links: { exe: "/other", cwd: "/other" } });
  const process = found(table, 5);
  deepStrictEqual([process.exe, process.argv, process.cwd], ["/bin/ls", ["ls", "-l"], undefined]);
  strictEqual(table.descriptors.describe(process, 1), undefined);
  deepStrictEqual(files.asked, []);
});

Deno.test("table: exe is asked for once an exec", () => {
  const { table, files } = made();
  files.processes.set(5, { start: startOf(5), argvAddress: 1n, links: { exe: "/usr/bin/dash" } });
  table.fork(forked(5));
  files.asked.length = 0;
  table.exec(executed(5, { filename: "/bin/sh", argvAddress: 1n }));
  deepStrictEqual(files.asked, []);
  const process = found(table, 5);
  for (let i = 0; i < 3; i++) {
    deepStrictEqual([process.exe, process.exeFrom, process.exeDeleted], [
      "/usr/bin/dash",
      "proc",
      false,
    ]);
  }
  deepStrictEqual(files.asked, ["5/exe", "5/stat"]);
  files.processes.set(5, { start: startOf(5), argvAddress: 2n, links: { exe: "/usr/bin/ls" } });
  table.exec(executed(5, { filename: "/bin/ls", argvAddress: 2n }));
  deepStrictEqual([process.exe, process.previous?.exe], ["/usr/bin/ls", "/usr/bin/dash"]);
});

Deno.test("table: what /proc says of a later program isn't believed of this one", () => {
  const { table, files } = made();
  table.fork(forked(5));
  table.exec(executed(5, { filename: "/tmp/nginx", comm: "nginx", argvAddress: 1n }));
  files.processes.set(5, {
    start: startOf(5),
    comm: "nginx",
    argvAddress: 2n,
    links: { exe: "/usr/sbin/nginx" },
  });
  const process = found(table, 5);
  deepStrictEqual([process.exe, process.exeFrom], ["/tmp/nginx", "record"]);
});

Deno.test("table: a child that has not exec'd yet says what its parent runs, and is not believed after", () => {
  const { table, files } = made();
  table.fork(forked(5));
  table.exec(executed(5, { filename: "/bin/sh", argvAddress: 1n }));
  const child = { parent: 5, parentStart: startOf(5) };
  files.processes.set(6, { start: startOf(6), argvAddress: 2n, links: { exe: "/usr/bin/ls" } });
  files.processes.set(7, { start: startOf(7), argvAddress: 1n, links: { exe: "/usr/bin/dash" } });
  table.fork(forked(6, child));
  table.fork(forked(7, child));
  strictEqual(found(table, 6).exe, "/bin/sh");
  strictEqual(found(table, 7).exe, "/usr/bin/dash");
  // They run one program.
  deepStrictEqual([found(table, 5).exe, found(table, 5).exeFrom], ["/usr/bin/dash", "proc"]);
  deepStrictEqual([found(table, 6).exe, found(table, 6).exeFrom], ["/usr/bin/dash", "inherited"]);
});

Deno.test("table: arguments that the record cut are asked for once", () => {
  const { table, files } = made();
  const cmdline = "ls\0-l\0/very/long\0";
  files.processes.set(5, { start: startOf(5), argvAddress: 1n, cmdline });
  table.exec(executed(5, { argv: ["ls", "-l", "/ve"], truncated: true, argvAddress: 1n }));
  const process = found(table, 5);
  deepStrictEqual(process.argv, ["ls", "-l", "/very/long"]);
  deepStrictEqual([process.argvFrom, process.argvTruncated], ["proc", false]);
  strictEqual(files.asked.filter((each) => each === "5/cmdline").length, 1);
  files.processes.set(6, { start: startOf(6), argvAddress: 2n, cmdline });
  table.exec(executed(6, { argv: ["ls", "-l", "/ve"], truncated: true, argvAddress: 1n }));
  deepStrictEqual([found(table, 6).argv, found(table, 6).argvTruncated], [
    ["ls", "-l", "/ve"],
    true,
  ]);
});

Deno.test("table: arguments that /proc doesn't tell are asked for once an exec", () => {
  const { table, files } = made();
  files.processes.set(5, { start: startOf(5), argvAddress: 1n, cmdline: "other" });
  const cut = { argv: ["ls", "/a"], truncated: true };
  table.exec(executed(5, { ...cut, argvAddress: 1n }));
  const process = found(table, 5);
  const asked = () => files.asked.filter((each) => each === "5/cmdline").length;
  for (let i = 0; i < 3; i++) deepStrictEqual(process.argv, ["ls", "/a"]);
  strictEqual(asked(), 1);
  files.processes.set(5, { start: startOf(5), argvAddress: 2n, cmdline: "ls\0/a/b\0" });
  table.exec(executed(5, { ...cut, argvAddress: 2n }));
  deepStrictEqual(process.argv, ["ls", "/a/b"]);
  strictEqual(asked(), 2);
});

Deno.test("table: an exec closes descriptors", () => {
  const { table } = made({ followsCloses: true });
  table.fork(forked(5));
  const process = found(table, 5);
  table.descriptors.opened(process, 3, { text: "/a" }, true);
  table.exec(executed(5));
  strictEqual(table.descriptors.told(process, 3), undefined);
});

Deno.test("table: who began before it is asked of /proc, once", () => {
  const { table, files } = made();
  files.processes.set(5, {
    start: startOf(5),
    comm: "nginx",
    uid: 33,
    cmdline: "nginx\0-g\0",
    links: { exe: "/usr/sbin/nginx", cwd: "/srv" },
  });
  const process = found(table, 5);
  deepStrictEqual(
    [process.comm, process.uid, process.exe, process.exeFrom, process.argv, process.argvFrom],
    ["nginx", 33, "/usr/sbin/nginx", "proc", ["nginx", "-g"], "proc"],
  );
  deepStrictEqual([process.cwd, process.cwdFrom, process.start], ["/srv", "proc", startOf(5)]);
  files.asked.length = 0;
  strictEqual(found(table, 5), process);
  deepStrictEqual([process.exe, process.argv?.length], ["/usr/sbin/nginx", 2]);
  deepStrictEqual(files.asked, []);
});

Deno.test("table: who is gone is asked for once, and found again if a record tells", () => {
  const { table, files } = made();
  strictEqual(table.find(5, startOf(5)), undefined);
  const asked = files.asked.length;
  ok(asked > 0);
  for (let i = 0; i < 3; i++) strictEqual(table.find(5, startOf(5)), undefined);
  strictEqual(files.asked.length, asked);
  table.fork(forked(5));
  ok(table.find(5, startOf(5)));
});

Deno.test("table: who was gone until a record told otherwise is asked for when it was pushed out", () => {
  const { table, files } = made({ size: 1 });
  strictEqual(table.find(5, startOf(5)), undefined);
  table.fork(forked(5, { parent: 0 }));
  table.fork(forked(6, { parent: 0 }));
  files.processes.set(5, { start: startOf(5), comm: "seen" });
  strictEqual(found(table, 5).comm, "seen");
});

Deno.test("table: of several that had one pid each is found until it is pushed out", () => {
  const start = (nth: number) => startOf(5) + BigInt(nth);
  const known = (table: ProcessTable) => [1, 2, 3].filter((nth) => table.find(5, start(nth)));
  const ended = made({ size: 4 }).table;
  for (const nth of [1, 2, 3]) {
    ended.fork(forked(5, { start: start(nth), parent: 0 }));
    ended.exit(exited(5, { start: start(nth) }));
  }
  for (const left of [[1, 2, 3], [2, 3], [3], []]) {
    ended.fork(forked(20 + left.length, { parent: 0 }));
    deepStrictEqual(known(ended), left);
  }
  // Of 32 two stay that have ended, and the one that runs goes.
  const running = made({ size: 32 }).table;
  for (const nth of [1, 2, 3]) running.fork(forked(5, { start: start(nth), parent: 0 }));
  for (let pid = 50; pid < 80; pid++) running.fork(forked(pid, { parent: 0 }));
  deepStrictEqual(known(running), [1, 2]);
});

Deno.test("table: a pid that is another's now", () => {
  const { table, files } = made();
  table.fork(forked(5, { comm: "old" }));
  table.exit(exited(5));
  table.fork(forked(5, { start: startOf(5) + 1n, comm: "new" }));
  strictEqual(table.find(5, startOf(5))?.comm, "old");
  strictEqual(table.find(5, startOf(5) + 1n)?.comm, "new");
  files.processes.set(5, { start: startOf(5) + TICK, comm: "newest" });
  // Its end was never told, but who has its pid now says it.
  strictEqual(table.find(5, startOf(5) + TICK)?.comm, "newest");
  const { exited: end } = table.find(5, startOf(5) + 1n) ?? {};
  deepStrictEqual(end, { time: undefined, status: undefined, code: undefined, signal: undefined });
  strictEqual(table.find(5, startOf(5) + 3n * TICK), undefined);
  strictEqual(table.size, 3);
});

Deno.test("table: a start that /proc told, to 10 ms, is the exact one as soon as that is known", () => {
  const { table, files } = made();
  const start = startOf(5);
  files.processes.set(5, { start, parent: 0 });
  files.processes.set(6, { start: startOf(6), parent: 5 });
  const [parent] = table.ancestors(found(table, 6));
  strictEqual(parent?.start, start - start % TICK);
  strictEqual(table.find(5, start), parent);
  strictEqual(parent.start, start);
  // Whoever has kept the start that was known at first finds it too.
  strictEqual(table.find(5, start - start % TICK), parent);
  strictEqual(table.find(5, start + 1n), undefined);
  strictEqual(table.size, 2);
});

Deno.test("table: zombies have ended, unless other threads of theirs go on", () => {
  const { table, files } = made();
  files.processes.set(5, { start: startOf(5), state: "Z", exitCode: 0x100 });
  files.processes.set(6, { start: startOf(6), state: "Z", threads: 2 });
  deepStrictEqual(found(table, 5).exited, {
    time: undefined,
    status: 256,
    code: 1,
    signal: undefined,
  });
  strictEqual(found(table, 6).exited, undefined);
});

Deno.test("table: ancestors are who forked whom, to pid 1, whatever became of them", () => {
  const { table, files } = made();
  files.processes.set(1, { start: startOf(1), parent: 0, comm: "init" });
  table.fork(forked(2));
  table.fork(forked(3, { parent: 2, parentStart: startOf(2) }));
  table.exit(exited(2));
  table.fork(forked(4, { parent: 3, parentStart: startOf(3) }));
  // By the time of the exec its parent has gone, and init is it.
  table.exit(exited(3));
  table.exec(executed(4, { parent: 1, parentStart: startOf(1) }));
  deepStrictEqual(pids(table.ancestors(found(table, 4))), [3, 2, 1]);
  // Of nobody.
  strictEqual(found(table, 1).parent, undefined);
});

Deno.test("table: ancestors end where nobody knows more, and at 64", () => {
  const { table } = made();
  for (let pid = 2; pid <= 100; pid++) {
    table.fork(forked(pid, { parent: pid - 1, parentStart: startOf(pid - 1) }));
  }
  deepStrictEqual(pids(table.ancestors(found(table, 4))), [3, 2]);
  deepStrictEqual(
    pids(table.ancestors(found(table, 100))),
    Array.from({ length: 64 }, (_, i) => 99 - i),
  );
});

Deno.test("table: an ancestor that /proc names is none if it began after its child", () => {
  const { table, files } = made();
  files.processes.set(9, { start: startOf(9), parent: 7 });
  files.processes.set(7, { start: startOf(20) });
  deepStrictEqual(pids(table.ancestors(found(table, 9))), []);
  // Nor is it asked for again.
  files.asked.length = 0;
  deepStrictEqual(pids(table.ancestors(found(table, 9))), []);
  deepStrictEqual(files.asked, []);
});

Deno.test("table: an ancestor that /proc named is found when its pid is another's", () => {
  const { table, files } = made();
  table.fork(forked(7, { parent: 0, comm: "first" }));
  files.processes.set(7, { start: startOf(7) });
  files.processes.set(9, { start: startOf(9), parent: 7 });
  const child = found(table, 9);
  table.exit(exited(7));
  table.fork(forked(7, { start: startOf(8), comm: "second" }));
  deepStrictEqual([...table.ancestors(child)].map(({ comm }) => comm), ["first"]);
});

Deno.test("table: an ancestor that /proc names is not the one that had its pid before, end told or not", () => {
  const { table, files } = made();
  // Of the host nothing is recorded: it ended, and its pid was given again, without a word.
  table.fork(forked(7, { start: startOf(6), parent: 0, comm: "first" }));
  files.processes.set(7, { start: startOf(7), comm: "second" });
  files.processes.set(9, { start: startOf(9), parent: 7 });
  deepStrictEqual([...table.ancestors(found(table, 9))].map(({ comm }) => comm), ["second"]);
});

Deno.test("table: what a process ran before is asked of its parent, that runs it on", () => {
  const { table, files } = made();
  const shell = { comm: "bash", argvAddress: 1n, cmdline: "bash\0-l\0" };
  files.processes.set(5, { ...shell, start: startOf(5), links: { exe: "/usr/bin/bash" } });
  table.fork(forked(6, { parent: 5, parentStart: startOf(5), comm: "bash" }));
  table.exec(executed(6));
  const { previous } = found(table, 6);
  deepStrictEqual([previous?.argv, previous?.argvFrom], [["bash", "-l"], "proc"]);
  deepStrictEqual([previous?.exe, previous?.comm], ["/usr/bin/bash", "bash"]);
  // Its parent has a program of its own since: it can't be asked any more.
  table.fork(forked(7, { parent: 5, parentStart: startOf(5), comm: "bash" }));
  table.exec(executed(5, { filename: "/bin/other", argvAddress: 2n }));
  files.processes.set(5, { start: startOf(5), argvAddress: 2n, links: { exe: "/usr/bin/other" } });
  table.exec(executed(7));
  strictEqual(found(table, 7).previous?.exe, "/usr/bin/bash");
  strictEqual(found(table, 5).exe, "/usr/bin/other");
  deepStrictEqual([previous?.exe, previous?.argv], ["/usr/bin/bash", ["bash", "-l"]]);
});

Deno.test("table: of a fork whose parent nobody knows the parent is asked for while it lives", () => {
  const { table, files } = made();
  files.processes.set(5, { start: startOf(5), comm: "bash", links: { exe: "/usr/bin/bash" } });
  table.fork(forked(6, { parent: 5, parentStart: startOf(5) }));
  files.processes.clear();
  table.exec(executed(6));
  deepStrictEqual(found(table, 6).previous?.exe, "/usr/bin/bash");
  deepStrictEqual(pids(table.ancestors(found(table, 6))), [5]);
});

Deno.test("table: a bomb's forks don't ask /proc more often than a round allows", () => {
  const { table, files } = made({ asks: 3 });
  for (let pid = 10; pid < 100; pid += 2) {
    table.fork(forked(pid, { parent: pid - 1, parentStart: startOf(pid - 1) }));
  }
  strictEqual(new Set(files.asked.map((each) => each.split("/")[0])).size, 3);
  table.nextRound();
  table.fork(forked(200, { parent: 199, parentStart: startOf(199) }));
  strictEqual(new Set(files.asked.map((each) => each.split("/")[0])).size, 4);
});

Deno.test("table: a fork that is told after it was seen in /proc tells who forked it", () => {
  const { table, files } = made();
  files.processes.set(6, { start: startOf(6), parent: 1, links: { exe: "/usr/bin/x" } });
  const process = found(table, 6);
  table.fork(forked(6, { parent: 5, parentStart: startOf(5) }));
  strictEqual(found(table, 6), process);
  deepStrictEqual([process.parent?.pid, process.exe], [5, "/usr/bin/x"]);
  strictEqual(table.size, 1);
});

Deno.test("table: where a process is, is asked for anew in each round", () => {
  const { table, files } = made();
  table.fork(forked(5));
  const process = found(table, 5);
  strictEqual(process.cwd, undefined);
  const goTo = (cwd: string) => files.processes.set(5, { start: startOf(5), links: { cwd } });
  goTo("/a");
  strictEqual(process.cwd, undefined);
  table.nextRound();
  deepStrictEqual([process.cwd, process.cwdFrom], ["/a", "proc"]);
  goTo("/b");
  strictEqual(process.cwd, "/a");
  table.nextRound();
  strictEqual(process.cwd, "/b");
  table.moved(process, "/c");
  deepStrictEqual([process.cwd, process.cwdFrom], ["/c", "event"]);
  table.nextRound();
  strictEqual(process.cwd, "/b");
  goTo("/d");
  table.moved(process, undefined);
  strictEqual(process.cwd, "/d");
  // Who went somewhere and can't be asked any more is not where it was.
  table.moved(process, undefined);
  files.processes.clear();
  deepStrictEqual([process.cwd, process.cwdFrom], [undefined, undefined]);
});

Deno.test("table: not more processes are asked where they are than a round allows", () => {
  const { table, files } = made({ asks: 2 });
  for (const pid of [5, 6, 7]) {
    files.processes.set(pid, { start: startOf(pid), links: { cwd: `/${pid}` } });
    found(table, pid);
  }
  const all = () => [5, 6, 7].map((pid) => found(table, pid).cwd);
  deepStrictEqual(all(), ["/5", "/6", undefined]);
  table.nextRound();
  strictEqual(found(table, 7).cwd, "/7");
});

Deno.test("table: a child is where its parent was, until it can be asked itself", () => {
  const { table, files } = made();
  files.processes.set(5, { start: startOf(5), links: { cwd: "/srv", exe: "/bin/sh" } });
  strictEqual(found(table, 5).cwd, "/srv");
  table.fork(forked(6, { parent: 5, parentStart: startOf(5) }));
  table.exec(executed(6, { filename: "./x" }));
  const child = found(table, 6);
  deepStrictEqual([child.exe, child.cwd, child.cwdFrom], ["/srv/x", "/srv", "inherited"]);
  table.exit(exited(6));
  table.nextRound();
  deepStrictEqual([child.cwd, child.cwdFrom], ["/srv", "inherited"]);
});

Deno.test("table: fill takes in who runs, some at a time, with their programs", () => {
  const { table, files } = made();
  for (let pid = 1; pid <= 50; pid++) {
    files.processes.set(pid, { start: startOf(pid), links: { exe: `/bin/${pid}` } });
  }
  table.fork(forked(3));
  let steps = 1;
  while (!table.fill(0)) steps++;
  strictEqual(steps, 50);
  strictEqual(table.size, 50);
  files.processes.clear();
  table.exit(exited(7));
  deepStrictEqual([found(table, 7).exe, found(table, 7).exited?.code], ["/bin/7", 0]);
  strictEqual(table.fill(1000), true);
});

Deno.test("table: fill leaves out those that don't fit", () => {
  const { table, files } = made({ size: 10 });
  table.fork(forked(100, { parent: 0 }));
  for (let pid = 1; pid <= 50; pid++) files.processes.set(pid, { start: startOf(pid) });
  strictEqual(table.fill(1000), true);
  strictEqual(table.size, 10);
  ok(table.find(100, startOf(100)));
});

/** Whom a table has, without asking it: that would change who is pushed out next. */
function has(table: ProcessTable, files: FakeProc, pid: number): boolean {
  files.asked.length = 0;
  return table.find(pid, startOf(pid)) !== undefined;
}

Deno.test("table: who ended is pushed out first, the one that ended first at first", () => {
  const { table, files } = made({ size: 16 });
  for (let pid = 1; pid <= 16; pid++) table.fork(forked(pid, { parent: 0 }));
  for (const pid of [9, 4, 7]) table.exit(exited(pid));
  table.fork(forked(20, { parent: 0 }));
  table.fork(forked(21, { parent: 0 }));
  deepStrictEqual([9, 4, 7].map((pid) => has(table, files, pid)), [false, false, true]);
  strictEqual(table.size, 16);
});

Deno.test("table: then who was not looked for longest; the last that ended stay for their last events", () => {
  const { table, files } = made({ size: 16 });
  for (let pid = 1; pid <= 16; pid++) table.fork(forked(pid, { parent: 0 }));
  found(table, 1);
  table.exit(exited(16));
  table.fork(forked(20, { parent: 0 }));
  deepStrictEqual([1, 2, 3, 16].map((pid) => has(table, files, pid)), [true, false, true, true]);
  table.exit(exited(15));
  table.fork(forked(21, { parent: 0 }));
  deepStrictEqual([16, 15].map((pid) => has(table, files, pid)), [false, true]);
});

Deno.test("table: who was pushed out is still good for who kept it", () => {
  const { table, files } = made({ size: 1 });
  table.fork(forked(5, { parent: 0 }));
  const process = found(table, 5);
  files.processes.set(5, { start: startOf(5), links: { cwd: "/a", "fd/1": "/b" } });
  table.fork(forked(6, { parent: 0 }));
  strictEqual(table.size, 1);
  deepStrictEqual([process.cwd, table.descriptors.describe(process, 1)?.text], ["/a", "/b"]);
});

/** A step of a random history of some pids. */
const anyStep = fc.record({
  what: fc.constantFrom("fork", "exec", "exit", "find", "ancestors", "reuse", "vanish", "round"),
  pid: fc.integer({ min: 2, max: 9 }),
  parent: fc.integer({ min: 1, max: 9 }),
  isTold: fc.boolean(),
});

Deno.test("table: never more than its size, never a process of another identity", () => {
  const history = fc.array(anyStep, { maxLength: 120 });
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 12 }), (steps, size) => {
      const { table, files } = made({ size, asks: 4 });
      /** Who has a pid in the kernel, and whose it was before. */
      const starts = new Map<number, bigint[]>();
      const startNow = (pid: number) => starts.get(pid)?.at(-1);
      let clock = TICK;
      for (const { what, pid, parent, isTold } of steps) {
        clock += 3n * TICK + 17n;
        let start = startNow(pid);
        const parentStart = startNow(parent) ?? 0n;
        // The name says who it is, so that whoever is found can be told from all table.
        const named = () => ({ start: start ?? 0n, comm: `${pid}@${(start ?? 0n) / TICK}` });
        if (what === "reuse" || what === "fork") {
          start = clock;
          starts.set(pid, [...starts.get(pid) ?? [], start]);
          files.processes.set(pid, { ...named(), parent });
          // A record may be lost.
          if (what === "fork" && isTold) {
            table.fork(forked(pid, { ...named(), parent, parentStart }));
          }
        } else if (what === "exec" && start !== undefined) {
          table.exec(executed(pid, { ...named(), parent, parentStart }));
        } else if (what === "exit" && start !== undefined) {
          files.processes.delete(pid);
          if (isTold) table.exit(exited(pid, { start }));
        } else if (what === "vanish") {
          files.processes.delete(pid);
        } else if (what === "round") {
          table.nextRound();
        }
        for (const each of starts.get(pid) ?? []) {
          if (what !== "find" && what !== "ancestors") break;
          const process = table.find(pid, each);
          if (process === undefined) continue;
          strictEqual(process.start, each);
          strictEqual(process.comm, `${pid}@${each / TICK}`);
          let child = process;
          for (const ancestor of table.ancestors(process)) {
            strictEqual(ancestor.pid, child.parent?.pid);
            strictEqual(ancestor.comm, `${ancestor.pid}@${ancestor.start / TICK}`);
            ok(ancestor.start / TICK <= child.start / TICK || child.parent?.start !== undefined);
            child = ancestor;
          }
        }
        ok(table.size <= size);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("table: a fork bomb makes it no larger", () => {
  const { table } = made({ size: 256, followsCloses: true });
  const file = { text: "/x" };
  for (let pid = 2; pid < 20_000; pid++) {
    const parent = Math.floor(pid / 2);
    table.fork(forked(pid, { parent, parentStart: startOf(parent) }));
    table.descriptors.opened(found(table, pid), 3, file, false);
    if (pid % 3 === 0) table.exit(exited(pid - 1));
    ok(table.size <= 256 && table.descriptors.size <= 256);
  }
});
