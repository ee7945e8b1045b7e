import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { defineRule, isFault, window, z } from "tallyman";
import { MadeUpEvent } from "./src/engine/rules/testing/mod.ts";
import { Choice, Data, Flags } from "./src/syscalls/arguments/mod.ts";
import { syscallNames } from "./src/syscalls/mod.ts";
import {
  containerStarted,
  containerStopped,
  event,
  fault,
  type Input,
  type RaisedAlert,
  run,
  type RunOptions,
  tally,
} from "tallyman/testing";
import shadow from "./rules/sensitive_file_read.ts";

Deno.test("event: values are of the very kinds that live ones are", () => {
  const { args, result, ok: isOk, syscall } = event("openat", {
    path: "/etc/shadow",
    flags: ["O_RDWR", "O_CREAT"],
    mode: 0o600,
  });
  ok(args.flags instanceof Flags);
  deepStrictEqual([args.flags.has("O_RDWR"), args.flags.has("O_TRUNC")], [true, false]);
  deepStrictEqual([args.path, args.mode, args.dirfd], ["/etc/shadow", 0o600, -100]);
  deepStrictEqual([syscall, result, isOk], ["openat", 3, true]);
  ok(event("fcntl", { cmd: "F_SETFD" }).args.cmd instanceof Choice);
  const { buffer, length } = event("write", { fd: 1, buffer: "hello" }).args;
  ok(buffer instanceof Data);
  deepStrictEqual([buffer.text, length], ["hello", 5]);
});

Deno.test("event: flags and choices by name or number, one or several", () => {
  const flags = (given: Parameters<typeof event<"openat">>[1]) =>
    `${event("openat", given).args.flags}`;
  strictEqual(flags({}), "O_RDONLY");
  strictEqual(flags({ flags: 0o101 }), "O_WRONLY|O_CREAT");
  strictEqual(flags({ flags: "O_SYNC" }), "O_RDONLY|O_SYNC");
  strictEqual(flags({ flags: ["O_TMPFILE", "O_RDWR", "0x8000000"] }), "O_RDWR|O_TMPFILE|0x8000000");
  const { family, type, protocol } = event("socket", {
    family: "AF_INET",
    type: ["SOCK_STREAM", "SOCK_CLOEXEC"],
    protocol: "IPPROTO_TCP",
  }).args;
  deepStrictEqual(
    [family.name, `${type}`, protocol.name],
    ["AF_INET", "SOCK_STREAM|SOCK_CLOEXEC", "IPPROTO_TCP"],
  );
  strictEqual(event("kill", { pid: 1, signal: "SIGKILL" }).args.signal, "SIGKILL");
  strictEqual(
    `${event("clone", { flags: ["CLONE_NEWUSER", "SIGCHLD"] }).args.flags}`.includes("SIGCHLD"),
    true,
  );
  strictEqual(event("prctl", { option: "PR_SET_NAME", arg2: "nginx" }).args.arg2, "nginx");
  strictEqual(
    `${event("prctl", { option: "PR_CAPBSET_DROP", arg2: "CAP_SYS_ADMIN" }).args.arg2}`,
    "CAP_SYS_ADMIN",
  );
  strictEqual(
    event("ptrace", { request: "PTRACE_ATTACH", pid: 7 }).args.request.name,
    "PTRACE_ATTACH",
  );
  strictEqual(event("bpf", { cmd: "BPF_PROG_LOAD" }).args.cmd.name, "BPF_PROG_LOAD");
});

