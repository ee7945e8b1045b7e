import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { syscallOf } from "../../syscalls/mod.ts";
import { FakeProc, forked, startOf } from "../fixtures.ts";
import type { Process } from "../process.ts";
import { ProcessTable } from "../table.ts";
import { given, internetAddress, intPair, type MadeUp, madeUpCall, openHow } from "./fixtures.ts";
import { closingCalls, follow, followedCalls } from "./follow.ts";

const pid = 5;
const AT_FDCWD = -100;
const O_CLOEXEC = 0o2000000;
const SOCK_CLOEXEC = 0x80000;
const O_TMPFILE = 0o20200000;

/** One process that calls. */
class Scene {
  readonly files = new FakeProc();
  readonly table = new ProcessTable({ proc: this.files, followsCloses: true });
  readonly process: Process;

  constructor(links: Readonly<Record<string, string>> = {}) {
    this.files.processes.set(pid, { start: startOf(pid), links });
    this.table.fork(forked(pid, { parent: 0 }));
    const process = this.table.find(pid, startOf(pid));
    ok(process);
    this.process = process;
  }

  call(name: string, made: MadeUp = {}): this {
    const { architecture = "x86_64" } = made;
    follow(madeUpCall(name, made), this.process, this.table, architecture);
    return this;
  }

  /** What calls told of a descriptor. */
  told(fd: number): string | undefined {
    return this.table.descriptors.told(this.process, fd)?.text;
  }

  /** What is told of a descriptor after an exec. */
  kept(fd: number): string | undefined {
    this.table.descriptors.executed(this.process);
    return this.told(fd);
  }
}

/** What calls open at 3: the text, and the words or memory with which it is closed on exec. */
const opening: readonly [name: string, text: string | undefined, open: MadeUp, closing?: MadeUp][] =
  [
    ["open", "/a", { memory: { 0: "/a" } }, { words: [1, O_CLOEXEC], memory: { 0: "/a" } }],
    ["openat", "/a", { words: [AT_FDCWD, 1], memory: { 1: "/a" } }, {
      words: [AT_FDCWD, 1, O_CLOEXEC],
      memory: { 1: "/a" },
    }],
    [
      "openat2",
      "/a",
      { words: [AT_FDCWD], memory: { 1: "/a", 2: openHow(0, 0) } },
      { words: [AT_FDCWD], memory: { 1: "/a", 2: openHow(O_CLOEXEC, 0) } },
    ],
    ["creat", "/a", { memory: { 0: "/a" } }],
    ["open_by_handle_at", undefined, {}],
    ["open_tree", "/a", { words: [AT_FDCWD], memory: { 1: "/a" } }, {
      words: [AT_FDCWD, 1, O_CLOEXEC],
      memory: { 1: "/a" },
    }],
    ["memfd_create", "/memfd:a b (deleted)", { memory: { 0: "a b" } }, {
      words: [1, 1],
      memory: { 0: "a b" },
    }],
    ["socket", "TCP", { words: [2, 1, 0] }, { words: [2, 1 | SOCK_CLOEXEC, 0] }],
    ["socket", "UDPv6", { words: [10, 2, 0] }],
    ["socket", "UNIX-SEQPACKET", { words: [1, 5, 0] }],
    ["socket", "NETLINK", { words: [16, 3, 0] }],
    ["epoll_create", "anon_inode:[eventpoll]", { words: [1] }],
    ["epoll_create1", "anon_inode:[eventpoll]", {}, { words: [O_CLOEXEC] }],
    ["eventfd", "anon_inode:[eventfd]", {}],
    ["eventfd2", "anon_inode:[eventfd]", {}, { words: [0, O_CLOEXEC] }],
    ["timerfd_create", "anon_inode:[timerfd]", {}, { words: [0, O_CLOEXEC] }],
    ["inotify_init", "anon_inode:inotify", {}],
    ["inotify_init1", "anon_inode:inotify", {}, { words: [O_CLOEXEC] }],
    ["fanotify_init", "anon_inode:[fanotify]", {}, { words: [1] }],
    ["signalfd", "anon_inode:[signalfd]", { words: [-1] }],
    ["signalfd4", "anon_inode:[signalfd]", { words: [-1] }, { words: [-1, 0, 0, O_CLOEXEC] }],
    ["pidfd_getfd", undefined, {}],
  ];

