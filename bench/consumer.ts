/**
 * A process that takes every getppid(2) event of one container, as `monitor.ts events` does, and hands it to
 * rules instead of writing it:
 *
 *     deno run -A bench/consumer.ts no-op|ten-rules CONTAINER
 *
 * Says "ready" when events are on. Then, for each line on standard input, a line of JSON of what has come since
 * the last one: see {@linkcode Report}.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { Libc } from "../src/ffi/mod.ts";
import { Monitor } from "../src/engine/mod.ts";
import type { Tick } from "../src/sinks/mod.ts";
import { syscallNumber } from "../src/syscalls/mod.ts";
import type { Report } from "./consumer_report.ts";
import { type Handler, handlers } from "./handlers.ts";
import { median, quantile } from "./statistics.ts";
import { linesOf } from "./workload.ts";

/** As in src/cli/events.ts. */
const PAUSE = 3;
const TICK = 1000;

/** One event in so many is asked how old it is: that costs more than all else. */
const SAMPLE = 32;

/** Takes events, and keeps account of them. */
class Consumer {
  readonly #monitor: Monitor;
  readonly #libc: Libc;
  readonly #name: string;
  readonly #handle: Handler;
  #delivered = 0;
  #counted = 0;
  #last = 0n;
  #lost = new Map<string, number>();
  /** Milliseconds. */
  #ages: number[] = [];

  constructor(monitor: Monitor, libc: Libc, name: string, handle: Handler) {
    this.#monitor = monitor;
    this.#libc = libc;
    this.#name = name;
    this.#handle = handle;
  }

  drain(): void {
    const before = this.#delivered;
    for (let taken = 4096; taken === 4096;) {
      taken = this.#monitor.drain((event, container) => {
        if (container.identity.id !== this.#name) return;
        this.#handle(event, container);
        if (++this.#delivered % SAMPLE === 0) {
          this.#ages.push(Number(this.#libc.now("boottime") - event.time) / 1e6);
        }
      });
    }
    if (this.#delivered === before) return;
    this.#last = this.#libc.now("boottime");
  }

  tick(): void {
    const { tallies, losses }: Tick = this.#monitor.tick();
    for (const { container, new: calls } of tallies) {
      if (container.identity.id === this.#name) this.#counted += calls.get("getppid") ?? 0;
    }
    for (const { container, reason, count } of losses) {
      if (container.identity.id !== this.#name) continue;
      this.#lost.set(reason, (this.#lost.get(reason) ?? 0) + count);
    }
  }

  /** What has come since the last report. */
  report(): Report {
    this.drain();
    this.tick();
    const ages = this.#ages;
    const report: Report = {
      delivered: this.#delivered,
      counted: this.#counted,
      last: String(this.#last),
      lost: Object.fromEntries(this.#lost),
      latency: ages.length === 0 ? [NaN, NaN] : [median(ages), quantile(ages, 0.99)],
    };
    this.#delivered = this.#counted = 0;
    this.#lost = new Map();
    this.#ages = [];
    return report;
  }
}

async function main([kind, name]: readonly string[]): Promise<void> {
  if ((kind !== "no-op" && kind !== "ten-rules") || name === undefined) {
    throw new TypeError("usage: consumer.ts no-op|ten-rules CONTAINER");
  }
  const nr = syscallNumber("getppid");
  if (nr === undefined) throw new Error("no getppid here");
  using libc = Libc.open();
  using monitor = Monitor.open({ events: {} });
  const { handle } = handlers[kind]();
  const consumer = new Consumer(monitor, libc, name, handle);
  monitor.want(new Map([[{ nr, abi: "native" }, { pieces: [] }]]));
  consumer.tick();
  let asked = 0;
  let ended = false;
  const listening = (async () => {
    for await (const _ of linesOf(Deno.stdin.readable)) asked++;
    ended = true;
  })();
  const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  say("ready");
  let ticked = performance.now();
  while (!ended) {
    await monitor.eventReady(100);
    consumer.drain();
    for (; asked > 0; asked--) say(JSON.stringify(consumer.report()));
    if (performance.now() - ticked >= TICK) {
      ticked += TICK;
      consumer.tick();
    }
    await delay(PAUSE);
  }
  await listening;
}

if (import.meta.main) await main(Deno.args);
