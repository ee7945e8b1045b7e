/** Lines, values and JSON of calls whose registers and memory are known. */
import assert from "node:assert/strict";
import { decodeArguments } from "./decode.ts";
import { bytesOf, type MadeUp, madeUpCall } from "./fixtures.ts";
import { formatCall } from "./format.ts";

const AT_FDCWD = -100;

function inet(port: number, ...address: number[]): Uint8Array {
  return Uint8Array.from([2, 0, port >> 8, port & 255, ...address, 0, 0, 0, 0, 0, 0, 0, 0]);
}

function inet6(port: number, groups: number[], scope = 0): Uint8Array {
  const bytes = groups.flatMap((group) => [group >> 8, group & 255]);
  return Uint8Array.from([10, 0, port >> 8, port & 255, 0, 0, 0, 0, ...bytes, scope, 0, 0, 0]);
}

const unix = (name: string) => Uint8Array.from([1, 0, ...new TextEncoder().encode(name)]);
const timespec = (seconds: number, nanoseconds: number) => bytesOf([8, seconds], [8, nanoseconds]);

/** What strace 6.1 writes of the same calls, but where `ours` says otherwise. */
const lines: readonly (readonly [name: string, made: MadeUp, line: string])[] = [
  [
    "openat",
    { words: [AT_FDCWD, 0, 0x80000], memory: { 1: "/etc/passwd" }, result: 5 },
    'openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 5',
  ],
  [
    "openat",
    { words: [4, 0, 0o1101, 0o644], memory: { 1: "new\nfile" }, result: -13 },
    'openat(4, "new\\nfile", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 EACCES (Permission denied)',
  ],
  [
    "openat",
    { words: [AT_FDCWD, 0, 0x80000], memory: { 1: "/x" }, result: 3, architecture: "aarch64" },
    'openat(AT_FDCWD, "/x", O_RDONLY|O_CLOEXEC) = 3',
  ],
  [
    "openat",
    { words: [AT_FDCWD, 0, 0o40000], memory: { 1: "/x" }, result: 3, architecture: "aarch64" },
    'openat(AT_FDCWD, "/x", O_RDONLY|O_DIRECTORY) = 3',
  ],
  [
    "open",
    { words: [0x7ffe1234, 0], result: -14 },
    "open(0x7ffe1234, O_RDONLY) = -1 EFAULT (Bad address)",
  ],
  ["open", { words: [0, 0], result: -14 }, "open(NULL, O_RDONLY) = -1 EFAULT (Bad address)"],
  [
    "openat2",
    {
      words: [AT_FDCWD, 0, 0, 24],
      memory: { 1: "a", 2: bytesOf([8, 0o100], [8, 0o600], [8, 8]) },
      result: 3,
    },
    'openat2(AT_FDCWD, "a", {flags=O_RDONLY|O_CREAT, mode=0600, resolve=RESOLVE_BENEATH}, 24) = 3',
  ],
  [
    "execve",
    {
      memory: { 0: "/bin/ls", 1: "ls\0-l\0", 2: "A=1\0" },
    },
    'execve("/bin/ls", ["ls", "-l"], ["A=1"]) = 0',
  ],
  [
    "read",
    { words: [0, 0, 100], memory: { 1: 'a"\x01\x017\\' }, result: 6 },
    'read(0, "a\\"\\1\\0017\\\\", 100) = 6',
  ],
  [
    "read",
    { words: [0, 0x5000, 9], result: -11 },
    "read(0, 0x5000, 9) = -1 EAGAIN (Resource temporarily unavailable)",
  ],
  ["read", { words: [0, 0x5000, 9], result: null }, "read(0, 0x5000, 9) = ?"],
  [
    "write",
    {
      words: [1, 0, 300],
      memory: { 1: { bytes: bytesOf([1, 104], [1, 195], [1, 169]), length: 300, truncated: true } },
      result: 300,
    },
    'write(1, "h\\303\\251"..., 300) = 300',
  ],
  [
    "connect",
    { words: [3, 0, 16], memory: { 1: inet(443, 10, 0, 0, 7) } },
    'connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("10.0.0.7")}, 16) = 0',
  ],
  [
    "connect",
    { words: [3, 0, 28], memory: { 1: inet6(53, [0, 0, 0, 0, 0, 0, 0, 1]) }, result: -115 },
    'connect(3, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EINPROGRESS (Operation now in progress)',
  ],
  [
    "bind",
    { words: [3, 0, 12], memory: { 1: unix("/run/x.sock\0") } },
    'bind(3, {sa_family=AF_UNIX, sun_path="/run/x.sock"}, 12) = 0',
  ],
  [
    "bind",
    { words: [3, 0, 5], memory: { 1: unix("\0ab") } },
    'bind(3, {sa_family=AF_UNIX, sun_path=@"ab"}, 5) = 0',
  ],
  [
    "accept4",
    {
      words: [3, 0, 0, 0o2000000],
      memory: { 1: inet(1, 1, 2, 3, 4), 2: bytesOf([4, 16]) },
      result: 4,
    },
    'accept4(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("1.2.3.4")}, [16], SOCK_CLOEXEC) = 4',
  ],
  [
    "socket",
    { words: [2, 0o2000001, 6], result: 3 },
    "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3",
  ],
  [
    "socket",
    { words: [16, 3, 0], result: 3 },
    "socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3",
  ],
  [
    "setsockopt",
    { words: [3, 1, 2, 0, 4], memory: { 3: bytesOf([4, 1]) } },
    "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
  ],
  [
    "sendto",
    { words: [3, 0, 2, 0x4000, 0, 0], memory: { 1: "hi" }, result: 2 },
    'sendto(3, "hi", 2, MSG_NOSIGNAL, NULL, 0) = 2',
  ],
  [
    "mmap",
    { words: [0, 8192, 3, 0x22, -1, 0], result: 0x7f0000001000n },
    "mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000001000",
  ],
  ["mprotect", { words: [0x1000, 4096, 0] }, "mprotect(0x1000, 4096, PROT_NONE) = 0"],
  [
    "mount",
    {
      words: [0, 0, 0, 0xc0ed100e, 0],
      memory: { 0: "none", 1: "/mnt", 2: "tmpfs" },
      result: -1,
    },
    'mount("none", "/mnt", "tmpfs", MS_MGC_VAL|MS_NOSUID|MS_NODEV|MS_NOEXEC|MS_BIND, NULL) = -1 EPERM (Operation not permitted)',
  ],
  ["kill", { words: [-5, 9] }, "kill(-5, SIGKILL) = 0"],
  [
    "rt_sigprocmask",
    { words: [0, 0, 0, 8], memory: { 1: bytesOf([8, 0x10002n | 1n << 33n]) } },
    "rt_sigprocmask(SIG_BLOCK, [INT CHLD RT_2], NULL, 8) = 0",
  ],
  [
    "rt_sigprocmask",
    { words: [2, 0, 0, 8], memory: { 1: bytesOf([8, ~0x2n & 0xffffffffffffffffn]) } },
    "rt_sigprocmask(SIG_SETMASK, ~[INT], NULL, 8) = 0",
  ],
  [
    "rt_sigaction",
    {
      words: [2, 0, 0, 8],
      memory: { 1: bytesOf([8, 1], [8, 0x14000000], [8, 0x7f00], [8, 0]) },
    },
    "rt_sigaction(SIGINT, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x7f00}, NULL, 8) = 0",
  ],
  [
    "wait4",
    { words: [-1, 0, 1, 0], memory: { 1: bytesOf([4, 0x100]) }, result: 12 },
    "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], WNOHANG, NULL) = 12",
  ],
  [
    "clone",
    { words: [0x1200011, 0, 0, 0x7f10, 0], result: 77 },
    "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, NULL, NULL, 0x7f10, 0) = 77",
  ],
  ["exit_group", { words: [1], result: null }, "exit_group(1) = ?"],
  [
    "pipe2",
    { words: [0, 0x80000], memory: { 0: bytesOf([4, 3], [4, 4]) } },
    "pipe2([3, 4], O_CLOEXEC) = 0",
  ],
  ["fcntl", { words: [3, 4, 0x800] }, "fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK) = 0"],
  ["fcntl", { words: [3, 2, 1] }, "fcntl(3, F_SETFD, FD_CLOEXEC) = 0"],
  [
    "ioctl",
    { words: [1, 0x5413, 0], memory: { 2: bytesOf([2, 24], [2, 80], [4, 0]) } },
    "ioctl(1, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0",
  ],
  [
    "ioctl",
    { words: [1, 0x80041234n, 0], result: -25 },
    "ioctl(1, _IOC(_IOC_READ, 0x12, 0x34, 0x4), 0) = -1 ENOTTY (Inappropriate ioctl for device)",
  ],
  [
    "nanosleep",
    { memory: { 0: timespec(1, 5) }, words: [0, 0], result: -516 },
    "nanosleep({tv_sec=1, tv_nsec=5}, NULL) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)",
  ],
  [
    "futex",
    { words: [0x4000, 129, 1, 0, 0, 7] },
    "futex(0x4000, FUTEX_WAKE|FUTEX_PRIVATE_FLAG, 1) = 0",
  ],
  [
    "futex",
    { words: [0x4000, 128, 2, 0, 0, 7], result: -11 },
    "futex(0x4000, FUTEX_WAIT|FUTEX_PRIVATE_FLAG, 2, NULL) = -1 EAGAIN (Resource temporarily unavailable)",
  ],
  [
    "prctl",
    { words: [15, 0], memory: { 1: "worker" } },
    'prctl(PR_SET_NAME, "worker") = 0',
  ],
  ["prlimit64", {
    words: [0, 7, 0, 0],
    memory: { 3: bytesOf([8, 1024], [8, 0xffffffffffffffffn]) },
  }, "prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=1024, rlim_max=RLIM64_INFINITY}) = 0"],
  ["unshare", { words: [0x10000000] }, "unshare(CLONE_NEWUSER) = 0"],
  [
    "epoll_ctl",
    { words: [3, 1, 4, 0], memory: { 3: bytesOf([4, 1], [8, 4]) } },
    "epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data={u32=4, u64=4}}) = 0",
  ],
  ["epoll_wait", {
    words: [3, 0, 8, -1],
    memory: { 1: bytesOf([4, 1], [8, 4], [4, 0], [8, 0]) },
    result: 1,
  }, "epoll_wait(3, [{events=EPOLLIN, data={u32=4, u64=4}}], 8, -1) = 1"],
  [
    "poll",
    { words: [0, 1, 500], memory: { 0: bytesOf([4, 3], [2, 1], [2, 0]) } },
    "poll([{fd=3, events=POLLIN}], 1, 500) = 0 (Timeout)",
  ],
  [
    "mknod",
    { words: [0, 0o20666, 0x103], memory: { 0: "null" } },
    'mknod("null", S_IFCHR|0666, makedev(0x1, 0x3)) = 0',
  ],
  ["chmod", { words: [0, 0o4755], memory: { 0: "a" } }, 'chmod("a", 04755) = 0'],
  ["chown", { words: [0, 1000, 0xffffffff], memory: { 0: "a" } }, 'chown("a", 1000, -1) = 0'],
  ["lseek", { words: [3, -1, 2], result: 4294967300 }, "lseek(3, -1, SEEK_END) = 4294967300"],
  [
    "i386:openat",
    { words: [0xffffff9c, 0, 0], memory: { 1: "/x" }, result: 3 },
    'i386:openat(AT_FDCWD, "/x", O_RDONLY) = 3',
  ],
  ["i386:lseek", { words: [3, 0xffffffff, 2], result: 1 }, "i386:lseek(3, -1, SEEK_END) = 1"],
  [
    "readlink",
    { words: [0, 0, 10], memory: { 0: "l", 1: "target" }, result: 6 },
    'readlink("l", "target", 10) = 6',
  ],
];