for (const [name, text, open, closing] of opening) {
  Deno.test(`follow: ${name} opens ${text}`, () => {
    const scene = new Scene().call("open", { memory: { 0: "/before" }, result: 3 });
    scene.call(name, { ...open, result: 3 });
    strictEqual(scene.told(3), text);
    strictEqual(scene.kept(3), text);
    if (closing === undefined) return;
    scene.call(name, { ...closing, result: 3 });
    strictEqual(scene.told(3), text);
    strictEqual(scene.kept(3), undefined);
  });
}

Deno.test("follow: some are always closed on exec", () => {
  const cases = [
    ["pidfd_open", "anon_inode:[pidfd]", {}],
    ["io_uring_setup", "anon_inode:[io_uring]", {}],
    ["mq_open", "/queue", { memory: { 0: "queue" } }],
  ] as const;
  for (const [name, text, made] of cases) {
    const scene = new Scene().call(name, { ...made, result: 3 });
    deepStrictEqual([scene.told(3), scene.kept(3)], [text, undefined]);
  }
});

Deno.test("follow: calls that failed or did not return do nothing", () => {
  const before = () => new Scene().call("open", { memory: { 0: "/before" }, result: 3 });
  strictEqual(before().call("open", { memory: { 0: "/a" }, result: -2 }).told(3), "/before");
  strictEqual(before().call("close", { words: [3], result: null }).told(3), "/before");
  strictEqual(before().call("dup2", { words: [9, 3], result: -9 }).told(3), "/before");
  // But for close(2), which gives the number free whatever it returns.
  strictEqual(before().call("close", { words: [3], result: -5 }).told(3), undefined);
});

Deno.test("follow: relative paths begin where the process is, or at their directory's descriptor", () => {
  const links = { cwd: "/srv", "fd/7": "/from/proc", "fd/8": "socket:[1]" };
  const open = (dirfd: number, path: string) =>
    new Scene(links)
      .call("open", { words: [1, 0], memory: { 0: "/from/event" }, result: 6 })
      .call("openat", { words: [dirfd, 1], memory: { 1: path }, result: 3 }).told(3);
  strictEqual(open(AT_FDCWD, "x"), "/srv/x");
  strictEqual(open(6, "x"), "/from/event/x");
  strictEqual(open(7, "./x"), "/from/proc/x");
  strictEqual(open(8, "x"), "x");
  strictEqual(open(9, "x"), "x");
  strictEqual(open(9, "/x"), "/x");
  strictEqual(new Scene(links).call("open", { memory: { 0: "x" }, result: 3 }).told(3), "/srv/x");
  strictEqual(new Scene(links).call("creat", { memory: { 0: "x" }, result: 3 }).told(3), "/srv/x");
});

Deno.test("follow: openat2 in a root of its own", () => {
  const IN_ROOT = 0x10;
  const scene = new Scene({ "fd/7": "/jail" });
  scene.call("openat2", { words: [7], memory: { 1: "/x", 2: openHow(0, IN_ROOT) }, result: 3 });
  strictEqual(scene.told(3), "/jail/x");
});

Deno.test("follow: what a call doesn't say /proc is left to say", () => {
  const scene = () => new Scene().call("open", { memory: { 0: "/before" }, result: 3 });
  const tmp = { words: [1, O_TMPFILE], memory: { 0: "/tmp" }, result: 3 };
  strictEqual(scene().call("open", tmp).told(3), undefined);
  // Its path could not be read.
  strictEqual(scene().call("open", { words: [1], result: 3 }).told(3), undefined);
  const at = { words: [AT_FDCWD, 1, O_TMPFILE], memory: { 1: "/tmp" }, result: 3 };
  strictEqual(scene().call("openat", at).told(3), undefined);
  strictEqual(scene().call("openat2", { words: [0, 1, 1], result: 3 }).told(3), undefined);
  const empty = { words: [7], memory: { 1: "" }, result: 3 };
  strictEqual(scene().call("open_tree", empty).told(3), undefined);
  const pair = { memory: { 0: intPair(3, 4) } };
  strictEqual(scene().call("pipe", pair).told(3), undefined);
  strictEqual(scene().call("pipe2", pair).told(3), undefined);
});

