/**
 * How often the ring is looked into: seldom enough to cost little, often enough to be soon.
 *
 * @module
 */
import type { Monitor } from "../engine/mod.ts";
import type { Stop } from "./stop.ts";

/** ms that the kernel gets to fill the ring again; none where there were many. */
export const PAUSE = 3;

/** Records that are many. */
export const MANY = 512;

/** ms that engines get at the end to say the names that events wait for. */
const LAST_NAMES = 2000;

/**
 * Before the last of a run is taken: what waits for its container's name has a last moment.
 *
 * @param waiting Where events wait.
 */
export async function lastNames(
  monitor: Pick<Monitor, "metadataSettled">,
  waiting: { readonly isWaiting: boolean; waitNoLonger(): void } | undefined,
): Promise<void> {
  if (waiting?.isWaiting === true) await monitor.metadataSettled(LAST_NAMES);
  waiting?.waitNoLonger();
}

/**
 * Takes what comes until then, by performance.now(), or until it is time to stop.
 *
 * @param drain Takes what there is, and says how many records that was.
 * @param isBehind Whether what was taken still waits to be written. Nothing is taken then: the kernel counts what
 * finds no room meanwhile, and that is told.
 */
export async function drainUntil(
  end: number,
  monitor: Pick<Monitor, "eventReady">,
  drain: () => number,
  stop: Stop,
  isBehind: () => boolean = () => false,
): Promise<void> {
  for (let left = end - performance.now(); left > 0 && !stop.isRequested;) {
    if (isBehind()) {
      await stop.wait(Math.min(left, PAUSE));
    } else {
      const taken = drain();
      if (taken === 0) await stop.until(monitor.eventReady(left));
      else await stop.wait(taken < MANY ? Math.min(left, PAUSE) : 0);
    }
    left = end - performance.now();
  }
}
