/**
 * (g) Recordings: how much faster than it was recorded one is replayed, with the same alerts; and how large it is.
 *
 * @module
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BenchCgroups } from "./cgroups.ts";
import { Load } from "./load.ts";
import { monitorCommand } from "./monitor_process.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { median, summarize } from "./statistics.ts";

const RATE = 100_000;
/** ms of calls that are recorded, and of requests to a web server. */
const CALLS_FOR = 10_000;
const REQUESTS_FOR = 5000;
/** ms that a recorder, or a server, gets to begin and to end. */
const PATIENCE = 60_000;

/** An alert every 10,000 calls: enough to compare, and not what is measured. */
const rule = `import { defineRule } from "tallyman";
let calls = 0;
export default defineRule({
  id: "every-so-many",
  title: "So many calls were made",
  severity: "info",
  syscalls: ["getppid"],
  limit: { burst: 1000, per: "1s" },
  evaluate({ alert }) {
    if (++calls % 10_000 === 0) alert(calls + " calls");
  },
});
`;

/** A recorder at work. */
class Recording implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stderr: Promise<string>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#stderr = new Response(child.stderr).text();
  }

  /** @returns it when it listens to the container: when it has told of it. */
  static async start(file: string, live: string, args: readonly string[]): Promise<Recording> {
    const [command = "", ...rest] = monitorCommand(["record", file, "--jsonl", live, ...args]);
    const child = new Deno.Command(command, {
      args: rest,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const recording = new Recording(child);
    let isOver = false;
    child.status.then(() => isOver = true);
    await until("the recorder", () => isOver || textOf(live).includes('"type":"container"'));
    if (isOver) throw new Error(`record: ${await recording.#stderr}`);
    return recording;
  }

  /** Ends it: what it has recorded. */
  async end(): Promise<{ readonly events: number; readonly bytes: number }> {
    this.#child.kill("SIGINT");
    const { code } = await this.#child.status;
    const stderr = await this.#stderr;
    const [, events, bytes] = /(\d+) events, (\d+) bytes/.exec(stderr) ?? [];
    if (code !== 0 || events === undefined) throw new Error(`record: ${stderr}`);
    return { events: Number(events), bytes: Number(bytes) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended.
    }
    await this.#child.status;
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const start = performance.now(); !isSo(); await delay(20)) {
    if (performance.now() - start > PATIENCE) throw new Error(`waited in vain for ${what}`);
  }
}

function textOf(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function alertsIn(jsonl: string): string {
  return jsonl.split("\n").filter((line) => line.startsWith('{"type":"alert"')).join("\n");
}

/** A recording of calls at a steady rate, replayed: how many times faster; and whether with the same alerts. */
async function replayed(folder: string) {
  const [file, live, rules] = ["calls.rec", "live.jsonl", "rule.ts"].map((name) =>
    join(folder, name)
  ) as [string, string, string];
  Deno.writeTextFileSync(rules, rule);
  const own = ["--no-default-rules", "--rules", rules];
  await using load = await Load.start(`bench-${Deno.pid}`);
  await using recording = await Recording.start(file, live, [
    "-c",
    load.name,
    "--rate",
    "10000000",
    ...own,
  ]);
  const { calls } = await load.make({ rate: RATE, milliseconds: CALLS_FOR, threads: 1 });
  const { events, bytes } = await recording.end();
  const [command = "", ...args] = monitorCommand(["replay", file, "--jsonl", ...own]);
  const start = performance.now();
  const { code, stdout } = await new Deno.Command(command, { args, stderr: "inherit" }).output();
  const took = performance.now() - start;
  if (code !== 0) throw new Error("replay failed");
  const [now, then] = [new TextDecoder().decode(stdout), textOf(live)].map(alertsIn);
  const isSame = now === then && now !== "";
  return { faster: CALLS_FOR / took, share: 100 * events / calls, each: bytes / events, isSame };
}

/** Every call of a web server that serves a file: bytes an event, compressed. */
async function webServer(folder: string): Promise<{ each: number; events: number }> {
  const name = `bench-web-${Deno.pid}`;
  await using cgroups = new BenchCgroups();
  const { procs } = cgroups.make(name);
  Deno.writeTextFileSync(join(folder, "index.html"), "<p>hello</p>".repeat(100));
  const port = freePort();
  const server = new Deno.Command("sh", {
    args: [
      "-c",
      'echo $$ > "$1"; exec python3 -m http.server --bind 127.0.0.1 --directory "$2" "$3"',
      ...["sh", procs, folder, String(port)],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    const [file, live] = [join(folder, "web.rec"), join(folder, "web.jsonl")];
    const args = ["-c", name, "-s", "*", "--rate", "10000000", "--no-default-rules"];
    await using recording = await Recording.start(file, live, args);
    const end = performance.now() + REQUESTS_FOR;
    while (performance.now() < end) await request(port);
    const { events, bytes } = await recording.end();
    return { each: bytes / events, events };
  } finally {
    server.kill("SIGKILL");
    await server.status;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function request(port: number): Promise<void> {
  try {
    await (await fetch(`http://127.0.0.1:${port}/index.html`)).text();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await delay(20); // It does not listen yet.
  }
}

/** Recordings: their speed and their size. */
export async function recordings(rounds: number): Promise<Part> {
  const faster: number[] = [];
  const share: number[] = [];
  const small: number[] = [];
  const web: number[] = [];
  let different = 0;
  for (let round = 0; round < rounds; round++) {
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-bench-" });
    try {
      const calls = await replayed(folder);
      faster.push(calls.faster);
      share.push(calls.share);
      small.push(calls.each);
      if (!calls.isSame) different++;
      web.push((await webServer(folder)).each);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  }
  const figure = (name: string, unit: Figure["unit"], values: readonly number[]): Figure => ({
    name,
    unit,
    summary: summarize(values),
  });
  return {
    name: "recording",
    title: "Recordings: replayed, and how large they are",
    figures: [
      figure("replay, next to the time that was recorded", "x", faster),
      figure("recorded of what was called", "%", share),
      figure("an event of getppid", "B", small),
      figure("an event of a web server", "B", web),
    ],
    bars: [
      bar("replay faster than recorded at 100,000 events/s", "x", median(faster), "least", 5),
      bar("rounds whose alerts were others", "calls", different, "most", 0),
      bar("bytes an event of a web server", "B", median(web), "most", 40),
    ],
    notes: [
      `${
        CALLS_FOR / 1000
      } s of ${RATE} getppid(2) a second, with a rule that looks at each; the replay's time is the whole process's.`,
      "The web server is Python's http.server, and all its calls are recorded.",
    ],
  };
}
