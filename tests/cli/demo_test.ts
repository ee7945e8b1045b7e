/** `demo` leaves nothing behind, however it ends. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { cgroupsOf, processesOf } from "./leftovers.ts";
import { commandLine, root, start, until } from "./monitor.ts";

/** Of one that may end with another. */
function killIfThere(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

const names = ["demo-reader", "demo-builder", "demo-clock"] as const;

Deno.test("demo: each of its containers calls, and has a block", root, async () => {
  await using monitor = start(["demo", "-i", "100ms", "-n", "3"]);
  for (const name of names) {
    const calls = new RegExp(`^${name} {2}tallyman {2}[1-9][\\d,]* calls`, "m");
    await monitor.until(`${name} calls`, () => calls.test(monitor.stdout));
  }
  monitor.kill("SIGINT");
  const { code, stderr } = await monitor.ended();
  strictEqual(stderr, "");
  strictEqual(code, 0);
});

Deno.test("demo: what its containers call is counted from their first call on", root, async () => {
  await using monitor = start(["demo", "--jsonl", "-i", "100ms", "--no-default-rules"]);
  const callsOnce = (name: string) =>
    // unshare(1) calls it when it begins, and nothing else does.
    new RegExp(`^\\{"type":"tally".*"name":"${name}".*"total":\\{[^}]*"unshare":1[,}]`, "m");
  for (const name of names) {
    await monitor.until(`${name} unshares`, () => callsOnce(name).test(monitor.stdout));
  }
  monitor.kill("SIGINT");
  strictEqual((await monitor.ended()).code, 0);
});

Deno.test("demo: a container that ends is told, and the others go on", root, async () => {
  await using monitor = start(["demo", "--jsonl", "-i", "100ms", "--no-default-rules"]);
  await monitor.until("a tally", () => monitor.stdout.includes('"tally"'));
  const ofClock = processesOf(monitor.pid).filter((pid) =>
    Deno.readTextFileSync(`/proc/${pid}/cgroup`).includes("/demo-clock")
  );
  ok(ofClock.length > 0);
  for (const pid of ofClock) killIfThere(pid);
  const told = /^demo-clock has ended, with exit code 137: there will be no more of it\.\n$/;
  await monitor.until("it is told", () => told.test(monitor.stderr));
  const { length } = monitor.stdout;
  const later = () => monitor.stdout.slice(length);
  await monitor.until("the others call", () => /"tally".*"demo-reader"/.test(later()));
  monitor.kill("SIGINT");
  const { code, stderr } = await monitor.ended();
  match(stderr, told);
  strictEqual(code, 0);
  deepStrictEqual(cgroupsOf(monitor.pid), []);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`demo: ${signal} leaves no process and no cgroup`, root, async () => {
    await using monitor = start(["demo", "--jsonl", "-i", "100ms"]);
    await monitor.until("a tally", () => monitor.stdout.includes('"tally"'));
    ok(processesOf(monitor.pid).length >= names.length);
    ok(cgroupsOf(monitor.pid).length > 0);
    monitor.kill(signal);
    const { code, stderr } = await monitor.ended();
    strictEqual(stderr, "");
    strictEqual(code, 0);
    deepStrictEqual(processesOf(monitor.pid), []);
    deepStrictEqual(cgroupsOf(monitor.pid), []);
  });
}

Deno.test("demo: a signal while it starts leaves nothing either", root, async () => {
  await using monitor = start(["demo"]);
  await monitor.until("the first cgroup", () => cgroupsOf(monitor.pid).length > 0);
  monitor.kill("SIGTERM");
  strictEqual((await monitor.ended()).code, 0);
  deepStrictEqual(processesOf(monitor.pid), []);
  deepStrictEqual(cgroupsOf(monitor.pid), []);
});

Deno.test("demo: when its reader has had enough, nothing is left", root, async () => {
  const child = new Deno.Command("sh", {
    args: ["-c", 'echo $$ >&2; exec "$0" "$@"', ...commandLine(["demo", "-i", "100ms"])],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, child.stderr.text()]);
  match(
    stderr,
    /^\d+\nstdout was closed by its reader\. Counted: \d+ calls in \d+ containers?\.\n$/,
  );
  strictEqual(code, 0);
  deepStrictEqual(processesOf(child.pid), []);
  deepStrictEqual(cgroupsOf(child.pid), []);
});

Deno.test("demo: SIGKILL takes its processes with it", root, async () => {
  await using monitor = start(["demo", "--jsonl", "-i", "100ms"]);
  const { pid } = monitor;
  await monitor.until("a tally", () => monitor.stdout.includes('"tally"'));
  ok(processesOf(pid).length >= names.length);
  monitor.kill("SIGKILL");
  strictEqual((await monitor.ended()).signal, "SIGKILL");
  await until("the end of its processes", () => processesOf(pid).length === 0);
  ok(cgroupsOf(pid).length > 0);
  await using next = start(["demo", "--jsonl", "-i", "100ms"]);
  await until("the end of its cgroups", () => cgroupsOf(pid).length === 0);
  next.kill("SIGINT");
  strictEqual((await next.ended()).code, 0);
});