Deno.test("event: addresses of sockets as text or by their parts", () => {
  const of = (address: Parameters<typeof event<"connect">>[1]) =>
    event("connect", address, { error: "EINPROGRESS" }).args.address;
  deepStrictEqual(of({ address: "10.0.0.7:443" }), {
    family: "AF_INET",
    text: "10.0.0.7:443",
    address: "10.0.0.7",
    port: 443,
  });
  for (
    const text of [
      "[::1]:53",
      "[2001:db8::7:0:1]:8080",
      "/run/docker.sock",
      "@abstract",
      "netlink:812",
    ]
  ) {
    const address = of({ address: text });
    ok(!isFault(address));
    strictEqual(address.text, text);
  }
  const mapped = of({ address: { address: "::ffff:10.0.0.7", port: 1 } });
  ok(!isFault(mapped));
  strictEqual(mapped.text, "[::ffff:10.0.0.7]:1");
  const vsock = of({ address: { family: "AF_VSOCK" } });
  ok(!isFault(vsock));
  strictEqual(vsock.family, "AF_VSOCK");
  strictEqual(event("connect", { address: "/run/x" }).args.length, 2 + 7);
  const accepted = event("accept4", { fd: 3, address: "10.1.2.3:55555" }, { result: 7 });
  ok(accepted.args.address !== null && !isFault(accepted.args.address));
  strictEqual(accepted.args.address.text, "10.1.2.3:55555");
  strictEqual(accepted.result, 7);
  const { message } = event("sendmsg", { message: { address: "10.0.0.7:53", data: "query" } }).args;
  ok(!isFault(message));
  deepStrictEqual([message.address?.text, message.data.text], ["10.0.0.7:53", "query"]);
  const { buffer, address } = event("sendto", { buffer: "x", address: "10.0.0.7:53" }).args;
  ok(!isFault(buffer) && address !== null && !isFault(address));
  deepStrictEqual([buffer.text, address.port], ["x", 53]);
});

Deno.test("event: structs by the names of their fields", () => {
  const { how } = event("openat2", {
    path: "/etc/shadow",
    how: { flags: ["O_WRONLY", "O_CREAT"], mode: 0o644, resolve: "RESOLVE_BENEATH" },
  }).args;
  ok(!isFault(how));
  ok(how.flags instanceof Flags && how.resolve instanceof Flags);
  deepStrictEqual([`${how.flags}`, how.mode, `${how.resolve}`], [
    "O_WRONLY|O_CREAT",
    0o644,
    "RESOLVE_BENEATH",
  ]);
  const clone = event("clone3", { arguments: { flags: ["CLONE_NEWUSER"] } }).args.arguments;
  ok(!isFault(clone) && clone.flags.has("CLONE_NEWUSER"));
  const { stat } = event("fstat", { stat: { st_size: 2 ** 40, st_uid: 1000 } }).args;
  ok(!isFault(stat));
  deepStrictEqual([stat.st_size, stat.st_uid, stat.st_gid], [2 ** 40, 1000, 0]);
  const { time } = event("nanosleep", { time: { tv_sec: 5, tv_nsec: 7 } }).args;
  deepStrictEqual({ ...time }, { tv_sec: 5, tv_nsec: 7 });
  const uname = event("uname", { name: { sysname: "Linux" } }).args.name;
  ok(!isFault(uname));
  deepStrictEqual([uname.sysname, uname.release], ["Linux", ""]);
});

Deno.test("event: argv, memory that can't be read, calls that failed or have not returned", () => {
  const exec = event("execve", { path: "/bin/sh", argv: ["sh", "-c", ""] }, {
    executed: { exe: "/bin/sh" },
  });
  deepStrictEqual(exec.args.argv, ["sh", "-c", ""]);
  deepStrictEqual([exec.executed?.exe, exec.executed?.comm], ["/bin/sh", "sh"]);
  const { path } = event("openat", { path: fault() }).args;
  ok(isFault(path));
  strictEqual(path.why, "unreadable");
  const failed = event("openat", { path: "/x" }, { error: "ENOENT" });
  deepStrictEqual([failed.error, failed.ok, failed.result], ["ENOENT", false, undefined]);
  const inFlight = event("openat", {}, { result: null });
  deepStrictEqual([inFlight.ok, inFlight.error, inFlight.duration], [false, undefined, undefined]);
  strictEqual(event("exit_group", { status: 1 }).result, undefined);
  strictEqual(event("mount", {}).args.source, null);
});