for (const [name, made, line] of lines) {
  Deno.test(`line: ${line.slice(0, 70)}`, () => {
    assert.equal(
      formatCall(madeUpCall(name, made), { architecture: made.architecture ?? "x86_64" }),
      line,
    );
  });
}

Deno.test("a result that is more than the buffer holds shows the buffer alone", () => {
  const line = (length: number) =>
    formatCall(
      madeUpCall("recvfrom", {
        words: [3, 0x5000, length, 0x20, 0, 0],
        memory: { 1: { bytes: bytesOf([4, 0x64636261]), length: 90, truncated: true } },
        result: 90,
      }),
      { architecture: "x86_64" },
    );
  assert.equal(line(2), 'recvfrom(3, "ab", 2, MSG_TRUNC, NULL, NULL) = 90');
  assert.equal(line(0), "recvfrom(3, 0x5000, 0, MSG_TRUNC, NULL, NULL) = 90");
  assert.equal(line(100), 'recvfrom(3, "abcd"..., 100, MSG_TRUNC, NULL, NULL) = 90');
});

Deno.test("numbers without a call have six registers", () => {
  const call = {
    nr: 999,
    abi: "native" as const,
    arg: () => 1n,
    result: -38n,
    piece: () => undefined,
  };
  assert.equal(
    formatCall(call, { architecture: "x86_64" }),
    "sys_999(0x1, 0x1, 0x1, 0x1, 0x1, 0x1) = -1 ENOSYS (Function not implemented)",
  );
});

