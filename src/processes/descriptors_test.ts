import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type DescriptorBounds, Descriptors } from "./descriptors.ts";
import { exited, FakeProc, forked, startOf } from "./fixtures.ts";
import { OpenSocket } from "./open_files.ts";
import { Proc } from "./proc.ts";
import type { Process } from "./process.ts";
import { Rounds } from "./rounds.ts";
import { ProcessTable } from "./table.ts";

const pid = 5;

/** Processes and their descriptors, over a /proc of their own. */
function made({ followsCloses = true, asks = 100 } = {}) {
  const files = new FakeProc();
  const table = new ProcessTable({ proc: files, followsCloses, asks });
  const process = (own: number, parent = 0): Process => {
    table.fork(forked(own, { parent, parentStart: startOf(parent) }));
    const found = table.find(own, startOf(own));
    ok(found);
    return found;
  };
  /** What /proc says of the descriptors of {@linkcode pid}. */
  const show = (links: Record<string, string>) =>
    files.processes.set(pid, { start: startOf(pid), links });
  return { files, table, descriptors: table.descriptors, process, show };
}

/** The text of each descriptor that calls told of. */
function told(descriptors: Descriptors, process: Process, fds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
  return fds.map((fd) => descriptors.told(process, fd)?.text ?? "").join(" ").trim();
}

Deno.test("descriptors: what calls told, else what /proc says", () => {
  const { files, descriptors, process, show } = made();
  const own = process(pid);
  show({ "fd/3": "/proc-3", "fd/4": "pipe:[5]" });
  descriptors.opened(own, 3, { text: "/etc/passwd" }, false);
  deepStrictEqual(descriptors.describe(own, 3), { text: "/etc/passwd", from: "event" });
  deepStrictEqual(descriptors.describe(own, 4), { text: "pipe:[5]", from: "proc" });
  strictEqual(descriptors.describe(own, 5), undefined);
  files.asked.length = 0;
  strictEqual(descriptors.describe(own, -1), undefined);
  deepStrictEqual(files.asked, []);
});

Deno.test("descriptors: /proc is asked once a round for each", () => {
  const { files, table, descriptors, process, show } = made();
  const own = process(pid);
  show({ "fd/3": "/a" });
  files.asked.length = 0;
  for (let i = 0; i < 3; i++) {
    strictEqual(descriptors.describe(own, 3)?.text, "/a");
    strictEqual(descriptors.describe(own, 4), undefined);
  }
  deepStrictEqual(files.asked, ["5/fd/3", "5/stat", "5/fd/4"]);
  show({ "fd/3": "/b", "fd/4": "/c" });
  strictEqual(descriptors.describe(own, 3)?.text, "/a");
  table.nextRound();
  strictEqual(descriptors.describe(own, 3)?.text, "/b");
  strictEqual(descriptors.describe(own, 4)?.text, "/c");
});

Deno.test("descriptors: /proc is not asked more often than a round allows", () => {
  const { files, table, descriptors, process, show } = made({ asks: 3 });
  const own = process(pid);
  table.nextRound();
  show(Object.fromEntries(Array.from({ length: 10 }, (_, fd) => [`fd/${fd}`, `/${fd}`])));
  files.asked.length = 0;
  const texts = [0, 1, 2, 3, 4].map((fd) => descriptors.describe(own, fd)?.text);
  deepStrictEqual(texts, ["/0", "/1", "/2", undefined, undefined]);
  strictEqual(files.asked.length, 6);
  table.nextRound();
  strictEqual(descriptors.describe(own, 4)?.text, "/4");
});

Deno.test("descriptors: a pid that is another's tells nothing", () => {
  const { files, descriptors, process } = made();
  const own = process(pid);
  files.processes.set(pid, { start: startOf(pid + 1), links: { "fd/3": "/a" } });
  strictEqual(descriptors.describe(own, 3), undefined);
});

Deno.test("descriptors: what calls told stands while closes are followed, and for a round otherwise", () => {
  for (const followsCloses of [true, false]) {
    const { table, descriptors, process, show } = made({ followsCloses });
    const own = process(pid);
    show({ "fd/3": "/now" });
    descriptors.opened(own, 3, { text: "/then" }, false);
    strictEqual(descriptors.describe(own, 3)?.text, "/then");
    table.nextRound();
    strictEqual(descriptors.describe(own, 3)?.text, followsCloses ? "/then" : "/now");
    descriptors.lost();
    table.nextRound();
    strictEqual(descriptors.describe(own, 3)?.text, "/now");
    strictEqual(descriptors.size, 0);
  }
});

