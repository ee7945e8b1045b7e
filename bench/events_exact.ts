/**
 * (g) Whether every call is accounted for while two CPUs call as often as that, and what events cost while
 * nothing happens.
 *
 * @module
 */
import { monitorUsage } from "./idle.ts";
import { Load, type Offer } from "./load.ts";
import { busyness } from "./machine.ts";
import { measure } from "./offer.ts";
import { bar, type Part } from "./report.ts";
import { eventsCommand, sinks } from "./sinks.ts";
import { summarize } from "./statistics.ts";

const offers: readonly Offer[] = [
  { rate: 1_000_000, milliseconds: 10_000, threads: 2 },
  // More than can be taken, as a rule: what is lost counts too.
  { rate: 0, milliseconds: 2000, threads: 2 },
];

/** Milliseconds of CPU time that the monitor is watched for while nothing happens. */
const IDLE_WINDOW = 5000;

export async function eventsExact(rounds: number): Promise<Part> {
  const busy = busyness();
  await using load = await Load.start(`bench-${Deno.pid}`);
  let made = 0;
  let delivered = 0;
  const rates: number[] = [];
  const { late, lost, counted = NaN } = await (async () => {
    await using receiver = await sinks["ten rules"](load.name);
    for (const offer of offers) {
      const outcome = await measure(load, receiver, offer);
      made += outcome.made;
      delivered += outcome.delivered;
      rates.push(outcome.callRate);
    }
    return await receiver.end();
  })();
  const told = lost.values().reduce((all, count) => all + count, 0);
  const windows = { count: Math.ceil(rounds / 3), after: 3000, length: IDLE_WINDOW };
  const idle = await monitorUsage(eventsCommand(load.name, "-"), windows, "null");
  const cpu = summarize(idle.cpu);
  return {
    name: "events-exact",
    title: "Events: every call, and none",
    figures: [
      {
        name: "two CPUs, 1 M/s offered: calls made",
        unit: "/s",
        summary: summarize(rates.slice(0, 1)),
      },
      { name: "two CPUs, unthrottled: calls made", unit: "/s", summary: summarize(rates.slice(1)) },
      { name: "no call is made: CPU of one core", unit: "%", summary: cpu },
    ],
    bars: [
      bar(
        "calls - delivered - told of as lost",
        "calls",
        Math.abs(made - delivered - late - told),
        "most",
        0,
      ),
      bar("calls - counted", "calls", Math.abs(made - counted), "most", 0),
      bar("CPU of one core when nothing happens", "%", cpu.median, "most", 1),
    ],
    notes: [
      busy,
      `${made} calls: ${delivered} events delivered, ${
        Array.from(lost, ([reason, count]) => `${count} lost: ${reason}`).join(", ") || "none lost"
      }; ${counted} counted`,
      "ten rules; 10 s at 1 M/s, and 2 s unthrottled, both from a thread on each of two CPUs",
      `CPU time over ${IDLE_WINDOW / 1000} s, with events of a container that sleeps`,
    ],
  };
}
