/**
 * Alerts that plugins have held back: counted, until somebody is told.
 *
 * @module
 */
import { type Alert, keyOf } from "../../sinks/mod.ts";

/** ns after which what was held back is told of by itself. */
const TOLD_WITHIN = 60_000_000_000n;

/** Kinds that are kept apart: of more, the rest is told together with what else is of their rule and container. */
const MOST = 1024;

interface Count {
  /** The newest of them. */
  alert: Alert;
  readonly like: string | undefined;
  readonly since: bigint;
  count: number;
}

/** What alerts have in common of which one tells of the others. */
function kindOf({ rule, container }: Alert, like: string | undefined): string {
  const of = `${rule} ${container === undefined ? "" : keyOf(container)}`;
  return like === undefined ? of : `${of}\0${like}`;
}

/** Counts what is held back. */
export class Held {
  /** Who was held back first is first. */
  readonly #counts = new Map<string, Count>();

  /** @param like Only an alert with this message tells of it. */
  add(alert: Alert, like: string | undefined): void {
    const key = this.#counts.size < MOST ? kindOf(alert, like) : kindOf(alert, undefined);
    const count = 1 + alert.suppressed;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { alert, like, since: alert.time, count });
    else {
      known.alert = alert;
      known.count += count;
    }
  }

  /** How many an alert tells of that is told now. */
  take(alert: Alert): number {
    if (this.#counts.size === 0) return 0;
    let count = 0;
    for (const key of [kindOf(alert, undefined), kindOf(alert, alert.message)]) {
      count += this.#counts.get(key)?.count ?? 0;
      this.#counts.delete(key);
    }
    return count;
  }

  /** Alerts that tell of those that were held back for long enough. */
  release(time: bigint): Alert[] {
    const told: Alert[] = [];
    for (const [key, count] of this.#counts) {
      if (time - count.since < TOLD_WITHIN) continue;
      this.#counts.delete(key);
      told.push(summary(count));
    }
    return told;
  }

  /** Likewise of all. */
  end(): Alert[] {
    const told = [...this.#counts.values()].map(summary);
    this.#counts.clear();
    return told;
  }
}

function summary({ alert, like, count }: Count): Alert {
  const what = like === undefined ? "more like this were held back" : `more: ${like}`;
  return {
    ...alert,
    message: `${count} ${what}`,
    fields: undefined,
    event: undefined,
    suppressed: count,
  };
}
