/**
 * (e) Events end to end: how many a second come where they are wanted, how late, at what cost, and how many
 * are lost, at four rates of calls.
 *
 * @module
 */
import { Load, type Offer } from "./load.ts";
import { busyness } from "./machine.ts";
import { measure, type Outcome } from "./offer.ts";
import { bar, type Figure, type Part } from "./report.ts";
import { type SinkName, sinks } from "./sinks.ts";
import { summarize } from "./statistics.ts";

/** What makes the code warm, and is not looked at. */
const WARM_UP: Offer = { rate: 200_000, milliseconds: 500, threads: 1 };

const offers = {
  "20 k/s": { rate: 20_000, milliseconds: 1500, threads: 1 },
  "200 k/s": { rate: 200_000, milliseconds: 1500, threads: 1 },
  "800 k/s": { rate: 800_000, milliseconds: 2000, threads: 1 },
  "1 M/s": { rate: 1_000_000, milliseconds: 2000, threads: 1 },
} as const satisfies Record<string, Offer>;

type OfferName = keyof typeof offers;

const sinkNames: readonly SinkName[] = [
  "no-op rule",
  "ten rules",
  "JSONL to a pipe",
  "JSONL to a file",
];
const offerNames: readonly OfferName[] = ["20 k/s", "200 k/s", "800 k/s", "1 M/s"];

/** What is told of each. */
const columns = [
  { of: "eventRate", name: "delivered", unit: "/s" },
  { of: "lost", name: "lost", unit: "%" },
  { of: "cpu", name: "CPU time an event", unit: "ns" },
  { of: "p50", name: "from enter to sink, p50", unit: "ms" },
  { of: "p99", name: "from enter to sink, p99", unit: "ms" },
] as const satisfies readonly { of: keyof Outcome; name: string; unit: Figure["unit"] }[];

/** What was measured so far. */
class Delivery {
  readonly #outcomes: { sink: SinkName; offer: OfferName; outcome: Outcome }[] = [];
  /** Calls that were neither delivered nor told of as lost, or were not counted, by round. */
  readonly unaccounted: number[] = [];
  /** Why events were lost. */
  readonly reasons = new Set<string>();

  /** One round of one sink. */
  async run(sink: SinkName): Promise<void> {
    await using load = await Load.start(`bench-${Deno.pid}`);
    await using receiver = await sinks[sink](load.name);
    let { made, delivered } = await measure(load, receiver, WARM_UP);
    for (const offer of offerNames) {
      const outcome = await measure(load, receiver, offers[offer]);
      this.#outcomes.push({ sink, offer, outcome });
      made += outcome.made;
      delivered += outcome.delivered;
    }
    const { late, lost, counted = made } = await receiver.end();
    const told = lost.values().reduce((all, count) => all + count, 0);
    for (const reason of lost.keys()) this.reasons.add(reason);
    this.unaccounted.push(Math.abs(made - delivered - late - told) + Math.abs(made - counted));
  }

  /** One value a round. */
  values(sink: SinkName, offer: OfferName, of: keyof Outcome): number[] {
    return this.#outcomes.filter((each) => each.sink === sink && each.offer === offer)
      .map(({ outcome }) => outcome[of]);
  }

  get figures(): Figure[] {
    return sinkNames.flatMap((sink) =>
      offerNames.flatMap((offer) =>
        columns.flatMap(({ of, name, unit }) => {
          const values = this.values(sink, offer, of);
          if (values.some(Number.isNaN)) return [];
          return [{ name: `${sink}, ${offer}: ${name}`, unit, summary: summarize(values) }];
        })
      )
    );
  }

  median(sink: SinkName, offer: OfferName, of: keyof Outcome): number {
    return summarize(this.values(sink, offer, of)).median;
  }
}

/** Those whose latency must be small: the others are offered more than they can take. */
const prompt: readonly (readonly [SinkName, OfferName])[] = [
  ["ten rules", "20 k/s"],
  ["ten rules", "200 k/s"],
  ["ten rules", "800 k/s"],
  ["JSONL to a pipe", "20 k/s"],
  ["JSONL to a pipe", "200 k/s"],
];

export async function eventsDelivery(rounds: number): Promise<Part> {
  const busy = busyness();
  const delivery = new Delivery();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < sinkNames.length; i++) {
      const sink = sinkNames[(round + i) % sinkNames.length];
      if (sink !== undefined) await delivery.run(sink);
    }
  }
  const lost = summarize(delivery.values("ten rules", "800 k/s", "lost"));
  const latencies = prompt.map(([sink, offer]) => delivery.median(sink, offer, "p50"));
  const delivered = (sink: SinkName) => delivery.median(sink, "1 M/s", "eventRate");
  return {
    name: "events",
    title: "Events, end to end",
    figures: delivery.figures,
    bars: [
      bar("ten rules, of 1 M/s: delivered", "/s", delivered("ten rules"), "least", 800_000),
      bar("ten rules, of 800 k/s: lost", "%", lost.maximum, "most", 0),
      bar(
        "JSONL to a pipe, of 1 M/s: delivered",
        "/s",
        delivered("JSONL to a pipe"),
        "least",
        250_000,
      ),
      bar(
        "JSONL to a file, of 1 M/s: delivered",
        "/s",
        delivered("JSONL to a file"),
        "least",
        250_000,
      ),
      bar("p50 from enter to sink", "ms", Math.max(...latencies), "most", 5),
      bar(
        "neither delivered nor told of as lost, or not counted",
        "calls",
        Math.max(...delivery.unaccounted),
        "most",
        0,
      ),
    ],
    notes: [
      busy,
      "getppid(2) from one thread on the last CPU, paced by milliseconds; events in the records' full form, by the default ring",
      "rules are stand-ins, in a process on the first CPU alone: one that does nothing, and ten that each look at the event's call, container and one argument",
      "JSONL is `events -s getppid -c NAME --jsonl …`, a process that runs where it likes; the pipe's other end is bench/lines.c, which stamps each line and keeps nothing",
      `a line was ${delivery.median("JSONL to a pipe", "200 k/s", "bytes").toFixed(0)} bytes`,
      "delivered: by wall time from the first call to the last event, or to the last call if that was later",
      `p50 is the worst of ${
        prompt.map((each) => each.join(" at ")).join(", ")
      }: where more is offered than can be taken, it is the ring's depth that is measured`,
      `events were lost for: ${[...delivery.reasons].join(", ") || "no reason, there were none"}`,
    ],
  };
}