Deno.test("event: what a call has made of its arguments' memory stands beside what it was given", () => {
  const fds = [{ fd: 3, events: ["POLLIN"] }] as const;
  const waiting = event("poll", { fds, timeout: -1 });
  deepStrictEqual(waiting.args.ready, undefined);
  const args = event("poll", { fds, ready: [{ fd: 3, revents: ["POLLHUP"] }] }).args;
  ok(!isFault(args.fds) && args.ready !== undefined && !isFault(args.ready));
  deepStrictEqual([`${args.fds[0]?.events}`, `${args.ready[0]?.revents}`], ["POLLIN", "POLLHUP"]);
  const { offset, offset_after } = event("sendfile", { offset: [2], offset_after: [7] }).args;
  deepStrictEqual([offset, offset_after], [[2], [7]]);
});

Deno.test("event: who calls, and where", () => {
  const { process, container, time, describe } = event("close", {}, {
    at: "10s",
    container: {
      name: "db",
      image: "postgres:17",
      labels: { tier: "data" },
      pod: { name: "db-0" },
    },
    process: {
      exe: "/usr/bin/python3.13",
      uid: 1000,
      tty: "pts/0",
      capabilities: ["CAP_SYS_ADMIN"],
      ancestors: [{ comm: "bash", exe: "/bin/bash" }, { comm: "sshd" }],
    },
  });
  deepStrictEqual([process.comm, process.argv, process.uid, process.tty], [
    "python3.13",
    ["/usr/bin/python3.13"],
    1000,
    "pts/0",
  ]);
  strictEqual(process.capabilities, 1n << 21n);
  deepStrictEqual([...process.ancestors()].map(({ comm }) => comm), ["bash", "sshd"]);
  deepStrictEqual([container.image, container.labels, container.pod?.name], [
    "postgres:17",
    { tier: "data" },
    "db-0",
  ]);
  strictEqual(time, BigInt(Date.UTC(2026, 0, 1, 0, 0, 10)) * 1_000_000n);
  ok(describe !== undefined);
  const read = event("read", { fd: 5 }, { descriptors: { 5: "/etc/passwd" } });
  strictEqual(read.describe(5)?.text, "/etc/passwd");
  strictEqual(read.describe(6), undefined);
});

