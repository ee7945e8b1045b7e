/** Files that are rotated and moved away, disks that are full, readers that stop reading: nothing is lost in silence. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Load } from "../../bench/load.ts";
import { commandLine, recordsOf, root, run, runProgram, start, until } from "./monitor.ts";

interface Record {
  readonly type: string;
  readonly reason?: string;
  readonly record?: string;
  readonly sink?: string;
  readonly count?: number;
  readonly cut?: boolean;
  readonly container?: { readonly id: string };
  readonly total?: Readonly<{ [name: string]: number }>;
  readonly new?: Readonly<{ [name: string]: number }>;
}

function read(file: string): Record[] {
  return recordsOf(Deno.readTextFileSync(file)) as unknown as Record[];
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "tallyman-output-" });
  try {
    await test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Tallies of a container add up: whatever file they are in, none is missing and none is there twice. */
function addsUp(records: readonly Record[]): void {
  const sums = new Map<string, number>();
  const totals = new Map<string, number>();
  const sum = (counts = {}) => Object.values<number>(counts).reduce((all, one) => all + one, 0);
  for (const { type, container, total, new: added } of records) {
    if (type !== "tally" || container === undefined) continue;
    sums.set(container.id, (sums.get(container.id) ?? 0) + sum(added));
    totals.set(container.id, sum(total));
  }
  ok(totals.size > 0);
  deepStrictEqual(sums, totals);
}

Deno.test("output: rotated by size, compressed, and only so many kept", root, async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "calls.jsonl");
    const rotation = ["--rotate-size", "64K", "--rotate-keep", "3", "--rotate-gzip"];
    await using monitor = start(["demo", "-i", "10ms", "--jsonl", file, ...rotation]);
    const there = () => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    await monitor.until("rotated files", () => there().length >= 3);
    monitor.kill("SIGINT");
    const { code, stderr } = await monitor.ended();
    deepStrictEqual([code, stderr], [0, ""]);
    const names = there();
    ok(names.length >= 3 && names.length <= 4, names.join());
    strictEqual(names[0], "calls.jsonl");
    for (const [i, name] of names.slice(1).entries()) {
      match(name, /^calls\.jsonl\.\d{8}T\d{6}\.\d{3}Z(\.gz)?$/);
      strictEqual(name.endsWith(".gz"), i < names.length - 2, names.join());
      const path = join(folder, name);
      strictEqual((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
      const { stdout } = await runProgram(name.endsWith(".gz") ? "zcat" : "cat", path);
      ok(recordsOf(stdout).length > 0 && stdout.length <= 65_536);
    }
  });
});

Deno.test(
  "output: SIGHUP opens the file again, and every record is in one of them",
  root,
  async () => {
    await inFolder(async (folder) => {
      const file = join(folder, "calls.jsonl");
      await using monitor = start(["demo", "-i", "20ms", "--jsonl", file]);
      const files = [file];
      for (let i = 0; i < 3; i++) {
        await until("records", () => size(file) > 2000);
        const moved = `${file}-${i}`;
        Deno.renameSync(file, moved);
        files.splice(-1, 0, moved);
        monitor.kill("SIGHUP");
        await until("the file again", () => size(file) >= 0);
      }
      monitor.kill("SIGINT");
      const { code, stderr } = await monitor.ended();
      deepStrictEqual([code, stderr], [0, ""]);
      addsUp(files.flatMap(read));
    });
  },
);

function size(file: string): number {
  try {
    return Deno.statSync(file).size;
  } catch {
    return -1;
  }
}

Deno.test(
  "output: a line that a crash cut short is closed, and the next is one of its own",
  root,
  async () => {
    await inFolder(async (folder) => {
      const file = join(folder, "calls.jsonl");
      const whole = '{"type":"tally","total":{"read":1}}\n';
      Deno.writeTextFileSync(file, `${whole}{"type":"tally","total":{"re`);
      const { code, stderr } = await run(["demo", "-d", "500ms", "--jsonl", file]);
      strictEqual(code, 0);
      match(stderr, /its last record had been cut short/);
      ok(
        Deno.readTextFileSync(file).startsWith(
          `${whole}{"type":"tally","total":{"re":null},"cut":true}\n{`,
        ),
      );
      ok(read(file).length > 3);
      // What is no record is kept elsewhere.
      Deno.writeTextFileSync(file, `${whole}\0\0\0`);
      const damaged = await run(["demo", "-d", "500ms", "--jsonl", file]);
      match(damaged.stderr, /3 bytes that are no record/);
      strictEqual(Deno.readTextFileSync(`${file}.damaged`), "\0\0\0");
      ok(read(file).length > 3);
    });
  },
);

