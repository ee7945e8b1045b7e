/**
 * What a rule may remember from event to event, in bounded memory: by container, always, and by whatever else
 * it says. Time is that of the events, so a test or a recording runs as live.
 *
 * @module
 */
import type { RuleEvent } from "./define.ts";
import { millisecondsOf } from "./duration.ts";

/** What can be remembered: an event, a tally, or anything else that has a time and a container. */
export interface Observed {
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  readonly container: { readonly id: string };
}

/** How something is remembered. */
export interface StateOptions<Of extends Observed> {
  /** `10s`, `1m`, `2h`. */
  readonly per: string;
  /** Kept apart by this, besides by container. */
  readonly by?: ((of: Of) => string | number | bigint | undefined) | undefined;
}

/** Kept apart by something: what of an event, unless it is said of what else. */
type KeptApart<Of extends Observed> = StateOptions<Of> & {
  readonly by: NonNullable<StateOptions<Of>["by"]>;
};

/** Kept apart by container alone. */
type ByContainer = Pick<StateOptions<Observed>, "per"> & { readonly by?: undefined };

/** Keys that are kept of one state, of all containers. */
const MOST_KEYS = 4096;

/** Different values that are kept of one key. */
const MOST_VALUES = 1024;

/** A window moves in steps of this part of its length. */
const SLICES = 10;

/**
 * Values by container and key. There is room for so many keys in all: the container that has most of them gives its
 * oldest away, so that one that makes up keys pushes nothing out but its own.
 */
class Recent<Value> {
  readonly #byContainer = new Map<string, Map<string, Value>>();
  #size = 0;

  get(container: string, key: string): Value | undefined {
    return this.#byContainer.get(container)?.get(key);
  }

  /** The key is the container's newest. */
  set(container: string, key: string, value: Value): void {
    let own = this.#byContainer.get(container);
    if (own === undefined) this.#byContainer.set(container, own = new Map());
    if (!own.delete(key)) this.#size++;
    own.set(key, value);
    if (this.#size > MOST_KEYS) this.#forget(container, own);
  }

  #forget(container: string, own: Map<string, Value>): void {
    let [name, most] = [container, own];
    // Who has a fair share or more is as good as the largest, and need not be looked for.
    const share = MOST_KEYS / this.#byContainer.size;
    if (own.size === 1 || own.size < share) {
      most = new Map();
      for (const [each, keys] of this.#byContainer) {
        if (keys.size > most.size) [name, most] = [each, keys];
        // All have one or two: the oldest it is.
        if (share < 2) break;
      }
    }
    const [oldest] = most.keys();
    if (oldest !== undefined && most.delete(oldest)) this.#size--;
    if (most.size === 0) this.#byContainer.delete(name);
  }
}

function keyFor<Of extends Observed>(of: Of, by: StateOptions<Of>["by"]): string {
  return `${by?.(of) ?? ""}`;
}

function millisecondsAt({ time }: Observed): number {
  return Number(time / 1_000_000n);
}

/** Counts what happened within the last so long. */
export interface Window<Of extends Observed> {
  /** Counts one, or `n`, and says how many there were in the window, these among them. */
  add(of: Of, n?: number): number;
  /** How many there were in the window, without counting this one. */
  count(of: Of): number;
}

/** Counts by sliding window: `window({ per: "1m", by: (event) => event.process.exe })`. Exact to a tenth of it. */
export function window<Of extends Observed = RuleEvent>(options: KeptApart<Of>): Window<Of>;
export function window<Of extends Observed = Observed>(options: ByContainer): Window<Of>;
export function window<Of extends Observed>({ per, by }: StateOptions<Of>): Window<Of> {
  const slice = millisecondsOf(per) / SLICES;
  const counts = new Recent<Map<number, number>>();
  return {
    add(of, n = 1) {
      const key = keyFor(of, by);
      const now = Math.floor(millisecondsAt(of) / slice);
      const slices = counts.get(of.container.id, key) ?? new Map<number, number>();
      for (const at of slices.keys()) if (at <= now - SLICES) slices.delete(at);
      slices.set(now, (slices.get(now) ?? 0) + n);
      counts.set(of.container.id, key, slices);
      return sumSince(slices, now);
    },
    count(of) {
      const slices = counts.get(of.container.id, keyFor(of, by));
      const now = Math.floor(millisecondsAt(of) / slice);
      return slices === undefined ? 0 : sumSince(slices, now);
    },
  };
}

/** What is in the window that ends with a slice. */
function sumSince(slices: ReadonlyMap<number, number>, now: number): number {
  let sum = 0;
  for (const [at, count] of slices) if (at > now - SLICES) sum += count;
  return sum;
}

/** Counts different values within the last so long. */
export interface Distinct<Of extends Observed> {
  /** Takes in a value, and says how many different ones there were in the window: 1,024 at most. */
  add(of: Of, value: string | number | bigint): number;
}

/** Counts different values: `distinct({ per: "10s" }).add(event, event.args.path)`. */
export function distinct<Of extends Observed = RuleEvent>(options: KeptApart<Of>): Distinct<Of>;
export function distinct<Of extends Observed = Observed>(options: ByContainer): Distinct<Of>;
export function distinct<Of extends Observed>({ per, by }: StateOptions<Of>): Distinct<Of> {
  const length = millisecondsOf(per);
  const seen = new Recent<Map<string | number | bigint, number>>();
  return {
    add(of, value) {
      const key = keyFor(of, by);
      const now = millisecondsAt(of);
      const values = seen.get(of.container.id, key) ?? new Map<string | number | bigint, number>();
      values.delete(value);
      values.set(value, now);
      // The one that was met longest ago is first.
      for (const [oldest, at] of values) {
        if (now - at < length && values.size <= MOST_VALUES) break;
        values.delete(oldest);
      }
      seen.set(of.container.id, key, values);
      return values.size;
    },
  };
}

/** True once for each key. */
export interface First<Of extends Observed> {
  is(of: Of): boolean;
}

/** Whether this is the first of its kind: `first({ by: (event) => event.process.exe }).is(event)`. */
export function first<Of extends Observed = RuleEvent>(
  options: Pick<KeptApart<Of>, "by">,
): First<Of>;
export function first<Of extends Observed = Observed>(): First<Of>;
export function first<Of extends Observed>({ by }: Pick<StateOptions<Of>, "by"> = {}): First<Of> {
  const met = new Recent<true>();
  return {
    is(of) {
      const key = keyFor(of, by);
      const isFirst = met.get(of.container.id, key) === undefined;
      met.set(of.container.id, key, true);
      return isFirst;
    },
  };
}

/** True, and then not for a while. */
export interface Cooldown<Of extends Observed> {
  ready(of: Of): boolean;
}

/** At most once in so long: `cooldown({ per: "5m" }).ready(event)`. */
export function cooldown<Of extends Observed = RuleEvent>(options: KeptApart<Of>): Cooldown<Of>;
export function cooldown<Of extends Observed = Observed>(options: ByContainer): Cooldown<Of>;
export function cooldown<Of extends Observed>({ per, by }: StateOptions<Of>): Cooldown<Of> {
  const length = millisecondsOf(per);
  const last = new Recent<number>();
  return {
    ready(of) {
      const key = keyFor(of, by);
      const now = millisecondsAt(of);
      const before = last.get(of.container.id, key);
      if (before !== undefined && now - before < length) return false;
      last.set(of.container.id, key, now);
      return true;
    },
  };
}
