/**
 * Where events go to while the kernel is offered calls: rules in a process of their own, and the real command
 * with its records going to a pipe and to a file.
 *
 * @module
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Libc } from "../src/ffi/mod.ts";
import { output } from "./build.ts";
import { parseReport } from "./consumer_report.ts";
import { EventFile } from "./event_file.ts";
import { type LineFormat, LineReader } from "./line_reader.ts";
import { monitorCommand, startMonitor, stopMonitor } from "./monitor_process.ts";
import { lossesIn } from "./records.ts";
import { Workload } from "./workload.ts";

/** What has come since the last time. */
export interface Delivery {
  readonly events: number;
  /** When the last one came: nanoseconds of CLOCK_BOOTTIME. */
  readonly last: bigint;
  /** Milliseconds from enter to here, at the median and at p99; NaN where it is not known. */
  readonly latency: readonly [p50: number, p99: number];
  /** Of all lines, where there are lines. */
  readonly bytes?: number;
}

/** What was told at the end. */
export interface Account {
  /** Events that came since the last time. */
  readonly late: number;
  /** Events that were told of as lost, by reason. */
  readonly lost: ReadonlyMap<string, number>;
  /** Calls that were counted; undefined: nobody said. */
  readonly counted: number | undefined;
}

/** Somebody who takes events. */
export interface Receiver extends AsyncDisposable {
  /** Whose CPU time counts. */
  readonly pid: number;
  take(): Promise<Delivery>;
  /** Ends it, as Ctrl-C does. */
  end(): Promise<Account>;
}

/** Starts to take the events of a container; its getppid(2) calls are wanted when this resolves. */
export type Sink = (container: string) => Promise<Receiver>;

const consumer = join(import.meta.dirname ?? "", "consumer.ts");

/** Rules: on one CPU, the first, since what they do must fit on one. */
function rules(kind: "no-op" | "ten-rules"): Sink {
  return async (container) => {
    const args = ["-c", "0", Deno.execPath(), "run", "-A", consumer, kind, container];
    const workload = await Workload.start("taskset", args);
    const lost = new Map<string, number>();
    let counted = 0;
    const report = async () => {
      const report = parseReport(await workload.run());
      counted += report.counted;
      for (const [reason, count] of Object.entries(report.lost)) {
        lost.set(reason, (lost.get(reason) ?? 0) + count);
      }
      return report;
    };
    return {
      pid: workload.pid,
      take: async () => {
        const { delivered, last, latency: [p50, p99] } = await report();
        return { events: delivered, last: BigInt(last), latency: [p50 ?? NaN, p99 ?? NaN] };
      },
      end: async () => {
        const { delivered } = await report();
        return { late: delivered, lost, counted };
      },
      [Symbol.asyncDispose]: () => workload[Symbol.asyncDispose](),
    };
  };
}

/** Lines of JSONL that are events. */
const eventLines: LineFormat = { text: '{"type":"event"', time: "rfc3339" };

/** The monitor's arguments for the events of one container. */
export function eventsCommand(container: string, file: string): string[] {
  return ["events", "-s", "getppid", "-c", container, "--jsonl", file];
}

/** What one container may send: more than it can. */
export const UNLIMITED: readonly string[] = ["--rate", "100000000"];

/** A reader of a pipe, which keeps nothing. */
const pipe = (...options: readonly string[]): Sink => async (container) => {
  const command = monitorCommand([...eventsCommand(container, "-"), ...options]);
  const reader = await LineReader.start(command, eventLines);
  // Containers are told of when their events are on.
  await reader.other(/^\{"type":"container"/);
  return {
    pid: reader.pid,
    take: async () => {
      const { lines, ...taken } = await reader.take();
      return { events: lines, ...taken };
    },
    end: async () => {
      const { lines } = await reader.end();
      return { late: lines, lost: lossesIn(reader.others), counted: undefined };
    },
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
};

const file: Sink = async (container) => {
  await using resources = new AsyncDisposableStack();
  const path = join(output, "events.jsonl");
  Deno.writeTextFileSync(path, "");
  resources.defer(() => Deno.removeSync(path));
  const libc = resources.use(Libc.open());
  const monitor = startMonitor(eventsCommand(container, path), "null", "null");
  let ended = false;
  const end = async () => {
    if (!ended) await stopMonitor(monitor);
    ended = true;
  };
  resources.defer(end);
  const written = resources.use(new EventFile(path, eventLines.text, () => libc.now("boottime")));
  for (let tries = 0; written.size === 0; tries++) {
    if (tries > 1000) throw new Error("the monitor wrote nothing within 10 s");
    await delay(10);
  }
  const owned = resources.move();
  return {
    pid: monitor.pid,
    take: async () => {
      const { events, last } = await written.take();
      return { events, last, latency: [NaN, NaN] };
    },
    end: async () => {
      await end();
      const { events } = await written.take();
      return { late: events, lost: lossesIn(written.others), counted: undefined };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** All of them, by what they are called in figures. */
export const sinks = {
  "no-op rule": rules("no-op"),
  "ten rules": rules("ten-rules"),
  "JSONL to a pipe": pipe(),
  "JSONL to a pipe, unlimited": pipe(...UNLIMITED),
  "JSONL to a file": file,
} as const satisfies Record<string, Sink>;

/** One of them. */
export type SinkName = keyof typeof sinks;
