/** The monitor as a process: stopped, killed, and gone without a trace. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { kernelTest, program, until, workload } from "./fixture.ts";

const calls = program("calls");
const monitor = new URL("../../monitor.ts", import.meta.url).pathname;

/** The monitor, writing records to a file. */
function start(file: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", monitor, "--jsonl", file, "--interval", "100ms", "--host"],
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
}

interface TallyLine {
  readonly type: string;
  readonly container: { readonly id: string };
  readonly total?: Readonly<Record<string, number>>;
}

function lastTotal(file: string, id: string): Readonly<Record<string, number>> | undefined {
  const lines = Deno.readTextFileSync(file).split("\n").filter((line) => line !== "");
  const records = lines.map((line): TallyLine => JSON.parse(line));
  return records.findLast(({ type, container }) => type === "tally" && container.id === id)?.total;
}

/** Calls that the kernel let pass: none before Linux 7.0. */
function missed(file: string): number {
  const lines = Deno.readTextFileSync(file).split("\n").filter((line) => line !== "");
  const records = lines.map((line): { type: string; count?: number } => JSON.parse(line));
  return records.filter(({ type }) => type === "loss").reduce(
    (all, { count = 0 }) => all + count,
    0,
  );
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Ids of the BPF programs and links of a process, from the kernel: bpftool(8) would show the same. */
function bpfDescriptors(pid: number): string[] {
  return [...Deno.readDirSync(`/proc/${pid}/fdinfo`)].flatMap(({ name }) => {
    const info = Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`);
    return info.match(/^(?:prog_id|link_id|map_id):\s*\d+$/gm) ?? [];
  });
}

/** All BPF programs of ours in the kernel, by name. */
function programsInKernel(): string[] {
  const { stdout } = new Deno.Command("bpftool", { args: ["-j", "prog", "list"] }).outputSync();
  const list: { id: number; name?: string }[] = JSON.parse(new TextDecoder().decode(stdout));
  return list.filter(({ name = "" }) => /^(sys_enter|cgroup_rmdir)/.test(name))
    .map(({ id, name }) => `${id} ${name}`);
}

kernelTest("process: counts go on while the monitor is stopped for 5 s", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/records`;
  const child = start(file);
  try {
    await until(
      "the monitor's first records",
      () => exists(file) && lastTotal(file, "host") !== undefined,
    );
    child.kill("SIGSTOP");
    using first = await workload(`stopped-a-${Deno.pid}`, calls, "getppid", "1000000", "2");
    using second = await workload(`stopped-b-${Deno.pid}`, calls, "forks", "20", "5000");
    first.resume();
    second.resume();
    const start = performance.now();
    await Promise.all([first.status(), second.status()]);
    first[Symbol.dispose]();
    await new Promise((resolve) => setTimeout(resolve, 5000 - (performance.now() - start)));
    child.kill("SIGCONT");
    await until("the counts", () => lastTotal(file, `stopped-b-${Deno.pid}`) !== undefined);
    child.kill("SIGINT");
    strictEqual((await child.status).code, 0);
    const missing = 1_000_000 - (lastTotal(file, `stopped-a-${Deno.pid}`)?.["getppid"] ?? 0) +
      100_000 - (lastTotal(file, `stopped-b-${Deno.pid}`)?.["getppid"] ?? 0);
    strictEqual(missing >= 0 && missing <= missed(file), true, `${missing} calls are missing`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

kernelTest("process: kill -9 leaves nothing in the kernel", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/records`;
  const child = start(file);
  try {
    await until(
      "the monitor's first records",
      () => exists(file) && lastTotal(file, "host") !== undefined,
    );
    const own = bpfDescriptors(child.pid);
    const programIds = own.filter((line) => line.startsWith("prog_id"))
      .map((line) => line.replace(/\D+/, ""));
    strictEqual(programIds.length >= 2, true);
    const ours = () =>
      programsInKernel().filter((line) => programIds.includes(line.split(" ")[0] ?? ""));
    strictEqual(ours().length >= 2, true, "the test sees our programs at all");
    child.kill("SIGKILL");
    await child.status;
    // The kernel frees programs after a grace period.
    await until("the programs' end", () => ours().length === 0);
    deepStrictEqual(ours(), []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
