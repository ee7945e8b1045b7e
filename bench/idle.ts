/**
 * (d) What the monitor takes of the machine while hardly anything happens.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { BenchContainers } from "./containers.ts";
import { cpuTime } from "./cpu_time.ts";
import { startMonitor, stopMonitor } from "./monitor_process.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { median, summarize } from "./statistics.ts";

const CONTAINERS = 100;
/** Milliseconds that a container's process sleeps at a time. */
const PAUSE = 1000;
const WARM_UP = 5000;
/** Milliseconds that CPU time is measured over. */
const WINDOW = 20_000;

/** A process's memory, in MB. */
function residentMemory(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024 / 1e6;
}

/** What a process used. */
export interface Usage {
  /** Percent of one core, a value a window. */
  readonly cpu: number[];
  /** MB, at the end of each window. */
  readonly memory: number[];
}

/** How long usage is measured. */
export interface Windows {
  readonly count: number;
  /** Milliseconds before the first. */
  readonly after: number;
  /** Milliseconds of each. */
  readonly length: number;
}

/** What the monitor uses while the machine is left alone. */
export async function monitorUsage(
  args: readonly string[],
  windows: Windows,
  stderr: "inherit" | "null" = "inherit",
): Promise<Usage> {
  const monitor = startMonitor(args, "null", stderr);
  try {
    await delay(windows.after);
    const usage: Usage = { cpu: [], memory: [] };
    for (let i = 0; i < windows.count; i++) {
      const start = performance.now();
      const before = cpuTime(monitor.pid);
      await delay(windows.length);
      const used = (cpuTime(monitor.pid) - before) / 1e6;
      usage.cpu.push(100 * used / (performance.now() - start));
      usage.memory.push(residentMemory(monitor.pid));
    }
    return usage;
  } finally {
    await stopMonitor(monitor);
  }
}

const modes: Readonly<Record<string, readonly string[]>> = {
  "blocks": ["--interval", "1s"],
  "JSONL": ["--interval", "1s", "--jsonl", "-"],
};

/** @param rounds A third of it are windows. */
export async function idleCost(rounds: number): Promise<Part> {
  await using _containers = await BenchContainers.start(CONTAINERS, PAUSE);
  const figures: Figure[] = [];
  const usages: Usage[] = [];
  for (const [mode, args] of Object.entries(modes)) {
    const windows = { count: Math.ceil(rounds / 3), after: WARM_UP, length: WINDOW };
    const usage = await monitorUsage(args, windows);
    usages.push(usage);
    figures.push(
      { name: `CPU of one core, ${mode}`, unit: "%", summary: summarize(usage.cpu) },
      { name: `resident memory, ${mode}`, unit: "MB", summary: summarize(usage.memory) },
    );
  }
  const worst = (key: keyof Usage) => Math.max(...usages.map((usage) => median(usage[key])));
  return {
    name: "idle",
    title: `${CONTAINERS} containers, a tick a second`,
    figures,
    bars: [
      bar("CPU of one core", "%", worst("cpu"), "most", 1),
      bar("resident memory", "MB", worst("memory"), "most", 110),
    ],
    notes: [
      `in each container a process wakes every ${PAUSE / 1000} s, and makes two calls`,
      `CPU time over ${WINDOW / 1000} s each`,
    ],
  };
}
