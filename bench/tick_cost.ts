/**
 * (b) What a tick costs: reading the kernel's counts, and writing them out.
 *
 * @module
 */
import { Monitor } from "../src/engine/mod.ts";
import { JsonlSink, PlainTerminal, type Sink, type Tick } from "../src/sinks/mod.ts";
import { BenchContainers, CALLS_PER_ROUND } from "./containers.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { summarize } from "./statistics.ts";

const COUNTS = [1, 100, 1000] as const;
/** Ticks before those that are timed: the code gets warm. */
const WARM_UP = 10;
const TICKS_PER_ROUND = 3;

/** Takes all that is written, and keeps nothing of it. */
const nowhere = {
  writeSync: (bytes: Uint8Array) => bytes.length,
  put() {},
  accepts: () => true,
  skip() {},
};

const steps = ["busy", "quiet", "blocks", "jsonl"] as const;
type Step = typeof steps[number];

const titles: Readonly<Record<Step, string>> = {
  busy: `tick, each made ${CALLS_PER_ROUND} different calls`,
  quiet: "tick, none made a call",
  blocks: "and writing it as blocks",
  jsonl: "and writing it as JSONL",
};

function timed<Result>(into: number[], action: () => Result): Result {
  const start = performance.now();
  const result = action();
  into.push(performance.now() - start);
  return result;
}

function ours({ tallies }: Tick): Tick["tallies"] {
  return tallies.filter(({ container }) => container.identity.id.startsWith("bench-"));
}

/** Milliseconds of each step, a value a tick. */
async function measure(count: number, ticks: number): Promise<Readonly<Record<Step, number[]>>> {
  await using containers = await BenchContainers.start(count, 0);
  using monitor = Monitor.open();
  const sinks: Readonly<Record<"blocks" | "jsonl", Sink>> = {
    blocks: new PlainTerminal(nowhere, { top: 10, linger: 10_000 }),
    jsonl: new JsonlSink(nowhere),
  };
  const times: Record<Step, number[]> = { busy: [], quiet: [], blocks: [], jsonl: [] };
  for (let i = 0; i < WARM_UP + ticks; i++) {
    await containers.round();
    const tick = timed(times.busy, () => monitor.tick());
    const counted = ours(tick).filter((tally) => tally.new.size >= CALLS_PER_ROUND).length;
    if (counted !== count) throw new Error(`${counted} of ${count} containers were counted`);
    timed(times.blocks, () => sinks.blocks.write(tick));
    timed(times.jsonl, () => sinks.jsonl.write(tick));
    timed(times.quiet, () => monitor.tick());
  }
  for (const step of steps) times[step].splice(0, WARM_UP);
  return times;
}

export async function tickCost(rounds: number): Promise<Part> {
  const figures: Figure[] = [];
  let busiest = NaN;
  for (const count of COUNTS) {
    const times = await measure(count, TICKS_PER_ROUND * rounds);
    for (const step of steps) {
      const summary = summarize(times[step]);
      const name = `${count} container${count === 1 ? "" : "s"}: ${titles[step]}`;
      figures.push({ name, unit: "ms", summary });
      if (step === "busy") busiest = summary.median;
    }
  }
  return {
    name: "tick",
    title: "Cost of a tick",
    figures,
    bars: [bar(`tick with ${COUNTS.at(-1)} containers`, "ms", busiest, "most", 20)],
    notes: [`${WARM_UP} ticks to warm up came first`],
  };
}
