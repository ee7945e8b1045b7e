/** Issue 4, bar 4: ten hot reloads under 200,000 events a second, and each event is seen by one version of a rule. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Load } from "../../bench/load.ts";
import { recordsOf, root, type Running, start } from "../cli/monitor.ts";

const RELOADS = 10;

const RATE = 200_000;

/** A rule that counts what each of its versions sees, and tells it each tick. */
function rule(container: string, version: number): string {
  return `import { defineRule } from "tallyman";
import { helped } from "./helper.ts";

const seen = globalThis[Symbol.for("tallyman.reload.seen")] ??= [];
seen.push(0);
const mine = seen.length - 1;

export default defineRule({
  id: "counts",
  title: "Counts",
  severity: "info",
  syscalls: ["getppid"],
  filter: { containers: ["${container}"] },
  limit: { burst: 1000, per: "1m" },
  evaluate() {
    seen[mine]++;
  },
  onTally({ alert }) {
    alert("seen", { version: ${version}, helped, seen });
  },
});
`;
}

const helper = (version: number) => `export const helped = ${version};\n`;

interface Alerted {
  readonly type: "alert";
  readonly fields: {
    readonly version: number;
    readonly helped: number;
    readonly seen: readonly number[];
  };
}

interface Lost {
  readonly type: "loss";
  readonly reason: string;
  readonly count: number;
}

interface Tallied {
  readonly type: "tally";
  readonly total: Readonly<Record<string, number>>;
}

/** KiB that a process has in memory. */
function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]);
}

/** The least of some looks: what is garbage comes and goes. */
async function settledMemory(pid: number): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    least = Math.min(least, residentMemory(pid));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return least;
}

/** By turns what a rule imports is edited, and the rule. */
async function reload(running: Running, folder: string, name: string): Promise<void> {
  for (let version = 1; version <= RELOADS; version++) {
    if (version % 2 === 0) Deno.writeTextFileSync(join(folder, "helper.ts"), helper(version));
    else Deno.writeTextFileSync(join(folder, "rule.ts"), rule(name, version));
    await running.until(
      `reload ${version}`,
      () => running.stderr.split("reloaded: 1 rule of rule.ts\n").length > version,
    );
    const counts = new RegExp(`"seen":\\[(?:\\d+,){${version}}[1-9]`);
    await running.until(`calls for ${version}`, () => counts.test(running.stdout.slice(-5000)));
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

Deno.test(
  "bar 4: ten reloads under load: one version of the rule sees each call, or it is told as lost",
  root,
  async (test) => {
    const folder = Deno.makeTempDirSync({ prefix: "tallyman-reload-" });
    try {
      await using load = await Load.start(`reload-bar-${Deno.pid}`);
      const { name: container } = load;
      Deno.writeTextFileSync(join(folder, "helper.ts"), helper(0));
      Deno.writeTextFileSync(join(folder, "rule.ts"), rule(container, 0));
      await using running = start(
        ["watch", "--watch", "--no-default-rules", "--rules", "rule.ts", "--jsonl", "-"]
          .concat("-i", "400ms", "-c", container),
        { cwd: folder },
      );
      await running.until("the rule", () => running.stdout.includes('"message":"seen"'));
      let made = 0;
      const make = async (milliseconds: number) => {
        made += (await load.make({ rate: RATE, milliseconds, threads: 1 })).calls;
      };
      // Code is compiled, and room is made for what is young.
      await make(3000);
      const before = await settledMemory(running.pid);
      let areDone = false;
      const reloads = reload(running, folder, container).finally(() => areDone = true);
      while (!areDone) await make(500);
      await reloads;
      const after = await settledMemory(running.pid);
      running.kill("SIGINT");
      const { code, stdout, stderr } = await running.ended();
      strictEqual(code, 0, stderr);
      const records = recordsOf(stdout) as unknown as (Alerted | Lost | Tallied)[];
      const { version, helped, seen } = records.filter(({ type }) => type === "alert")
        .map((each) => (each as Alerted).fields).at(-1)!;
      const losses = records.flatMap((each) => each.type === "loss" ? each : []);
      const lost = sum(losses.map(({ count }) => count));
      const reasons = [...Map.groupBy(losses, ({ reason }) => reason)]
        .map(([reason, each]) => `${reason} ${sum(each.map(({ count }) => count))}`);
      const counted = records.flatMap((each) =>
        each.type === "tally" ? each.total["getppid"] ?? 0 : []
      )
        .at(-1);
      say(
        `${made} calls, seen by version: ${seen.join(" + ")}, lost: ${
          reasons.join(", ") || 0
        }; RSS ${before} -> ${after} KiB`,
      );
      await test.step("no count is lost", () => strictEqual(counted, made));
      await test.step("what is not lost is seen once", () => strictEqual(sum(seen) + lost, made));
      await test.step("all versions have run, the last one last", () => {
        deepStrictEqual([version, helped, seen.length], [RELOADS - 1, RELOADS, RELOADS + 1]);
        ok(seen.every((each) => each > 0), seen.join());
      });
      await test.step("memory is back where it was", () =>
        ok(after <= before * 1.1, `${after} KiB`));
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
