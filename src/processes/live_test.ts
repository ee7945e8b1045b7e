/** The table over this machine's /proc: this process, and children that are real. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { executed, exited, forked } from "./fixtures.ts";
import { capabilityNames } from "./capabilities.ts";
import { decodeText } from "../text/mod.ts";
import { procFiles } from "./proc_files.ts";
import { parseStat, TICK } from "./proc_texts.ts";
import type { Process } from "./process.ts";
import { ProcessTable } from "./table.ts";

const linux = { ignore: Deno.build.os !== "linux" };
const root = { ignore: Deno.build.os !== "linux" || Deno.uid() !== 0 };

/** When a process started, as an event would have it: not at a clock tick. */
function startOf(pid: number): bigint {
  const bytes = procFiles.file(pid, "stat");
  const stat = bytes === undefined ? undefined : parseStat(bytes);
  ok(stat, `there is no ${pid}`);
  return stat.start * TICK + 123n;
}

function find(table: ProcessTable, pid: number): Process {
  const process = table.find(pid, startOf(pid));
  ok(process, `${pid} was not found`);
  return process;
}

/** Waits until something is so: what is to happen happens by itself, soon. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 5000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  ok(isSo(), "it never was so");
}

/** A child that is ended, and waited for, when it is not needed any more. */
class Child implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;

  constructor(command: string, args: readonly string[], options: Deno.CommandOptions = {}) {
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#child = new Deno.Command(command, { ...streams, ...options, args: [...args] }).spawn();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until it runs a program of this name. */
  async runs(comm: string): Promise<this> {
    const file = (name: "stat" | "cmdline") => procFiles.file(this.pid, name) ?? new Uint8Array();
    // An exec gives the name first, and the arguments only then.
    await until(() => parseStat(file("stat"))?.comm === comm && file("cmdline").length > 0);
    return this;
  }

  async end(): Promise<Deno.CommandStatus> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    return await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}

/** Where a program really is. */
async function whereIs(name: string): Promise<string> {
  const args = ["-c", `realpath "$(command -v ${name})"`];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  return decodeText(stdout).trim();
}

Deno.test("live: this process", linux, () => {
  const own = find(new ProcessTable(), Deno.pid);
  strictEqual(own.exe, Deno.execPath());
  strictEqual(own.cwd, Deno.cwd());
  strictEqual(own.uid, Deno.uid());
  strictEqual(own.gid, Deno.gid());
  strictEqual(own.parent?.pid, Deno.ppid);
  ok(own.argv?.includes("test"));
  deepStrictEqual([own.exited, own.previous, own.exeDeleted, own.argvTruncated], [
    undefined,
    undefined,
    false,
    false,
  ]);
});

Deno.test("live: our ancestors, to pid 1", linux, () => {
  const table = new ProcessTable();
  const pids = [...table.ancestors(find(table, Deno.pid))].map(({ pid }) => pid);
  strictEqual(pids[0], Deno.ppid);
  strictEqual(pids.at(-1), 1);
});

Deno.test("live: a child, by what records would say of it", linux, async () => {
  const table = new ProcessTable();
  const own = find(table, Deno.pid);
  await using child = await new Child("sh", ["-c", "exec sleep 61"], { cwd: "/usr" })
    .runs("sleep");
  const start = startOf(child.pid);
  const facts = { start, parent: Deno.pid, parentStart: own.start };
  table.fork(forked(child.pid, { ...facts, comm: own.comm }));
  const argv = ["sleep", "6"];
  const asked = {
    filename: "/usr/bin/../bin/sleep",
    argv,
    truncated: true,
    argvAddress: undefined,
  };
  table.exec(executed(child.pid, { ...facts, comm: "sleep", ...asked }));
  const process = find(table, child.pid);
  deepStrictEqual([process.exe, process.exeFrom], [await whereIs("sleep"), "proc"]);
  deepStrictEqual([process.argv, process.argvTruncated], [["sleep", "61"], false]);
  deepStrictEqual([process.cwd, process.cwdFrom], ["/usr", "proc"]);
  const argvBefore = process.previous?.argv;
  deepStrictEqual([process.previous?.exe, argvBefore], [own.exe, own.argv]);
  deepStrictEqual(table.descriptors.describe(process, 1), { text: "/dev/null", from: "proc" });
  const { signal } = await child.end();
  strictEqual(signal, "SIGKILL");
  table.nextRound();
  // Its end was not told yet, but /proc has nothing more to say.
  deepStrictEqual([process.cwd, table.descriptors.describe(process, 1)], ["/usr", undefined]);
  table.exit(exited(child.pid, { start, exitCode: 9 }));
  strictEqual(process.exited?.signal, 9);
  strictEqual(process.exe, await whereIs("sleep"));
});

