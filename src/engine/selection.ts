/**
 * What of a tick the user asked for: some containers, some syscalls. What is left out is still counted.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { type ContainerChange, displayName, shortId, type Tick } from "../sinks/mod.ts";

/** A glob: `*` any text, `?` any character, `[ab]` one of those; all else is itself. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\[[^\]]+\]|[\s\S]/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 1) {
      return `[${part.slice(1, -1).replace(/^!/, "^").replace(/[\\\]]/g, "\\$&")}]`;
    }
    return part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  });
  return new RegExp(`^${source}$`, "su");
}

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

/** Passes on what was asked for. */
export class Selection {
  readonly #containers: Patterns;
  readonly #syscalls: Patterns;
  /** Containers that have been told of; the others with the change that would have told of them. */
  readonly #told = new Set<Container>();
  readonly #untold = new Map<Container, ContainerChange>();

  constructor(containers: readonly string[], syscalls: readonly string[]) {
    this.#containers = new Patterns(containers);
    this.#syscalls = new Patterns(syscalls);
  }

  /** The tick, with what was asked for. */
  apply(tick: Tick): Tick {
    const changes: ContainerChange[] = [];
    const first = new Set<Container>();
    for (const change of tick.changes) {
      const { container } = change;
      if (this.#told.has(container)) {
        changes.push(change);
        continue;
      }
      // A name can come after the container: until then it may be one that nobody asked for.
      const telling = this.#untold.get(container) ?? change;
      if (!this.#containers.select(namesOf(container))) {
        this.#untold.set(container, telling);
        continue;
      }
      this.#untold.delete(container);
      this.#told.add(container);
      first.add(container);
      changes.push(telling);
      if (change.action === "stopped" && telling !== change) changes.push(change);
    }
    const tallies = tick.tallies.filter(({ container }) => this.#told.has(container)).map((
      tally,
    ) => ({
      ...tally,
      total: this.#only(tally.total),
      new: this.#only(first.has(tally.container) ? tally.total : tally.new),
    }));
    for (const { action, container } of tick.changes) {
      if (action !== "stopped") continue;
      this.#told.delete(container);
      this.#untold.delete(container);
    }
    return { ...tick, changes, tallies };
  }

  #only(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const kept = [...counts].filter(([syscall]) => this.#syscalls.select([syscall]));
    return kept.length === counts.size ? counts : new Map(kept);
  }
}
