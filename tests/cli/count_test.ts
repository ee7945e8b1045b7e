/** `count`: totals of a command, as exact as strace's, and the command's exit code. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { has, root, run, runProgram, start } from "./monitor.ts";

interface Counted {
  readonly container: { readonly id: string; readonly runtime: string };
  readonly calls: number;
  readonly total: Readonly<Record<string, number>>;
  readonly errors?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly latency?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

Deno.test("count: the command's exit code is ours", root, async () => {
  for (const code of [0, 7, 255]) {
    strictEqual((await run(["count", "--", "sh", "-c", `exit ${code}`])).code, code);
  }
  strictEqual((await run(["count", "--", "sh", "-c", "kill -TERM $$"])).code, 143);
  strictEqual((await run(["count", "--", "sh", "-c", "kill -KILL $$"])).code, 137);
});

Deno.test("count: 127 if there is no such command, 126 if it is none", root, async () => {
  const missing = await run(["count", "--", "no-such-command"]);
  strictEqual(missing.code, 127);
  match(missing.stderr, /no-such-command: not found/);
  strictEqual(missing.stdout, "");
  for (const path of ["/etc", "/etc/passwd"]) {
    const unfit = await run(["count", "--", path]);
    strictEqual(unfit.code, 126);
    match(unfit.stderr, new RegExp(`${path}: not a program`));
  }
});

Deno.test("count: what stands in PATH and is no folder hides no command", root, async () => {
  const PATH = `/etc/passwd:/nonexistent:${Deno.env.get("PATH")}`;
  strictEqual((await run(["count", "--", "true"], { env: { PATH } })).code, 0);
});

Deno.test(
  "count: standard output is the command's alone, the table is on standard error",
  root,
  async () => {
    const { code, stdout, stderr } = await run(["count", "--", "echo", "hello"]);
    strictEqual(stdout, "hello\n");
    match(stderr, /^count-\d+ {2}tallyman\n% calls +calls syscall\n/);
    match(stderr, /^ +\d+\.\d\d +1 execve$/m);
    match(stderr, /^ 100\.00 +\d+ total$/m);
    strictEqual(code, 0);
  },
);

Deno.test("count: -o writes a file, --json for programs", root, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "calls.json");
    const { code, stdout, stderr } = await run([
      ...["count", "--json", "-o", file],
      ...["--", "sh", "-c", "echo out; echo err >&2"],
    ]);
    deepStrictEqual([code, stdout, stderr], [0, "out\n", "err\n"]);
    const counted: Counted[] = JSON.parse(await Deno.readTextFile(file));
    strictEqual(counted.length, 1);
    strictEqual(counted[0]?.container.runtime, "tallyman");
    const sum = Object.values(counted[0].total).reduce((all, calls) => all + calls, 0);
    strictEqual(counted[0].calls, sum);
    strictEqual(counted[0].total["execve"], 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "count: a file that can't be written is told before the command is run",
  root,
  async () => {
    const { code, stdout, stderr } = await run([
      ...["count", "-o", "/nonexistent/calls", "--", "echo", "hello"],
    ]);
    strictEqual(code, 1);
    strictEqual(stdout, "");
    match(stderr, /^No such file or directory.*\/nonexistent\/calls'\n$/);
  },
);

Deno.test("count: only the system calls that were asked for", root, async () => {
  const { stderr } = await run(["count", "--json", "-s", "exec*,exit_group", "--", "true"]);
  const [counted]: Counted[] = JSON.parse(stderr);
  deepStrictEqual(counted?.total, { execve: 1, exit_group: 1 });
});

Deno.test(
  "count: what the command left running is told, and nothing of ours stays",
  root,
  async () => {
    const { code, stderr } = await run([
      ...["count", "--", "sh", "-c"],
      // It ends by itself when nothing holds its standard output open any more than that.
      "sleep 1 > /dev/null 2>&1 & exit 0",
    ]);
    strictEqual(code, 0);
    match(stderr, /left 1 process running/);
  },
);

Deno.test("count: a signal is the command's to end by", root, async () => {
  await using monitor = start(["count", "--", "sh", "-c", "echo started; exec sleep 1000"]);
  await monitor.until("the command runs", () => monitor.stdout.includes("started"));
  monitor.kill("SIGTERM");
  const { code, stderr } = await monitor.ended();
  strictEqual(code, 143);
  match(stderr, /total$/m);
});

Deno.test("count: --duration ends the command", root, async () => {
  const { code } = await run(["count", "-d", "1s", "--", "sleep", "1000"]);
  strictEqual(code, 143);
});

Deno.test("count: of all containers, until a signal comes", root, async () => {
  await using monitor = start(["count", "--host", "--json"]);
  // It has begun when a handler is there to hear the signal: until then it is asked again.
  const timer = setInterval(() => !monitor.isOver && monitor.kill("SIGINT"), 3000);
  const { code, stdout, stderr } = await monitor.ended();
  clearInterval(timer);
  strictEqual(stderr, "");
  strictEqual(code, 0);
  const counted: Counted[] = JSON.parse(stdout);
  const host = counted.find(({ container }) => container.id === "host");
  ok(host !== undefined && host.calls > 0);
});

interface Straced {
  readonly calls: Record<string, number>;
  /** Calls that failed. */
  readonly errors: Record<string, number>;
}

