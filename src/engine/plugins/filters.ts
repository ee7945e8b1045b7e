/**
 * Plugins that keep containers and events from the view and from rules; what they drop is counted.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { ContainerLoss } from "../../sinks/mod.ts";
import { containerView } from "../rules/container_view.ts";
import type { RuleContainer, RuleEvent } from "../rules/define.ts";
import { type Asker, PendingLosses } from "../rules/pending_losses.ts";
import type { EventFilter, Verdict } from "../rules/event_filter.ts";
import type { PluginContext } from "./define.ts";
import { asIs, type Running } from "./running.ts";

/** Of a container of which nobody will know more, "not yet" is no. */
function settled(answer: Verdict | undefined, { metadata }: Container): Verdict | undefined {
  return answer === "not yet" && metadata.state !== "pending" ? false : answer;
}

/** Plugins' `filter.container`, in their order. */
export class ContainerFilters {
  readonly #plugins: readonly Running[];
  readonly #known = new WeakMap<
    Container,
    { metadata: Container["metadata"]; verdict: Verdict; by: string | undefined }
  >();
  #current: Running | undefined;

  constructor(plugins: readonly Running[]) {
    this.#plugins = plugins.filter(({ plugin }) => plugin.filter?.container !== undefined);
  }

  get isEmpty(): boolean {
    return this.#plugins.length === 0;
  }

  /** Whether all plugins want it, as far as they can say. */
  keeps(container: Container): boolean {
    return this.verdict(container) === true;
  }

  /**
   * Whether all plugins want it. They are asked again when more is known of it.
   *
   * @param isGuarded Somebody else sees to it that they return, and calls {@linkcode cut} if they don't.
   */
  verdict(container: Container, isGuarded = false): Verdict {
    if (this.#plugins.length === 0) return true;
    const known = this.#known.get(container);
    if (known?.metadata === container.metadata) return known.verdict;
    const view = containerView(container);
    let verdict: Verdict = true;
    let by: string | undefined;
    for (const running of this.#plugins) {
      const answer = settled(this.#ask(running, view, isGuarded), container);
      // What failed drops nothing.
      if (answer !== false && answer !== "not yet") continue;
      if (answer === false || by === undefined) {
        verdict = answer;
        by = running.name;
      }
      if (answer === false) break;
    }
    this.#known.set(container, { metadata: container.metadata, verdict, by });
    return verdict;
  }

  #ask(running: Running, container: RuleContainer, isGuarded: boolean): Verdict | undefined {
    const ask = (context: PluginContext<never, never>) =>
      running.plugin.filter?.container?.({ ...context, container });
    if (!isGuarded) return running.call(ask, asIs);
    if (running.isOff) return undefined;
    this.#current = running;
    const answer = running.direct(ask, asIs);
    this.#current = undefined;
    return answer;
  }

  /** Who did not want it when all were asked last. */
  refusing(container: Container): string {
    return this.#known.get(container)?.by ?? "";
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
  readonly #pending = new PendingLosses("filtered");
  /** By plugin. */
  readonly #askers = new Map<string, Asker>();
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

  keeps(container: Container): boolean {
    return this.#containers.keeps(container);
  }

  /**
   * Whether all plugins want a container's events. As long as little is known of it, those that they do not want, and
   * that do not wait, are counted: it may be that they had.
   */
  hears(container: Container, mayWait: boolean, syscall?: string): Verdict {
    const verdict = this.#containers.verdict(container, true);
    if (verdict === true || verdict === "not yet" && mayWait) return verdict;
    if (container.metadata.state === "pending") {
      this.#pending.note(this.#asker(this.#containers.refusing(container)), container, syscall);
    }
    return false;
  }

  #asker(plugin: string): Asker {
    const known = this.#askers.get(plugin);
    if (known !== undefined) return known;
    const asker = { plugin, isOf: (container: Container) => this.#containers.keeps(container) };
    this.#askers.set(plugin, asker);
    return asker;
  }

  /** Whether all plugins want an event; the first that does not has it on its account. */
  passes(syscall: string, event: RuleEvent, container: Container, mayWait: boolean): Verdict {
    const verdict = this.hears(container, mayWait, syscall);
    if (verdict !== true) return verdict;
    let waiting: Running | undefined;
    for (const running of this.#bySyscall.get(syscall) ?? this.#ofAll) {
      if (running.isOff) continue;
      this.#current = running;
      const answer = settled(
        running.direct(
          (context) => running.plugin.filter?.event?.({ ...context, event }),
          asIs,
        ),
        container,
      );
      this.#current = undefined;
      if (answer === "not yet") waiting ??= running;
      // What failed drops nothing.
      if (answer !== false) continue;
      this.#count(container, running.name);
      return false;
    }
    if (waiting === undefined) return true;
    if (mayWait) return "not yet";
    this.#count(container, waiting.name);
    return false;
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
    const losses = this.#pending.take();
    for (const [container, counts] of this.#dropped) {
      for (const [plugin, count] of counts) {
        losses.push({ container, reason: "filtered", plugin, count });
      }
    }
    this.#dropped.clear();
    return losses;
  }
}
