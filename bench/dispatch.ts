/**
 * (f) What it costs to hand an event to rules: to those that look at its call, however many others there are.
 *
 * @module
 */
import { type EventSource, LiveRules } from "../src/engine/rules/mod.ts";
import type { ActiveRule } from "../src/engine/rules/mod.ts";
import { CallEvent } from "../src/events/mod.ts";
import { callEvent, constants, record } from "../src/kernel/mod.ts";
import { ProcessTable } from "../src/processes/mod.ts";
import type { CallName } from "../src/syscalls/arguments/mod.ts";
import { syscallNumber } from "../src/syscalls/mod.ts";
import { makeContainer } from "../src/engine/rules/testing/facts.ts";
import { bar, type Part } from "./report.ts";
import { never } from "./rules.ts";
import { median, summarize } from "./statistics.ts";

const EVENTS = 200_000;
const WARM_UP = 3;

const calls = [
  "getppid",
  "close",
  "getuid",
  "dup",
  "getgid",
  "setsid",
  "umask",
  "getpgid",
  "sync",
  "geteuid",
] as const satisfies readonly CallName[];

const on = (syscalls: readonly CallName[], count: number): ActiveRule[] =>
  Array.from({ length: count }, (_, i) => never(syscalls[i % syscalls.length] ?? "getppid", i));

const sets = {
  "1 rule": on(["getppid"], 1),
  "10 rules on its call": on(["getppid"], 10),
  "100 rules on 10 calls, 10 of them on its": on(calls, 100),
  "100 rules on its call": on(["getppid"], 100),
} as const;

/** The same call again and again, as the kernel would send it. */
class Repeated implements EventSource {
  readonly processes = new ProcessTable();
  readonly bootTime = 0n;
  readonly #container = makeContainer({ name: "bench" });
  readonly #call: CallEvent;
  #left = 0;

  constructor() {
    const bytes = new ArrayBuffer(record.size + callEvent.size);
    const view = new DataView(bytes);
    view.setUint16(record.offset.type, constants.RECORD_CALL, true);
    view.setUint16(record.offset.flags, constants.EVENT_RETURNED, true);
    view.setInt32(record.size + callEvent.offset.nr, syscallNumber("getppid") ?? -1, true);
    this.#call = new CallEvent(bytes).move(0, bytes.byteLength);
  }

  offer(events: number): void {
    this.#left += events;
  }

  want(): void {}

  drain(onEvent: Parameters<EventSource["drain"]>[0], most = 4096): number {
    const taken = Math.min(most, this.#left);
    this.#left -= taken;
    for (let i = 0; i < taken; i++) onEvent(this.#call, this.#container);
    return taken;
  }
}

/** ns an event. */
function run(source: Repeated, rules: LiveRules): number {
  source.offer(EVENTS);
  const start = performance.now();
  let taken = 0;
  while (taken < EVENTS) taken += rules.drain();
  return 1e6 * (performance.now() - start) / EVENTS;
}

export function dispatchCost(rounds: number): Part {
  using resources = new DisposableStack();
  const contestants = Object.entries(sets).map(([name, rules]) => {
    const source = new Repeated();
    const live = resources.use(
      new LiveRules(source, rules, {
        onAlert: () => {},
        onProblem: ({ rule, message }) => {
          throw new Error(`rule ${rule} ${message}`);
        },
      }),
    );
    return { name, source, live, costs: [] as number[] };
  });
  for (let i = 0; i < WARM_UP + rounds; i++) {
    for (const { source, live, costs } of contestants) {
      const cost = run(source, live);
      if (i >= WARM_UP) costs.push(cost);
    }
  }
  const of = (name: keyof typeof sets) =>
    median(contestants.find((each) => each.name === name)?.costs ?? []);
  const share = of("100 rules on 10 calls, 10 of them on its") / of("10 rules on its call");
  return {
    name: "dispatch",
    title: "Handing an event to rules that look at container, result and user",
    figures: contestants.map(({ name, costs }) => ({
      name,
      unit: "ns",
      summary: summarize(costs),
    })),
    bars: [bar("10 of 100 rules look at a call, next to 10 of 10", "x", share, "most", 1.25)],
    notes: [`${EVENTS} events each time, one set of rules after the other, in one process`],
  };
}