/** Calls by name, as strace counts them. */
async function straced(command: readonly string[]): Promise<Straced> {
  const file = await Deno.makeTempFile();
  try {
    await runProgram("strace", "-f", "-c", "-U", "calls,errors,name", "-o", file, ...command);
    const rows = [...(await Deno.readTextFile(file)).matchAll(/^ *(\d+) +(\d*) (\w+)$/gm)]
      .filter(([, , , name]) => name !== "total");
    return {
      calls: Object.fromEntries(rows.map(([, calls, , name = ""]) => [name, Number(calls)])),
      errors: Object.fromEntries(
        rows.filter(([, , errors]) => errors !== "")
          .map(([, , errors, name = ""]) => [name, Number(errors)]),
      ),
    };
  } finally {
    await Deno.remove(file);
  }
}

const compared: Readonly<Record<string, readonly string[]>> = {
  "ls -lR /etc": ["ls", "-lR", "/etc"],
  "a shell's script": [
    "sh",
    "-c",
    'for file in /etc/*; do [ -f "$file" ] && read -r line < "$file"; done; cd /; exec ls -a',
  ],
};

for (const [what, command] of Object.entries(compared)) {
  Deno.test({
    name: `count: ${what}: the same as strace -f -c counts`,
    ignore: root.ignore || !await has("strace"),
    async fn() {
      const { stderr } = await run(["count", "-e", "-L", "--json", "--", ...command]);
      const [counted]: Counted[] = JSON.parse(stderr);
      const { exit_group, ...total } = counted?.total ?? {};
      // strace counts what has returned.
      strictEqual(exit_group, 1);
      const { calls, errors } = await straced(command);
      ok((calls["openat"] ?? 0) > 10, "strace counted something");
      delete calls["exit_group"];
      deepStrictEqual(sorted(total), sorted(calls));
      const failed = Object.entries(counted?.errors ?? {}).map(([name, kinds]) =>
        [name, Object.values(kinds).reduce((all, n) => all + n, 0)] as const
      );
      ok(failed.length > 0);
      deepStrictEqual(sorted(Object.fromEntries(failed)), sorted(errors));
      const timed = Object.entries(counted?.latency ?? {}).map(([name, of]) => [name, of["calls"]]);
      deepStrictEqual(sorted(Object.fromEntries(timed)), sorted(calls));
    },
  });
}

Deno.test("count: -e and -L add columns, and say which errors", root, async () => {
  const script = "cat /nonexistent-1 /nonexistent-2; sleep 0.1";
  const { stderr } = await run(["count", "-e", "-L", "--", "sh", "-c", script]);
  match(stderr, /^% calls +calls +errors +total ms +mean us +p50 us +p99 us +max us syscall$/m);
  match(stderr, /^ +\d+\.\d\d +1 +1\d\d\.\d +1\d{5}\.\d +.* clock_nanosleep$/m);
  match(stderr, /^ {2}openat: ENOENT \d+$/m);
});

function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => a < b ? -1 : 1);
}