Deno.test("descriptors: what was opened or closed since /proc said what it is, it is no more", () => {
  const { descriptors, process, show } = made();
  const own = process(pid);
  show({ "fd/3": "/a", "fd/4": "/a", "fd/5": "/a" });
  const all = () => [3, 4, 5].map((fd) => descriptors.describe(own, fd)?.text);
  deepStrictEqual(all(), ["/a", "/a", "/a"]);
  show({ "fd/3": "/b", "fd/4": "/b", "fd/5": "/b" });
  deepStrictEqual(all(), ["/a", "/a", "/a"]);
  descriptors.closed(own, 3);
  deepStrictEqual(all(), ["/b", "/a", "/a"]);
  descriptors.opened(own, 4, undefined, false);
  deepStrictEqual(all(), ["/b", "/b", "/a"]);
  descriptors.closedRange(own, 4, 9);
  deepStrictEqual(all(), ["/b", "/b", "/b"]);
  descriptors.opened(own, 3, { text: "/told" }, false);
  show({ "fd/3": "/c", "fd/4": "/c", "fd/5": "/c" });
  descriptors.lost();
  deepStrictEqual(all(), ["/c", "/b", "/b"]);
});

Deno.test("descriptors: duplicates share what they refer to", () => {
  const { descriptors, process } = made();
  const own = process(pid);
  const socket = new OpenSocket("TCP");
  descriptors.opened(own, 3, socket, false);
  descriptors.duplicated(own, 3, 4, false);
  socket.peer = "10.0.0.7:443";
  strictEqual(told(descriptors, own), "TCP:[->10.0.0.7:443] TCP:[->10.0.0.7:443]");
  descriptors.closed(own, 3);
  strictEqual(told(descriptors, own), "TCP:[->10.0.0.7:443]");
  // Of what nobody knows there is no duplicate, and what was there before is gone.
  descriptors.duplicated(own, 9, 4, false);
  strictEqual(told(descriptors, own), "");
});

Deno.test("descriptors: duplicated onto itself a descriptor stays as it is", () => {
  const { descriptors, process } = made();
  const own = process(pid);
  descriptors.opened(own, 3, { text: "/a" }, true);
  descriptors.duplicated(own, 3, 3, false);
  strictEqual(told(descriptors, own), "/a");
  descriptors.executed(own);
  strictEqual(told(descriptors, own), "");
});

Deno.test("descriptors: an exec closes what is to be closed", () => {
  const { descriptors, process } = made();
  const own = process(pid);
  descriptors.opened(own, 3, { text: "/kept" }, false);
  descriptors.opened(own, 4, { text: "/closed" }, true);
  descriptors.opened(own, 5, { text: "/set" }, false);
  descriptors.opened(own, 6, { text: "/unset" }, true);
  descriptors.duplicated(own, 4, 7, false);
  descriptors.duplicated(own, 3, 8, true);
  descriptors.setClosesOnExec(own, 5, 5, true);
  descriptors.setClosesOnExec(own, 6, 6, false);
  descriptors.setClosesOnExec(own, 9, 0xffff_ffff, true);
  descriptors.executed(own);
  strictEqual(told(descriptors, own), "/kept   /unset /closed");
});

Deno.test("descriptors: a child has its parent's, and each its own from the first change on", () => {
  const { descriptors, process } = made();
  const parent = process(pid);
  descriptors.opened(parent, 3, { text: "/a" }, false);
  descriptors.opened(parent, 4, { text: "/b" }, true);
  const [first, second] = [process(6, pid), process(7, pid)];
  // Nothing was copied.
  strictEqual(descriptors.size, 2);
  deepStrictEqual([first, second].map((each) => told(descriptors, each)), ["/a /b", "/a /b"]);
  descriptors.closed(first, 3);
  descriptors.opened(parent, 5, { text: "/c" }, false);
  descriptors.executed(second);
  strictEqual(told(descriptors, parent), "/a /b /c");
  strictEqual(told(descriptors, first), "/b");
  strictEqual(told(descriptors, second), "/a");
  strictEqual(descriptors.size, 5);
});

Deno.test("descriptors: they go with their process", () => {
  const files = new FakeProc();
  const table = new ProcessTable({ proc: files, followsCloses: true, size: 2 });
  table.fork(forked(1, { parent: 0 }));
  const first = table.find(1, startOf(1));
  ok(first);
  table.descriptors.opened(first, 3, { text: "/a" }, false);
  table.fork(forked(2));
  strictEqual(table.descriptors.size, 1);
  table.exit(exited(1));
  // Its last events may come yet.
  strictEqual(table.descriptors.told(first, 3)?.text, "/a");
  table.fork(forked(3, { parent: 2, parentStart: startOf(2) }));
  strictEqual(table.descriptors.size, 1);
  table.exit(exited(2));
  table.fork(forked(4, { parent: 3, parentStart: startOf(3) }));
  table.exit(exited(3));
  table.fork(forked(5, { parent: 0 }));
  table.exit(exited(4));
  table.fork(forked(6, { parent: 0 }));
  strictEqual(table.descriptors.size, 0);
});

