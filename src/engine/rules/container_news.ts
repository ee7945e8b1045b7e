/**
 * What each rule hears of containers. A rule may begin later than a container, and may learn only from a container's
 * name that it is one of its own: in both cases it hears of the beginning first.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { ContainerChange, Tick } from "../../sinks/mod.ts";

/** Who hears of containers. */
export interface Hearer {
  readonly id: string;
  /** Whether a container is one of its own, as far as is known now. */
  isOf(container: Container): boolean;
}

/** Changes by the rule that hears of them. */
export type Heard = ReadonlyMap<string, readonly ContainerChange[]>;

/** Keeps which rule has heard of which container. */
export class ContainerNews {
  readonly #known = new Map<string, WeakSet<Container>>();

  /** What these rules hear of a tick. One that was not here before has begun: what runs already is `seen`. */
  of(tick: Tick, hearers: Iterable<Hearer>): Heard {
    const heard = new Map<string, ContainerChange[]>();
    for (const hearer of hearers) heard.set(hearer.id, this.#of(tick, hearer));
    return heard;
  }

  #of({ time, changes, tallies }: Tick, hearer: Hearer): ContainerChange[] {
    const before = this.#known.get(hearer.id);
    const known = before ?? new WeakSet<Container>();
    this.#known.set(hearer.id, known);
    const own = changes.filter(({ container }) => hearer.isOf(container));
    for (const { action, container } of own) if (begins(action)) known.add(container);
    const first: ContainerChange[] = [];
    for (const container of new Set([...tallies, ...own].map((each) => each.container))) {
      if (known.has(container) || !hearer.isOf(container)) continue;
      known.add(container);
      first.push({ action: before === undefined ? "seen" : container.origin, container, time });
    }
    for (const { action, container } of own) if (action === "stopped") known.delete(container);
    return [...first, ...own];
  }

  /** These rules begin anew, or are gone. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.#known.delete(id);
  }
}

function begins(action: ContainerChange["action"]): boolean {
  return action === "seen" || action === "started";
}