Deno.test("descriptors are described by who knows them, safely", () => {
  const call = madeUpCall("close", { words: [3] });
  const line = (what: string) => formatCall(call, { architecture: "x86_64", describe: () => what });
  assert.equal(line("/etc/passwd"), "close(3</etc/passwd>) = 0");
  assert.equal(line("a>\n\u202e"), "close(3<a\\076\\012\\342\\200\\256>) = 0");
});

Deno.test("addresses of sockets as people write them, where they do", () => {
  const line = (address: Uint8Array) =>
    formatCall(madeUpCall("connect", { words: [3, 0, 28], memory: { 1: address } }), {
      architecture: "x86_64",
      plainAddresses: true,
    }).slice("connect(3, ".length, -", 28) = 0".length);
  assert.equal(line(inet(443, 10, 0, 0, 7)), "10.0.0.7:443");
  assert.equal(line(inet6(53, [0, 0, 0, 0, 0, 0, 0, 1])), "[::1]:53");
  assert.equal(line(inet6(53, [0xfe80, 0, 0, 0, 0, 0, 0, 1], 2)), "[fe80::1%2]:53");
  assert.equal(line(unix("/run/x.sock\0")), '"/run/x.sock"');
  assert.equal(line(unix("\0ab")), '@"ab"');
  assert.equal(line(unix('a"\n, 28) = 0\0')), '"a\\"\\n, 28) = 0"');
  assert.equal(
    line(bytesOf([4, 16], [4, 7], [4, 0])),
    "{sa_family=AF_NETLINK, nl_pid=7, nl_groups=00000000}",
  );
  assert.equal(
    line(inet(443, 10, 0, 0, 7).subarray(0, 4)),
    '{sa_family=AF_INET, sa_data="\\1\\273"}',
  );
});

