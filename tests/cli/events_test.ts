/** `monitor.ts events`, as a user runs it. */
import { match, ok, strictEqual } from "node:assert/strict";
import { workload } from "../kernel/fixture.ts";
import { root, run } from "./monitor.ts";

const script =
  "while :; do read -r line < /etc/hostname; cat /no/such/file 2> /dev/null; sleep 0.05; done";

Deno.test({
  name: "events: a line for each call, like strace's",
  ...root,
  fn: async () => {
    const name = `lines-${Deno.pid}`;
    using work = await workload(name, "/bin/sh", "-c", script);
    work.resume();
    const { code, stdout, stderr } = await run([
      "events",
      "-s",
      "openat",
      "-c",
      name,
      "--duration",
      "1s",
    ]);
    strictEqual(code, 0, stderr);
    const lines = stdout.trimEnd().split("\n");
    for (const line of lines) {
      match(line, /^\d\d:\d\d:\d\d\.\d{6} lines-\d+ \w+\[\d+\] openat\(.*\) = -?\d+.*ms$/);
    }
    ok(
      lines.some((line) =>
        / sh\[\d+\] openat\(AT_FDCWD, "\/etc\/hostname", O_RDONLY\) = \d/.test(line)
      ),
    );
    ok(lines.some((line) => / cat\[\d+\] .*"\/no\/such\/file", O_RDONLY\) = -1 ENOENT/.test(line)));
    match(stderr, /^\d+ events?$/m);
  },
});

Deno.test({
  name: "events: records, only of calls that failed",
  ...root,
  fn: async () => {
    const name = `records-${Deno.pid}`;
    using work = await workload(name, "/bin/sh", "-c", script);
    work.resume();
    const file = await Deno.makeTempFile();
    const { code, stdout: nothing, stderr } = await run([
      ...["events", "-s", "%file", "-c", name, "--failed", "--duration", "1s"],
      ...["--jsonl", file],
    ]);
    strictEqual(code, 0, stderr);
    strictEqual(nothing, "");
    const stdout = await Deno.readTextFile(file);
    await Deno.remove(file);
    interface Record {
      readonly type: string;
      readonly syscall?: string;
      readonly error?: { readonly type: string };
      readonly args?: { readonly path?: string };
      readonly container: { readonly name?: string };
    }
    const records = stdout.trimEnd().split("\n").map((line): Record => JSON.parse(line));
    const events = records.filter(({ type }) => type === "event");
    ok(
      events.some(({ args, error }) => args?.path === "/no/such/file" && error?.type === "ENOENT"),
    );
    ok(events.every(({ error, container }) => error !== undefined && container.name === name));
  },
});

Deno.test({
  name: "events: what can't be meant is refused",
  ...root,
  fn: async () => {
    for (
      const [list, answer] of [
        ["opnat", /openat/],
        ["%fil", /%file|file/],
        ["opne*", /open\*/],
        ["!*", /leaves no system call/],
      ] as const
    ) {
      const { code, stdout, stderr } = await run(["events", "-s", list]);
      strictEqual(code, 2);
      strictEqual(stdout, "");
      match(stderr, answer);
    }
  },
});
