/**
 * One measurement: calls are offered, and what became of them is looked at.
 *
 * @module
 */
import { cpuTime } from "./cpu_time.ts";
import type { Load, Made, Offer } from "./load.ts";
import type { Delivery, Receiver } from "./sinks.ts";

/** What became of the calls of one offer. */
export interface Outcome {
  readonly made: number;
  readonly delivered: number;
  /** Calls a second that the program got to make. */
  readonly callRate: number;
  /** Events a second, from the first call on until the last event, or the last call if that was later. */
  readonly eventRate: number;
  /** Percent of the calls. */
  readonly lost: number;
  /** ns of the receiver's CPU time, by delivered events. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of a line; NaN where there are none. */
  readonly bytes: number;
}

/** @param cpu ns */
export function outcome(
  made: Made,
  { events, last, latency, bytes = NaN }: Delivery,
  cpu: number,
): Outcome {
  const { calls, began, ended } = made;
  const [p50, p99] = latency;
  const until = events > 0 && last > ended ? last : ended;
  return {
    made: calls,
    delivered: events,
    callRate: calls / Number(ended - began) * 1e9,
    eventRate: events / Number(until - began) * 1e9,
    lost: 100 * (calls - events) / calls,
    cpu: cpu / events,
    p50,
    p99,
    bytes: bytes / events,
  };
}

/** Offers calls, and waits until nothing comes of them any more. */
export async function measure(load: Load, receiver: Receiver, offer: Offer): Promise<Outcome> {
  const before = cpuTime(receiver.pid);
  const made = await load.make(offer);
  const delivery = await receiver.take();
  return outcome(made, delivery, cpuTime(receiver.pid) - before);
}