Deno.test("values have types and names", () => {
  const open = decodeArguments<"openat">(
    madeUpCall("openat", { words: [AT_FDCWD, 0, 0x80241, 0o640], memory: { 1: "/tmp/x" } }),
    "x86_64",
  );
  assert.equal(open.dirfd, AT_FDCWD);
  assert.equal(open.path, "/tmp/x");
  assert.equal(open.flags.has("O_CREAT"), true);
  assert.equal(open.flags.has("O_WRONLY"), true);
  assert.equal(open.flags.has("O_RDWR"), false);
  assert.equal(open.mode, 0o640);
  assert.deepEqual(JSON.parse(JSON.stringify(open)), {
    dirfd: "AT_FDCWD",
    path: "/tmp/x",
    flags: { value: 0x80241, names: ["O_WRONLY", "O_CREAT", "O_TRUNC", "O_CLOEXEC"] },
    mode: 0o640,
  });
});

Deno.test("memory that can't be had is a fault that says why", () => {
  const path = (made: MadeUp) => decodeArguments<"open">(madeUpCall("open", made), "x86_64").path;
  assert.deepEqual(path({ words: [0] }), { fault: true, address: 0n, why: "null" });
  const cut = { bytes: new Uint8Array(), fault: true };
  assert.deepEqual(path({ words: [16], memory: { 0: cut } }), {
    fault: true,
    address: 16n,
    why: "unreadable",
  });
  const read = decodeArguments<"read">(
    madeUpCall("read", { words: [0, 16, 1], result: -4 }),
    "x86_64",
  );
  assert.deepEqual(read.buffer, { fault: true, address: 16n, why: "unwritten" });
});

Deno.test("socket addresses", () => {
  const address = (bytes: Uint8Array) =>
    decodeArguments<"connect">(madeUpCall("connect", { memory: { 1: bytes } }), "x86_64").address;
  assert.deepEqual(address(inet(443, 10, 0, 0, 7)), {
    family: "AF_INET",
    text: "10.0.0.7:443",
    address: "10.0.0.7",
    port: 443,
  });
  const texts: [Uint8Array, string][] = [
    [inet6(53, [0, 0, 0, 0, 0, 0, 0, 1]), "[::1]:53"],
    [inet6(53, [0, 0, 0, 0, 0, 0, 0, 0]), "[::]:53"],
    [inet6(80, [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1]), "[2001:db8::1:0:0:1]:80"],
    [inet6(80, [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1]), "[2001:db8:0:1:1:1:1:1]:80"],
    [inet6(80, [0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304]), "[::ffff:1.2.3.4]:80"],
    [inet6(80, [0xfe80, 0, 0, 0, 0, 0, 0, 2], 3), "[fe80::2%3]:80"],
    [unix("/run/x\0zzz"), "/run/x"],
    [unix("\0name"), "@name"],
    [unix(""), ""],
    [bytesOf([2, 16], [2, 0], [4, 812], [4, 1]), "netlink:812"],
    [bytesOf([2, 99], [4, 1]), "AF_99"],
  ];
  for (const [bytes, text] of texts) {
    const decoded = address(bytes);
    assert.equal("text" in decoded ? decoded.text : decoded, text);
  }
});

Deno.test("messages", () => {
  const name = inet(53, 8, 8, 8, 8);
  const bytes = Uint8Array.from([...bytesOf([4, name.length]), ...name, 104, 105]);
  const call = madeUpCall("sendmsg", { words: [3], memory: { 1: bytes }, result: 2 });
  const { message } = decodeArguments<"sendmsg">(call, "x86_64");
  assert.ok("data" in message);
  assert.equal(message.address?.text, "8.8.8.8:53");
  assert.equal(message.data.text, "hi");
  assert.equal(message.data.truncated, false);
});
