/**
 * A process that takes every getppid(2) event of one container, as `monitor.ts watch` does, and hands it to
 * rules:
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
import { LiveRules } from "../src/engine/rules/mod.ts";
import { MANY, PAUSE } from "../src/cli/pace.ts";
import type { Report } from "./consumer_report.ts";
import { type Heard, ruleSets } from "./rules.ts";
import { median, quantile } from "./statistics.ts";
import { linesOf } from "./workload.ts";

const TICK = 1000;

/** One event in so many is asked how old it is: that costs more than all else. */
const SAMPLE = 32;

/** Takes events, and keeps account of them. */
class Consumer implements Disposable {
  readonly #monitor: Monitor;
  readonly #libc: Libc;
  readonly #name: string;
  readonly #rules: LiveRules;
  #delivered = 0;
  #counted = 0;
  #last = 0n;
  #lost = new Map<string, number>();
  /** Milliseconds. */
  #ages: number[] = [];

  constructor(monitor: Monitor, libc: Libc, name: string, kind: keyof typeof ruleSets) {
    this.#monitor = monitor;
    this.#libc = libc;
    this.#name = name;
    const heard: Heard = (time) => {
      if (++this.#delivered % SAMPLE !== 0) return;
      this.#ages.push(Number(this.#libc.now("realtime") - time()) / 1e6);
    };
    this.#rules = new LiveRules(monitor, ruleSets[kind](name, heard), {
      onAlert: () => {},
      onProblem: ({ rule, message }) => {
        throw new Error(`rule ${rule} ${message}`);
      },
    });
  }

  /** @returns how many records there were. */
  drain(): number {
    const before = this.#delivered;
    const taken = this.#rules.drain();
    if (this.#delivered !== before) this.#last = this.#libc.now("boottime");
    return taken;
  }

  tick(): void {
    const tick: Tick = this.#monitor.tick();
    this.#rules.tick(tick);
    const { tallies, losses } = tick;
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
    while (this.drain() > 0);
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

  [Symbol.dispose](): void {
    this.#rules[Symbol.dispose]();
  }
}

async function main([kind, name]: readonly string[]): Promise<void> {
  if ((kind !== "no-op" && kind !== "ten-rules") || name === undefined) {
    throw new TypeError("usage: consumer.ts no-op|ten-rules CONTAINER");
  }
  using libc = Libc.open();
  using monitor = Monitor.open({ events: {} });
  using consumer = new Consumer(monitor, libc, name, kind);
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
    const taken = consumer.drain();
    for (; asked > 0; asked--) say(JSON.stringify(consumer.report()));
    if (performance.now() - ticked >= TICK) {
      ticked += TICK;
      consumer.tick();
    }
    if (taken === 0) await monitor.eventReady(250);
    else await delay(taken < MANY ? PAUSE : 0);
  }
  await listening;
}

if (import.meta.main) await main(Deno.args);