/** Descriptors that stand, of as many as `bounds` says. */
function bounded(bounds: DescriptorBounds): Descriptors {
  return new Descriptors(new Proc(new FakeProc()), new Rounds(0), true, bounds);
}

Deno.test("descriptors: of one process those that were opened last are kept", () => {
  const descriptors = bounded({ ofProcess: 3, inAll: 100 });
  const own = made().process(pid);
  for (const fd of [1, 2, 3]) descriptors.opened(own, fd, { text: `/${fd}` }, false);
  descriptors.opened(own, 1, { text: "/again" }, false);
  descriptors.opened(own, 4, { text: "/4" }, false);
  strictEqual(told(descriptors, own), "/again  /3 /4");
  strictEqual(descriptors.size, 3);
});

Deno.test("descriptors: of all those of processes that changed theirs last are kept", () => {
  const descriptors = bounded({ ofProcess: 3, inAll: 5 });
  const { process } = made();
  const [first, second, third] = [process(5), process(6), process(7)] as const;
  for (const fd of [1, 2]) {
    descriptors.opened(first, fd, { text: `/${fd}` }, false);
    descriptors.opened(second, fd, { text: `/${fd}` }, false);
  }
  descriptors.closed(first, 2);
  descriptors.opened(third, 1, { text: "/1" }, false);
  descriptors.opened(third, 2, { text: "/2" }, false);
  descriptors.opened(third, 3, { text: "/3" }, false);
  deepStrictEqual([first, second, third].map((each) => told(descriptors, each)), [
    "/1",
    "",
    "/1 /2 /3",
  ]);
});

const anyStep = fc.record({
  what: fc.constantFrom("open", "close", "range", "dup", "fork", "exec", "cloexec", "forget"),
  who: fc.nat(5),
  from: fc.nat(6),
  to: fc.nat(6),
  closesOnExec: fc.boolean(),
});

Deno.test("descriptors: what a table of each process's own would say, within bounds", () => {
  fc.assert(fc.property(fc.array(anyStep, { maxLength: 150 }), (steps) => {
    const descriptors = bounded({ ofProcess: 7, inAll: 1000 });
    const few = bounded({ ofProcess: 4, inAll: 9 });
    const { process } = made();
    const all = Array.from({ length: 6 }, (_, i) => process(10 + i));
    type Model = Map<number, { text: string; closesOnExec: boolean }>;
    const models: Model[] = all.map(() => new Map());
    let opened = 0;
    for (const { what, who, from, to, closesOnExec } of steps) {
      const [own, model, child] = [all[who], models[who], all[to % 6]];
      if (own === undefined || model === undefined || child === undefined) continue;
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      const source = model.get(from);
      for (const each of [descriptors, few]) {
        if (what === "open") each.opened(own, from, { text: `/${opened}` }, closesOnExec);
        if (what === "close") each.closed(own, from);
        if (what === "range") each.closedRange(own, first, last);
        if (what === "dup") each.duplicated(own, from, to, closesOnExec);
        if (what === "exec") each.executed(own);
        if (what === "cloexec") each.setClosesOnExec(own, first, last, closesOnExec);
        if (what === "forget") each.forgotten(own);
        if (what === "fork" && own !== child) {
          // A child is new.
          each.forgotten(child);
          each.forked(own, child);
        }
      }
      if (what === "open") model.set(from, { text: `/${opened++}`, closesOnExec });
      if (what === "close") model.delete(from);
      if (what === "range") { for (let fd = first; fd <= last; fd++) model.delete(fd); }
      if (what === "dup" && from !== to) {
        if (source === undefined) model.delete(to);
        else model.set(to, { ...source, closesOnExec });
      }
      if (what === "exec") {
        for (const [fd, held] of model) if (held.closesOnExec) model.delete(fd);
      }
      if (what === "cloexec") {
        for (const [fd, held] of model) {
          if (fd >= first && fd <= last) model.set(fd, { ...held, closesOnExec });
        }
      }
      if (what === "forget") model.clear();
      if (what === "fork" && own !== child) models[to % 6] = new Map(model);
      ok(few.size <= 9);
      for (const [i, each] of all.entries()) {
        const right = Array.from({ length: 7 }, (_, fd) => models[i]?.get(fd)?.text ?? "");
        deepStrictEqual(told(descriptors, each, [0, 1, 2, 3, 4, 5, 6]), right.join(" ").trim());
        // What few are left of those are right, too.
        for (const [fd, text] of right.entries()) {
          const kept = few.told(each, fd)?.text;
          ok(kept === undefined || kept === text, `${kept} is not ${text}`);
        }
      }
    }
    for (const each of all) {
      descriptors.forgotten(each);
      few.forgotten(each);
    }
    deepStrictEqual([descriptors.size, few.size], [0, 0]);
  }));
});