Deno.test(
  "output: /dev/full: it counts on, says so once, and what was not written at the end",
  root,
  async () => {
    const { code, stderr } = await run(["demo", "-i", "50ms", "-d", "2s", "--jsonl", "/dev/full"]);
    const lines = stderr.trimEnd().split("\n");
    strictEqual(lines.length, 2, stderr);
    match(lines[0] ?? "", /^\/dev\/full: No space left on device.*Counting goes on/);
    match(lines[1] ?? "", /^\/dev\/full: \d+ records were not written: No space left on device/);
    strictEqual(code, 1);
  },
);

Deno.test(
  "output: a disk that fails: it counts on, says so, and what was not written at the end",
  root,
  async () => {
    // Nothing is mapped at the addresses that it begins with: the kernel answers EIO, as a failing disk does.
    const broken = "/proc/self/mem";
    const { code, stderr } = await run(["demo", "-i", "50ms", "-d", "2s", "--jsonl", broken]);
    const lines = stderr.trimEnd().split("\n");
    strictEqual(lines.length, 2, stderr);
    match(lines[0] ?? "", /^\/proc\/self\/mem: Input\/output error.*Counting goes on/);
    match(lines[1] ?? "", /^\/proc\/self\/mem: \d+ records were not written: Input\/output error/);
    strictEqual(code, 1);
  },
);

/** Maps the addresses that its memory begins with when it is told to: those below 4 MiB, where no program lies. */
const mapsNothing = `import ctypes, sys
libc = ctypes.CDLL(None)
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
for _ in sys.stdin:
    READ_WRITE, FIXED_PRIVATE_ANONYMOUS = 3, 0x32
    libc.mmap(0, 1 << 22, READ_WRITE, FIXED_PRIVATE_ANONYMOUS, -1, 0)
`;

Deno.test(
  "output: a disk that fails, and works again: all that waited is written, in order",
  root,
  async () => {
    const [stdin, stdout] = ["piped", "null"] as const;
    const disk = new Deno.Command("python3", { args: ["-c", mapsNothing], stdin, stdout }).spawn();
    try {
      const file = `/proc/${disk.pid}/mem`;
      await using monitor = start(["demo", "-i", "50ms", "--jsonl", file]);
      await monitor.until("trouble", () => monitor.stderr.includes("Input/output error"));
      const writer = disk.stdin.getWriter();
      await writer.write(new TextEncoder().encode("now\n"));
      await monitor.until("its end", () => monitor.stderr.includes("it is written to again"));
      monitor.kill("SIGINT");
      const { code, stderr } = await monitor.ended();
      strictEqual(code, 0, stderr);
      strictEqual(stderr.trimEnd().split("\n").length, 2, stderr);
      using memory = Deno.openSync(file);
      const bytes = new Uint8Array(1 << 22);
      memory.readSync(bytes);
      const text = new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
      const records: { type: string; state?: string }[] = text.trimEnd().split("\n")
        .map((line) => JSON.parse(line));
      deepStrictEqual([records[0]?.state, records.at(-1)?.state], ["started", "stopped"]);
      ok(records.some(({ type }) => type === "tally"));
      ok(records.every(({ type }) => type !== "loss"));
      await writer.close();
    } finally {
      disk.kill();
      await disk.status;
    }
  },
);

Deno.test(
  "output: a full disk: it goes on when there is space, and tells what it dropped",
  root,
  async () => {
    await inFolder(async (folder) => {
      const mounted = await runProgram(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "size=10m",
        "tallyman",
        folder,
      );
      if (mounted.code !== 0) throw new Error(mounted.stderr);
      try {
        const [ballast, file] = [join(folder, "ballast"), join(folder, "events.jsonl")];
        Deno.writeFileSync(ballast, new Uint8Array(8 * 2 ** 20));
        await using load = await Load.start("output-full");
        await using monitor = start([
          ...["events", "-s", "getppid", "-c", load.name, "--queue", "1M", "--jsonl", file],
        ]);
        // Not the run's first record: events are wanted a moment later.
        await until(
          "the container",
          () => size(file) > 0 && Deno.readTextFileSync(file).includes('"type":"container"'),
        );
        const offer = { rate: 20_000, milliseconds: 2000, threads: 1 };
        const { calls } = await load.make(offer);
        await monitor.until(
          "a full disk",
          () => monitor.stderr.includes("No space left on device"),
        );
        Deno.removeSync(ballast);
        await monitor.until("space", () => monitor.stderr.includes("it is written to again"));
        const before = size(file);
        const more = await load.make({ ...offer, milliseconds: 50 });
        await until("more", () => size(file) > before);
        monitor.kill("SIGINT");
        const { code } = await monitor.ended();
        strictEqual(code, 0);
        const records = read(file);
        const written = records.filter(({ type }) => type === "event").length;
        const lost = records.filter(({ type }) => type === "loss");
        const dropped = lost.filter(({ reason, record }) =>
          reason === "queue_full" && record === "event"
        );
        ok(dropped.length > 0);
        for (const { sink, container } of dropped) {
          deepStrictEqual([sink, container?.id], [file, load.name]);
        }
        strictEqual(
          written + lost.reduce((all, { count = 0 }) => all + count, 0),
          calls + more.calls,
        );
      } finally {
        await runProgram("umount", folder);
      }
    });
  },
);