Deno.test("follow: a socket's ends come to be known", () => {
  const [here, there] = [internetAddress(80, 10, 0, 0, 1), internetAddress(443, 10, 0, 0, 7)];
  const scene = new Scene()
    .call("socket", { words: [2, 1, 0], result: 3 })
    .call("bind", { words: [3], memory: { 1: here } });
  strictEqual(scene.told(3), "TCP:[10.0.0.1:80]");
  scene.call("accept", { words: [3], memory: given(there), result: 4 });
  scene.call("accept4", { words: [3], memory: given(there), result: 5 });
  strictEqual(scene.told(4), "TCP:[10.0.0.1:80->10.0.0.7:443]");
  const flags = { words: [3, 1, 1, SOCK_CLOEXEC], memory: given(there), result: 6 };
  scene.call("accept4", flags).call("dup", { words: [3], result: 7 });
  strictEqual(scene.told(6), "TCP:[10.0.0.1:80->10.0.0.7:443]");
  strictEqual(scene.kept(6), undefined);
  strictEqual(scene.told(5), "TCP:[10.0.0.1:80->10.0.0.7:443]");
  scene.call("connect", { words: [3], memory: { 1: there }, result: -115 });
  deepStrictEqual([scene.told(3), scene.told(7)], Array(2).fill("TCP:[10.0.0.1:80->10.0.0.7:443]"));
  // AF_UNSPEC parts it from its peer.
  scene.call("connect", { words: [3], memory: { 1: new Uint8Array(16) } });
  strictEqual(scene.told(3), "TCP:[10.0.0.1:80]");
});

Deno.test("follow: the ends of a socket that nobody saw being made", () => {
  const there = internetAddress(443, 10, 0, 0, 7);
  const scene = new Scene().call("connect", { words: [3], memory: { 1: there } });
  strictEqual(scene.told(3), "socket:[->10.0.0.7:443]");
  strictEqual(
    scene.call("getpeername", { words: [4], memory: given(there) }).told(4),
    scene.told(3),
  );
  strictEqual(
    scene.call("getsockname", { words: [3], memory: given(there) }).told(3),
    "socket:[10.0.0.7:443->10.0.0.7:443]",
  );
  strictEqual(
    scene.call("accept", { words: [8], memory: given(there), result: 9 }).told(8),
    undefined,
  );
  strictEqual(scene.told(9), "socket:[->10.0.0.7:443]");
  strictEqual(scene.call("accept", { words: [8], result: 9 }).told(9), undefined);
  // Who knows whether an exec closes it?
  strictEqual(scene.kept(3), undefined);
  // Refused: there is no peer.
  strictEqual(
    scene.call("connect", { words: [5], memory: { 1: there }, result: -111 }).told(5),
    undefined,
  );
});

Deno.test("follow: both of a pair of sockets", () => {
  const pair = { words: [1, 1 | SOCK_CLOEXEC, 0], memory: { 3: intPair(3, 4) } };
  const scene = new Scene().call("socketpair", pair);
  deepStrictEqual([scene.told(3), scene.told(4)], ["UNIX-STREAM", "UNIX-STREAM"]);
  deepStrictEqual([scene.kept(3), scene.kept(4)], [undefined, undefined]);
});

Deno.test("follow: duplicates, of which some are closed on exec", () => {
  const scene = new Scene().call("open", { memory: { 0: "/a" }, result: 3 })
    .call("dup", { words: [3], result: 4 })
    .call("dup2", { words: [3, 5], result: 5 })
    .call("dup3", { words: [3, 6, O_CLOEXEC], result: 6 })
    .call("dup3", { words: [3, 7, 0], result: 7 })
    .call("fcntl", { words: [3, 0, 8], result: 8 })
    .call("fcntl", { words: [3, 1030, 9], result: 9 })
    .call("i386:fcntl64", { words: [3, 0, 10], result: 10 });
  const all = [3, 4, 5, 6, 7, 8, 9, 10];
  deepStrictEqual(all.map((fd) => scene.told(fd)), all.map(() => "/a"));
  deepStrictEqual(all.filter((fd) => scene.kept(fd) === undefined), [6, 9]);
});

Deno.test("follow: what is closed on exec may change", () => {
  const FIOCLEX = 0x5451;
  const FIONCLEX = 0x5450;
  const scene = new Scene();
  for (const fd of [3, 4, 5, 6, 7]) {
    const words = [1, fd % 2 === 0 ? O_CLOEXEC : 0];
    scene.call("open", { words, memory: { 0: "/a" }, result: fd });
  }
  scene.call("fcntl", { words: [3, 2, 1] }).call("fcntl", { words: [4, 2, 0] });
  scene.call("ioctl", { words: [5, FIOCLEX] }).call("ioctl", { words: [6, FIONCLEX] });
  // F_GETFD
  scene.call("fcntl", { words: [7, 1, 1] });
  deepStrictEqual([3, 4, 5, 6, 7].filter((fd) => scene.kept(fd) !== undefined), [4, 6, 7]);
});

