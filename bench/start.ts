/**
 * (c) How long it takes from starting the monitor to the first count that it shows.
 *
 * @module
 */
import { BenchContainers } from "./containers.ts";
import { startMonitor, stopMonitor } from "./monitor_process.ts";
import { bar, type Part } from "./report.ts";
import { summarize } from "./statistics.ts";
import { linesOf } from "./workload.ts";

/** The container calls this often, so that there is something to count at once. */
const PAUSE = 1;
const WARM_UP = 2;
const FEWEST_RUNS = 7;

/** A block's first line: name, runtime, and calls that are not 0. */
const counted = /^bench-0 .*\b[1-9][\d,]* calls/;

/** What of the monitor's output is waited for, and when it came. */
async function run(): Promise<{ output: number; count: number }> {
  const start = performance.now();
  const monitor = startMonitor([], "piped");
  let output = NaN;
  try {
    for await (const line of linesOf(monitor.stdout)) {
      const now = performance.now() - start;
      if (Number.isNaN(output)) output = now;
      if (counted.test(line)) return { output, count: now };
    }
  } finally {
    await stopMonitor(monitor);
  }
  throw new Error("the monitor ended before it had counted anything");
}

export async function startTime(rounds: number): Promise<Part> {
  await using _containers = await BenchContainers.start(1, PAUSE);
  const outputs: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < WARM_UP + Math.max(FEWEST_RUNS, rounds); i++) {
    const { output, count } = await run();
    if (i < WARM_UP) continue;
    outputs.push(output);
    counts.push(count);
  }
  const first = summarize(counts);
  return {
    name: "start",
    title: "Start",
    figures: [
      { name: "to the first line", unit: "ms", summary: summarize(outputs) },
      { name: "to the first count", unit: "ms", summary: first },
    ],
    bars: [bar("first count", "ms", first.median, "most", 300)],
    notes: [`warm caches: ${WARM_UP} starts came before those that are timed`],
  };
}
