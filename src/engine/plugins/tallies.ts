/**
 * Plugins on exact counts: what they see each tick, and what they hide from the view.
 *
 * @module
 */
import type { ContainerTally, Counts, HiddenCounts, Tick } from "../../sinks/mod.ts";
import { containerView } from "../rules/container_view.ts";
import type { PluginTally } from "./define.ts";
import { asIs, type Running } from "./running.ts";

/** Calls of one container that plugins hide. */
class Hiding {
  readonly #tally: ContainerTally;
  readonly #total = new Map<string, number>();
  readonly #new = new Map<string, number>();
  readonly #by = new Set<string>();

  constructor(tally: ContainerTally) {
    this.#tally = tally;
  }

  /** Hides calls, as many as there are at most. */
  hide(
    by: string,
    syscall: string,
    calls?: { readonly total: number; readonly new: number },
  ): void {
    const before = this.#total.get(syscall) ?? 0;
    set(this.#total, syscall, this.#tally.total, calls?.total);
    set(this.#new, syscall, this.#tally.new, calls?.new);
    if ((this.#total.get(syscall) ?? 0) > before) this.#by.add(by);
  }

  get hidden(): HiddenCounts | undefined {
    return this.#by.size === 0
      ? undefined
      : { total: this.#total, new: this.#new, by: [...this.#by] };
  }
}

function set(hidden: Map<string, number>, syscall: string, of: Counts, calls = Infinity): void {
  if (!(calls > 0)) return;
  const most = of.get(syscall) ?? 0;
  const count = Math.min(most, (hidden.get(syscall) ?? 0) + Math.floor(calls));
  if (count > 0) hidden.set(syscall, count);
}

/** Plugins' `tally`, in their order. */
export class TallyHooks {
  readonly #plugins: readonly Running[];

  constructor(plugins: readonly Running[]) {
    this.#plugins = plugins.filter(({ plugin }) => plugin.tally !== undefined);
  }

  /** The tick, with what is to be hidden in a view. */
  apply(tick: Tick): Tick {
    if (this.#plugins.length === 0 || tick.tallies.length === 0) return tick;
    const all = tick.tallies.map((tally) => ({
      tally,
      view: viewOf(tally, tick),
      hiding: new Hiding(tally),
    }));
    for (const running of this.#plugins) {
      running.call((context) => {
        let result: unknown;
        for (const { view, hiding } of all) {
          result = running.plugin.tally?.({
            ...context,
            tally: view,
            hide: (syscall, calls) => hiding.hide(running.name, syscall, calls),
          });
        }
        return result;
      }, asIs);
    }
    const tallies = all.map(({ tally, hiding: { hidden } }) =>
      hidden === undefined ? tally : { ...tally, hidden }
    );
    return { ...tick, tallies };
  }
}

function viewOf(tally: ContainerTally, { time, interval }: Tick): PluginTally {
  return Object.freeze({
    container: containerView(tally.container),
    time,
    interval,
    total: tally.total,
    new: tally.new,
    onTerminal: tally.onTerminal,
  });
}