Deno.test("follow: closed, one and many", () => {
  const opened = () => {
    const scene = new Scene();
    for (const fd of [3, 4, 5, 6]) scene.call("open", { memory: { 0: "/a" }, result: fd });
    return scene;
  };
  const left = (scene: Scene) => [3, 4, 5, 6].filter((fd) => scene.told(fd) !== undefined);
  deepStrictEqual(left(opened().call("close", { words: [4] })), [3, 5, 6]);
  deepStrictEqual(left(opened().call("close_range", { words: [4, 5] })), [3, 6]);
  deepStrictEqual(left(opened().call("close_range", { words: [4, -1] })), [3]);
  const toClose = opened().call("close_range", { words: [4, -1, 4] });
  deepStrictEqual(left(toClose), [3, 4, 5, 6]);
  toClose.kept(3);
  deepStrictEqual(left(toClose), [3]);
});

Deno.test("follow: where a process goes", () => {
  const scene = new Scene({ cwd: "/srv", "fd/7": "/dir", "fd/8": "socket:[1]" });
  const { process } = scene;
  scene.call("chdir", { memory: { 0: "www" } });
  deepStrictEqual([process.cwd, process.cwdFrom], ["/srv/www", "event"]);
  scene.call("chdir", { memory: { 0: "/etc" }, result: -2 });
  strictEqual(process.cwd, "/srv/www");
  scene.call("fchdir", { words: [7] });
  strictEqual(process.cwd, "/dir");
  scene.call("fchdir", { words: [9] });
  deepStrictEqual([process.cwd, process.cwdFrom], ["/srv", "proc"]);
  scene.call("chdir", { words: [1] });
  deepStrictEqual([process.cwd, process.cwdFrom], ["/srv", "proc"]);
});

Deno.test("follow: where a process goes that nobody knows where it was", () => {
  const scene = new Scene().call("chdir", { memory: { 0: "www" } });
  strictEqual(scene.process.cwd, undefined);
});

Deno.test("follow: signals of a descriptor that is there are changed, and it is what it was", () => {
  const scene = new Scene().call("open", { memory: { 0: "/a" }, result: 3 });
  strictEqual(scene.call("signalfd", { words: [3], result: 3 }).told(3), "/a");
  strictEqual(scene.call("signalfd4", { words: [3], result: 3 }).told(3), "/a");
});

Deno.test("follow: 32-bit code, and arm64", () => {
  const scene = new Scene();
  scene.call("i386:open", { memory: { 0: "/a" }, result: 3 });
  scene.call("arm:openat", {
    words: [AT_FDCWD],
    memory: { 1: "/b" },
    result: 4,
    architecture: "aarch64",
  });
  scene.call("openat", {
    words: [AT_FDCWD],
    memory: { 1: "/c" },
    result: 5,
    architecture: "aarch64",
  });
  deepStrictEqual([3, 4, 5].map((fd) => scene.told(fd)), ["/a", "/b", "/c"]);
  scene.call("i386:close", { words: [3] });
  strictEqual(scene.told(3), undefined);
});

Deno.test("follow: the calls that it names are calls", () => {
  for (const name of [...followedCalls, ...closingCalls]) ok(syscallOf(name, "x86_64"), name);
  for (const name of closingCalls) ok(followedCalls.includes(name));
});

Deno.test("follow: no registers and no memory throw", () => {
  const memory = fc.dictionary(
    fc.constantFrom("0", "1", "2", "3"),
    fc.uint8Array({ maxLength: 140 }),
  );
  const anyCall = fc.record({
    name: fc.constantFrom(...followedCalls),
    words: fc.array(fc.oneof(fc.integer({ min: -100, max: 20 }), fc.integer()), { maxLength: 6 }),
    memory,
    result: fc.integer({ min: -120, max: 20 }),
  });
  const scene = new Scene({ cwd: "/srv" });
  fc.assert(
    fc.property(anyCall, ({ name, ...made }) => {
      scene.call(name, made);
      ok(scene.table.descriptors.size <= 1024);
    }),
    { numRuns: 2000 },
  );
});
