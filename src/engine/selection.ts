/**
 * What of a tick the user asked for: some containers, some syscalls. What is left out is still counted.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import {
  type ContainerChange,
  type ContainerTally,
  type Counts,
  displayName,
  shortId,
  type Tick,
} from "../sinks/mod.ts";
import { globToRegExp } from "../syscalls/mod.ts";

/** Patterns of which one has to match, and patterns after `!` of which none may. */
export class Patterns {
  readonly #wanted: readonly RegExp[];
  readonly #unwanted: readonly RegExp[];

  /** @param globs No `!` pattern among them, or only `!` patterns: everything else is wanted. */
  constructor(globs: readonly string[]) {
    this.#wanted = globs.filter((glob) => !glob.startsWith("!")).map(globToRegExp);
    this.#unwanted = globs.filter((glob) => glob.startsWith("!")).map((glob) =>
      globToRegExp(glob.slice(1))
    );
  }

  /** Some have to match: what is not named yet may be wanted when it is. */
  get areNames(): boolean {
    return this.#wanted.length > 0;
  }

  /** Whether any of the names of one thing makes it wanted, and none unwanted. */
  select(names: readonly string[]): boolean {
    const matches = (pattern: RegExp) => names.some((name) => pattern.test(name));
    return !this.#unwanted.some(matches) &&
      (this.#wanted.length === 0 || this.#wanted.some(matches));
  }
}

/** Name, image and id, as `--container` can mean them. */
export function namesOf(container: Container): string[] {
  const { identity: { id }, metadata } = container;
  const names = [id, shortId(id), displayName(container)];
  if (metadata.state !== "known") return names;
  const { name, image, pod } = metadata.description;
  for (const each of [name, image?.name, image?.id, pod?.name, pod?.container]) {
    if (each !== undefined) names.push(each);
  }
  return names;
}

/** Containers that patterns select. A container is looked at again when more is known of it. */
export class SelectedContainers {
  readonly #patterns: Patterns;
  readonly #areAll: boolean;
  readonly #known = new WeakMap<Container, { metadata: Container["metadata"]; isIn: boolean }>();
  /** Who was asked for last, as it was then: most events come in runs of one container's. */
  #last: Container | undefined;
  #lastMetadata: Container["metadata"] | undefined;
  #isLastIn = false;

  /** @param globs Of names, images and ids; `!` excludes. */
  constructor(globs: readonly string[]) {
    this.#patterns = new Patterns(globs);
    this.#areAll = globs.length === 0;
  }

  has(container: Container): boolean {
    if (this.#areAll) return true;
    const { metadata } = container;
    if (container !== this.#last || metadata !== this.#lastMetadata) {
      this.#isLastIn = this.#isIn(container);
      this.#last = container;
      this.#lastMetadata = metadata;
    }
    return this.#isLastIn;
  }

  #isIn(container: Container): boolean {
    const known = this.#known.get(container);
    if (known?.metadata === container.metadata) return known.isIn;
    const isIn = this.#patterns.select(namesOf(container));
    this.#known.set(container, { metadata: container.metadata, isIn });
    return isIn;
  }

  /** Whether it is none of them only as long as its name is not known. */
  mayBecome(container: Container): boolean {
    return container.metadata.state === "pending" && this.#patterns.areNames &&
      !this.has(container);
  }
}

/** A tick of some containers alone. */
export function tickOf(containers: SelectedContainers, tick: Tick): Tick {
  const isIn = ({ container }: { readonly container: Container }) => containers.has(container);
  return {
    ...tick,
    changes: tick.changes.filter(isIn),
    tallies: tick.tallies.filter(isIn),
    losses: tick.losses.filter(isIn),
  };
}

/** What is held back of a container, since it may be one that nobody asked for. */
interface Held {
  /** The change that would have told of it. */
  readonly change: ContainerChange;
  readonly calls: Map<string, number>;
}

/** Passes on what was asked for. */
export class Selection {
  readonly #containers: Patterns;
  readonly #syscalls: Patterns;
  readonly #isOfInterest: (container: Container) => boolean;
  /** Containers that have been told of, and those that have not. */
  readonly #told = new Set<Container>();
  readonly #held = new Map<Container, Held>();

  /** @param isOfInterest What else a container has to be; asked again whenever more is known of it. */
  constructor(
    containers: readonly string[],
    syscalls: readonly string[],
    isOfInterest: (container: Container) => boolean = () => true,
  ) {
    this.#isOfInterest = isOfInterest;
    this.#containers = new Patterns(containers);
    this.#syscalls = new Patterns(syscalls);
  }

  /** Whether a call was asked for. */
  hasCall(syscall: string): boolean {
    return this.#syscalls.select([syscall]);
  }

  /** The tick, with what was asked for. */
  apply(tick: Tick): Tick {
    const changes: ContainerChange[] = [];
    const found = new Map<Container, Held>();
    for (const change of tick.changes) {
      const { container } = change;
      if (this.#told.has(container)) {
        changes.push(change);
        continue;
      }
      // A name can come after the container: until then it may be one that nobody asked for.
      const held = this.#held.get(container) ?? { change, calls: new Map() };
      if (!this.#containers.select(namesOf(container)) || !this.#isOfInterest(container)) {
        this.#held.set(container, held);
        continue;
      }
      this.#held.delete(container);
      this.#told.add(container);
      found.set(container, held);
      changes.push(held.change);
      if (change.action === "stopped" && held.change !== change) changes.push(change);
    }
    const tallies: ContainerTally[] = [];
    let unselected = 0;
    for (const tally of tick.tallies) {
      const { container } = tally;
      const held = this.#held.get(container) ?? found.get(container);
      if (held !== undefined) add(held.calls, tally.new);
      if (!this.#told.has(container)) {
        unselected++;
        continue;
      }
      const added = held?.calls ?? tally.new;
      tallies.push({
        container,
        total: this.#only(tally.total),
        new: this.#only(added),
        ...(tally.durations && { durations: this.#only(tally.durations) }),
        ...(tally.errors && { errors: this.#only(tally.errors) }),
        ...(tally.onTerminal && {
          onTerminal: {
            total: this.#only(tally.onTerminal.total),
            new: this.#only(tally.onTerminal.new),
          },
        }),
      });
    }
    const losses = tick.losses.filter(({ container }) => this.#told.has(container));
    for (const { action, container } of tick.changes) {
      if (action !== "stopped") continue;
      this.#told.delete(container);
      this.#held.delete(container);
    }
    return { ...tick, changes, tallies, losses, unselected };
  }

  #only<Value>(counts: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    const kept = [...counts].filter(([syscall]) => this.#syscalls.select([syscall]));
    return kept.length === counts.size ? counts : new Map(kept);
  }
}

function add(sums: Map<string, number>, counts: Counts): void {
  for (const [syscall, calls] of counts) sums.set(syscall, (sums.get(syscall) ?? 0) + calls);
}