Deno.test("event: what a call can't have is refused", () => {
  throws(
    // @ts-expect-error: there is no such argument.
    () => event("openat", { pth: "/x" }),
    /no argument "pth": it has dirfd, path, flags, mode/,
  );
  // @ts-expect-error: there is no such flag.
  throws(() => event("openat", { flags: ["O_CREATE"] }), /nothing of the name "O_CREATE"/);
  // @ts-expect-error: there is no such call.
  throws(() => event("opeant"), /no system call "opeant"/);
  // @ts-expect-error: there is no such error.
  throws(() => event("close", {}, { error: "ENOENTT" }), /no error ENOENTT/);
  // @ts-expect-error: a protocol's family is no family's name.
  throws(() => event("socket", { family: "IPPROTO_TCP" }), /family/);
  // Nobody reads a mode where no file is made.
  throws(() => event("openat", { flags: [], mode: 0o600 }), /mode can't be 384 here/);
  throws(() => event("openat", { flags: ["O_RDWR", "O_WRONLY"] }), /flags can't be/);
  throws(() => event("fstat", { stat: { st_size: 5 } }, { error: "EBADF" }), /stat can't be/);
});

Deno.test("run: a rule that ships, with options and severity", () => {
  const opened = event("openat", { path: "/etc/shadow" }, { process: { comm: "cat" } });
  const messages = (inputs: readonly Input[], options?: RunOptions) =>
    run(shadow, inputs, options).map(({ message }) => message);
  deepStrictEqual(messages([opened]), ["cat opened /etc/shadow"]);
  deepStrictEqual(messages([event("openat", { path: "/etc/shadow" }, { error: "EACCES" })]), []);
  deepStrictEqual(messages([opened], { options: { paths: ["/x"] } }), []);
  throws(() => run(shadow, [opened], { options: { paths: "/x" } }), /paths: .*expected array/);
  strictEqual(run(shadow, [opened], { severity: "critical" })[0]?.severity, "critical");
});

Deno.test("run: limits are the engine's, in virtual time", () => {
  const opened = (at: string) => event("openat", { path: "/etc/shadow" }, { at });
  const told = (alerts: readonly RaisedAlert[]) =>
    alerts.map(({ message, suppressed }) => [message, suppressed]);
  const seven = ["1s", "2s", "3s", "4s", "5s", "6s", "7s"].map(opened);
  const held = ["2 more like this were held back", 2];
  deepStrictEqual(told(run(shadow, seven)).at(-1), held);
  deepStrictEqual(told(run(shadow, seven, { limit: { burst: 7, per: "1m" } })).length, 7);
  deepStrictEqual(told(run(shadow, [...seven, opened("2m")])).slice(-2), [
    held,
    ["sh opened /etc/shadow", 0],
  ]);
});

Deno.test("run: tallies add up, containers come and go", () => {
  const seen: unknown[] = [];
  const rule = defineRule({
    id: "flood",
    title: "Connections",
    severity: "notice",
    options: z.object({ most: z.number().default(100) }),
    onTally({ tally, options, alert }) {
      seen.push([tally.newCalls("connect"), tally.totalCalls("connect"), tally.newCalls("x")]);
      if (tally.newCalls("connect") > options.most) {
        alert("too many", { container: tally.container.name });
      }
    },
    onContainer: ({ action, container, alert }) => alert(`${container.name} ${action}`),
  });
  const alerts = run(rule, [
    containerStarted({ name: "api" }),
    tally({ connect: 50 }, { at: "1s", container: { name: "api" } }),
    tally({ connect: 500 }, { at: "2s", container: { name: "api" } }),
    containerStopped({ name: "api", at: "3s" }),
  ]);
  deepStrictEqual(seen, [[50, 50, 0], [500, 550, 0]]);
  deepStrictEqual(alerts.map(({ message }) => message), ["api started", "too many", "api stopped"]);
  deepStrictEqual(alerts[1]?.fields, { container: "api" });
  strictEqual(alerts[1]?.container?.name, "api");
});

Deno.test("run: windows are kept by container, at the events' times", () => {
  const failures = window({ per: "10s" });
  const rule = defineRule({
    id: "bruteforce",
    title: "Many failures",
    severity: "warning",
    syscalls: ["connect"],
    filter: { outcome: "failed" },
    evaluate({ event, alert }) {
      if (failures.add(event) === 3) alert("three");
    },
  });
  const failed = (at: string, name: string) =>
    event("connect", {}, { error: "ECONNREFUSED", at, container: { name } });
  const alerts = run(rule, [
    failed("1s", "a"),
    failed("2s", "b"),
    failed("3s", "a"),
    failed("4s", "b"),
    failed("5s", "a"),
    failed("20s", "b"),
  ]);
  deepStrictEqual(alerts.map(({ container }) => container?.name), ["a"]);
});

Deno.test("run: a rule that fails makes the test fail, with its own error", () => {
  const broken = (evaluate: () => void) =>
    defineRule({ id: "broken", title: "t", severity: "info", syscalls: ["close"], evaluate });
  const mine = new TypeError("mine");
  throws(
    () =>
      run(
        broken(() => {
          throw mine;
        }),
        [event("close")],
      ),
    (error) => error === mine,
  );
  throws(() => run(broken(async () => {}), [event("close")]), /async/);
  throws(() => run({ ...shadow, id: "Not an id" }, []), /id: lower case/);
});

Deno.test("event: every call can be made up of nothing, and read", () => {
  const names = new Set([...syscallNames("x86_64"), ...syscallNames("aarch64")]);
  for (const name of names) {
    const made = new MadeUpEvent<"openat">(name, {}, {}, () => []);
    const json = JSON.stringify(made);
    // What the kernel fills in is not there, or it is empty: only a null pointer would be odd.
    ok(!json.includes('"unreadable"'), json);
  }
});