Deno.test(
  "output: a configuration says where records go to, to our sinks and a plugin's; the command line wins",
  root,
  async () => {
    await inFolder(async (folder) => {
      const at = (name: string) => join(folder, name);
      Deno.writeTextFileSync(
        at("mine.ts"),
        `import { definePlugin } from "tallyman";
export default definePlugin({
  name: "mine",
  title: "Lines go to a file of its own",
  sink() {
    const file = Deno.openSync(${JSON.stringify(at("mine.jsonl"))}, { append: true, create: true });
    return {
      write: ({ line }) => void file.writeSync(new TextEncoder().encode(line + "\\n")),
      close: () => file.close(),
    };
  },
});
`,
      );
      const server = Deno.listen({ transport: "unix", path: at("x.sock") });
      const received = (async () => await new Response((await server.accept()).readable).text())();
      Deno.writeTextFileSync(
        at("tallyman.config.json"),
        JSON.stringify({
          plugins: ["./mine.ts"],
          sinks: [{ file: "calls.jsonl" }, "-", { url: `unix:${at("x.sock")}`, queue: "1M" }],
          defaultRules: false,
        }),
      );
      const args = ["watch", "--config", at("tallyman.config.json"), "-i", "50ms", "-d", "1s"];
      const { code, stdout, stderr } = await run(args);
      deepStrictEqual([code, stderr], [0, ""]);
      server.close();
      const file = Deno.readTextFileSync(at("calls.jsonl"));
      ok(read(at("calls.jsonl")).length >= 2);
      deepStrictEqual([stdout, await received], [file, file]);
      strictEqual(Deno.readTextFileSync(at("mine.jsonl")), file);
      // Of the configuration's own sinks none is opened.
      const other = await run([...args, "--jsonl", at("other.jsonl")]);
      deepStrictEqual([other.code, other.stdout, other.stderr], [0, "", ""]);
      strictEqual(Deno.readTextFileSync(at("calls.jsonl")), file);
      ok(read(at("other.jsonl")).length >= 2);
    });
  },
);

/** s that the reader stops, and calls a second meanwhile: 30 and 200000 are the bar of issue 5. */
const STOPPED = Number(Deno.env.get("TALLYMAN_STOPPED") ?? 4);
const RATE = Number(Deno.env.get("TALLYMAN_RATE") ?? 50_000);

Deno.test(
  "output: a reader that stops: all is counted, memory stays, and loss is told exactly",
  root,
  async () => {
    await using load = await Load.start("output-slow");
    const [program, ...args] = commandLine([
      ...["events", "-s", "getppid", "-c", load.name, "--queue", "8M", "--jsonl"],
    ]);
    const child = new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    })
      .spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const next = async () => {
      const { value, done } = await reader.read();
      text += value ?? "";
      return !done;
    };
    while (!text.includes('"type":"container"')) ok(await next());
    const memory = () =>
      Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${child.pid}/status`))?.[1]) / 1024;
    // Nobody reads meanwhile.
    const { calls } = await load.make({ rate: RATE, milliseconds: STOPPED * 1000, threads: 1 });
    ok(memory() < 400, `${memory()} MiB`);
    const reading = (async () => {
      while (await next()) { /* to the end */ }
    })();
    let [events, lost] = [0, 0];
    const kinds = new Set<string>();
    let from = 0;
    await until("all that was called", () => {
      const end = text.lastIndexOf("\n") + 1;
      for (const record of recordsOf(text.slice(from, end)) as unknown as Record[]) {
        if (record.type === "event") events++;
        if (record.type !== "loss") continue;
        lost += record.count ?? 0;
        kinds.add(record.reason ?? "");
      }
      from = end;
      return events + lost >= calls;
    });
    child.kill("SIGINT");
    await reading;
    strictEqual((await child.status).code, 0);
    strictEqual(events + lost, calls);
    ok(kinds.has("queue_full"));
  },
);