Deno.test(
  "live: the program before another exec is not taken for the one after it",
  linux,
  async () => {
    await using child = await new Child("sh", ["-c", "exec sleep 62"]).runs("sleep");
    const table = new ProcessTable();
    const start = startOf(child.pid);
    const stat = parseStat(procFiles.file(child.pid, "stat") ?? new Uint8Array());
    // The record of the first exec is only read now: it is over since.
    for (const argvAddress of [undefined, (stat?.argvAddress ?? 0n) + 64n]) {
      table.exec(executed(child.pid, { start, filename: "/bin/sh", comm: "sh", argvAddress }));
      const process = find(table, child.pid);
      deepStrictEqual([process.exe, process.exeFrom], ["/bin/sh", "record"]);
    }
    const second = { start, filename: "/bin/sleep", comm: "sleep", argvAddress: stat?.argvAddress };
    table.exec(executed(child.pid, second));
    const process = find(table, child.pid);
    deepStrictEqual([process.exe, process.exeFrom], [await whereIs("sleep"), "proc"]);
    strictEqual(process.previous?.exe, "/bin/sh");
  },
);

Deno.test("live: a file that was removed, and one whose path is no UTF-8", linux, async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = join(folder, "gone");
    Deno.copyFileSync(await whereIs("sleep"), path);
    await using child = await new Child(path, ["63"]).runs("gone");
    Deno.removeSync(path);
    const table = new ProcessTable();
    strictEqual(find(table, child.pid).exe, `${path} (deleted)`);
    const facts = {
      start: startOf(child.pid),
      filename: path,
      comm: "gone",
      argvAddress: undefined,
    };
    table.exec(executed(child.pid, facts));
    const process = find(table, child.pid);
    deepStrictEqual([process.exe, process.exeDeleted, process.exeFrom], [path, true, "proc"]);

    const script = `cd "$1"; n="$(printf 'x\\377y')"; cp "$2" "$n"; exec "./$n" 64`;
    const args = ["-c", script, "bash", folder, await whereIs("sleep")];
    await using odd = await new Child("bash", args).runs("x\uDCFFy");
    strictEqual(find(table, odd.pid).exe, join(folder, "x\uDCFFy"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("live: a terminal", linux, async () => {
  await using child = new Child("script", ["-qec", "sleep 65", "/dev/null"]);
  const table = new ProcessTable();
  let sleeper: Process | undefined;
  await until(() => {
    const path = `/proc/${child.pid}/task/${child.pid}/children`;
    const [pid = NaN] = Deno.readTextFileSync(path).split(" ").filter(Boolean).map(Number);
    const stdin = Number.isNaN(pid) ? undefined : procFiles.link(pid, "fd/0");
    if (stdin === undefined || !/^\/dev\/pts\/\d+$/.test(stdin)) return false;
    sleeper = new ProcessTable().find(pid, startOf(pid));
    return sleeper !== undefined && `/dev/${sleeper.tty}` === stdin;
  });
  strictEqual(sleeper?.session, sleeper?.pid);
  // By its parent's descriptor it is no terminal that this process has.
  strictEqual(find(table, child.pid).tty, find(table, Deno.pid).tty);
});

Deno.test("live: users, capabilities and pid namespaces", root, async () => {
  const options = ["--reuid", "12345", "--regid", "54321", "--clear-groups"];
  await using child = await new Child("setpriv", [...options, "sleep", "66"]).runs("sleep");
  const table = new ProcessTable();
  const process = find(table, child.pid);
  deepStrictEqual([process.uid, process.gid, process.capabilities], [12345, 54321, 0n]);
  ok(capabilityNames(find(table, Deno.pid).capabilities).includes("CAP_KILL"));
  strictEqual(process.containerPid, child.pid);

  const inNamespace = ["--pid", "--fork", "--kill-child", "sh", "-c", "sleep 67; true"];
  await using outer = new Child("unshare", inNamespace);
  let pids: number[] = [];
  await until(() => {
    pids = [];
    for (let pid: number | undefined = outer.pid; pid !== undefined;) {
      const path: string = `/proc/${pid}/task/${pid}/children`;
      pid = Deno.readTextFileSync(path).split(" ").filter(Boolean).map(Number)[0];
      if (pid !== undefined) pids.push(pid);
    }
    return pids.length === 2;
  });
  const [shell = 0, sleeper = 0] = pids;
  deepStrictEqual([shell, sleeper].map((pid) => find(table, pid).containerPid), [1, 2]);
  const ancestors = [...table.ancestors(find(table, sleeper))].map(({ pid }) => pid);
  deepStrictEqual(ancestors.slice(0, 3), [shell, outer.pid, Deno.pid]);
});

Deno.test("live: fill takes in all who run", linux, async () => {
  const table = new ProcessTable();
  const child = await new Child("sleep", ["68"]).runs("sleep");
  const [pid, start] = [child.pid, startOf(child.pid)];
  strictEqual(table.fill(60_000), true);
  await child.end();
  // Nobody could be asked any more.
  strictEqual(table.find(pid, start)?.exe, await whereIs("sleep"));
});

/**
 * Run in a pid namespace of its own, where a pid can be given again without disturbing anybody.
 *
 * Prints what is known of a process when another has its pid, and what of that one.
 */
const reuse = (table: string) => `
import { ProcessTable } from ${JSON.stringify(table)};
const facts = { parent: 1, parentStart: 0n, containerPid: 0, comm: "sleep", uid: 0, gid: 0,
  loginUid: undefined, session: 1, tty: 0, capabilities: 0n, time: 0n };
const ticks = (pid) => BigInt(Deno.readTextFileSync("/proc/" + pid + "/stat").split(") ")[1].split(" ")[19]);
const spawn = (args) => new Deno.Command("sh", { args, cwd: "/usr" }).spawn();
for (let tries = 0; tries < 100; tries++) {
  const first = spawn(["-c", "exec sleep 71"]);
  const pid = first.pid;
  const firstStart = ticks(pid) * 10_000_000n + 5n;
  const table = new ProcessTable();
  table.fork({ ...facts, pid, start: firstStart });
  first.kill("SIGKILL");
  await first.status;
  await new Promise((resolve) => setTimeout(resolve, 30));
  Deno.writeTextFileSync("/proc/sys/kernel/ns_last_pid", String(pid - 1));
  const second = spawn(["-c", "exec sleep 72"]);
  if (second.pid === pid) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start = ticks(pid) * 10_000_000n + 7n;
    const of = (process) => ({ exe: process?.exe, argv: process?.argv, cwd: process?.cwd,
      fd: table.descriptors.describe(process, 0)?.from, hasEnded: process?.exited !== undefined });
    const old = of(table.find(pid, firstStart));
    const now = of(table.find(pid, start));
    const oldAgain = of(table.find(pid, firstStart));
    console.log(JSON.stringify([old, { ...now, exe: now.exe !== undefined }, oldAgain]));
  }
  second.kill("SIGKILL");
  await second.status;
  if (second.pid === pid) break;
}
`;

Deno.test(
  "live: of a process whose pid is another's nothing is told that is the other's",
  root,
  async () => {
    const script = reuse(new URL("table.ts", import.meta.url).href);
    const { stdout, stderr } = await new Deno.Command("unshare", {
      args: ["--pid", "--fork", "--mount-proc", Deno.execPath(), "eval", script],
      env: { NO_COLOR: "1" },
    }).output();
    const nothing = { hasEnded: false };
    const now = { exe: true, argv: ["sleep", "72"], cwd: "/usr", fd: "proc", hasEnded: false };
    const text = decodeText(stdout);
    ok(text !== "", decodeText(stderr));
    deepStrictEqual(JSON.parse(text), [nothing, now, { hasEnded: true }]);
  },
);
