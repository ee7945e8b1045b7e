/**
 * Ticks for the child. One that can't be sent yet is added to the next, so that nothing is lost of them and they
 * don't pile up.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { ContainerChange, Tick } from "../../sinks/mod.ts";
import type { Heard } from "../rules/container_news.ts";
import { sentContainer } from "../snapshots/mod.ts";
import type { SentTick } from "./messages.ts";

interface Counted {
  total: ReadonlyMap<string, number>;
  readonly added: Map<string, number>;
}

/** What rules hear of. */
export interface Hearing {
  readonly tallies: boolean;
  readonly containers: Heard;
}

/** Ticks that are to be sent as one. */
export class PendingTick {
  #time = 0n;
  #interval = 0;
  /** By rule. */
  #heard = new Map<string, ContainerChange[]>();
  #counts = new Map<Container, Counted>();

  /** Takes in a tick. */
  add({ time, interval, tallies }: Tick, hearing: Hearing): void {
    this.#time = time;
    this.#interval += interval;
    for (const [rule, changes] of hearing.containers) {
      const before = this.#heard.get(rule);
      if (before === undefined) this.#heard.set(rule, [...changes]);
      else before.push(...changes);
    }
    if (!hearing.tallies) return;
    for (const { container, total, new: added } of tallies) {
      const counted = this.#counts.get(container);
      if (counted === undefined) {
        this.#counts.set(container, { total, added: new Map(added) });
        continue;
      }
      counted.total = total;
      for (const [syscall, calls] of added) {
        counted.added.set(syscall, (counted.added.get(syscall) ?? 0) + calls);
      }
    }
  }

  /** All of it, which begins anew. */
  take(): { readonly tick: SentTick; readonly containers: Container[] } {
    const places = new Map<Container, number>();
    const at = (container: Container): number => {
      const place = places.get(container) ?? places.size;
      places.set(container, place);
      return place;
    };
    const all = [...new Set([...this.#heard.values()].flat())];
    const index = new Map(all.map((change, at) => [change, at]));
    const changes = all.map(({ action, container, time }) =>
      [action, at(container), time.toString()] as const
    );
    const heard = [...this.#heard].filter(([, each]) => each.length > 0)
      .map(([rule, each]) => [rule, each.map((change) => index.get(change) ?? 0)] as const);
    const tallies = [...this.#counts].map(([container, { total, added }]) =>
      [at(container), [...total], [...added]] as const
    );
    const containers = [...places.keys()];
    const tick: SentTick = {
      type: "tick",
      time: this.#time.toString(),
      interval: this.#interval,
      containers: containers.map(sentContainer),
      changes,
      heard,
      tallies,
    };
    this.#interval = 0;
    this.#heard = new Map();
    this.#counts = new Map();
    return { tick, containers };
  }
}
