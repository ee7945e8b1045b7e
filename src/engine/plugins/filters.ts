/**
 * Plugins that keep containers and events from the view and from rules; what they drop is counted.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { ContainerLoss } from "../../sinks/mod.ts";
import { containerView } from "../rules/container_view.ts";
import type { RuleEvent } from "../rules/define.ts";
import type { EventFilter } from "../rules/rule_set.ts";
import type { PluginContext } from "./define.ts";
import { asIs, type Running } from "./running.ts";

/** Plugins' `filter.container`, in their order. */
export class ContainerFilters {
  readonly #plugins: readonly Running[];
  readonly #known = new WeakMap<Container, { metadata: Container["metadata"]; isKept: boolean }>();
  #current: Running | undefined;

  constructor(plugins: readonly Running[]) {
    this.#plugins = plugins.filter(({ plugin }) => plugin.filter?.container !== undefined);
  }

  get isEmpty(): boolean {
    return this.#plugins.length === 0;
  }

  /**
   * Whether all plugins want it. They are asked again when more is known of it.
   *
   * @param isGuarded Somebody else sees to it that they return, and calls {@linkcode cut} if they don't.
   */
  keeps(container: Container, isGuarded = false): boolean {
    if (this.#plugins.length === 0) return true;
    const known = this.#known.get(container);
    if (known?.metadata === container.metadata) return known.isKept;
    const view = containerView(container);
    const isKept = this.#plugins.every((running) => {
      const ask = (context: PluginContext<never, never>) =>
        running.plugin.filter?.container?.({ ...context, container: view });
      if (!isGuarded) return running.call(ask, asIs) ?? true;
      if (running.isOff) return true;
      this.#current = running;
      const answer = running.direct(ask, asIs);
      this.#current = undefined;
      return answer ?? true;
    });
    this.#known.set(container, { metadata: container.metadata, isKept });
    return isKept;
  }

  /** What was guarded was cut short: whoever ran did not return. */
  cut(isBusy: boolean): void {
    this.#current?.cut(isBusy);
    this.#current = undefined;
  }
}

/** Plugins' `filter.event`, in their order. */
export class EventFilters implements EventFilter {
  readonly #containers: ContainerFilters;
  readonly #bySyscall = new Map<string, readonly Running[]>();
  readonly #ofAll: readonly Running[];
  readonly #dropped = new Map<Container, Map<string, number>>();
  #current: Running | undefined;

  constructor(plugins: readonly Running[], containers: ContainerFilters) {
    const filtering = plugins.filter(({ plugin }) => plugin.filter?.event !== undefined);
    const isOfAll = ({ plugin }: Running) => plugin.filter?.syscalls === undefined;
    this.#containers = containers;
    this.#ofAll = filtering.filter(isOfAll);
    for (
      const syscall of new Set(filtering.flatMap(({ plugin }) => plugin.filter?.syscalls ?? []))
    ) {
      this.#bySyscall.set(
        syscall,
        filtering.filter((each) =>
          isOfAll(each) || each.plugin.filter?.syscalls?.includes(syscall)
        ),
      );
    }
  }

  /** Nobody looks at events, nor drops containers. */
  get isEmpty(): boolean {
    return this.#ofAll.length === 0 && this.#bySyscall.size === 0 && this.#containers.isEmpty;
  }

  keeps(container: Container, isGuarded = false): boolean {
    return this.#containers.keeps(container, isGuarded);
  }

  /** Whether all plugins want an event; the first that does not has it on its account. */
  passes(syscall: string, event: RuleEvent, container: Container): boolean {
    if (!this.#containers.keeps(container, true)) return false;
    for (const running of this.#bySyscall.get(syscall) ?? this.#ofAll) {
      if (running.isOff) continue;
      this.#current = running;
      const isKept = running.direct(
        (context) => running.plugin.filter?.event?.({ ...context, event }),
        asIs,
      );
      this.#current = undefined;
      // What failed drops nothing.
      if (isKept !== false) continue;
      this.#count(container, running.name);
      return false;
    }
    return true;
  }

  cut(isBusy: boolean): void {
    this.#current?.cut(isBusy);
    this.#current = undefined;
    this.#containers.cut(isBusy);
  }

  #count(container: Container, plugin: string): void {
    let counts = this.#dropped.get(container);
    if (counts === undefined) this.#dropped.set(container, counts = new Map());
    counts.set(plugin, (counts.get(plugin) ?? 0) + 1);
  }

  /** Events that were dropped since this was asked last. */
  take(): ContainerLoss[] {
    const losses: ContainerLoss[] = [];
    for (const [container, counts] of this.#dropped) {
      for (const [plugin, count] of counts) {
        losses.push({ container, reason: "filtered", plugin, count });
      }
    }
    this.#dropped.clear();
    return losses;
  }
}
