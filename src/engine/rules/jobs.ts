/**
 * What rules hear of a tick, rule by rule.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { ContainerChange, ContainerTally, Tick } from "../../sinks/mod.ts";
import type { Heard } from "./container_news.ts";
import { containerView } from "./container_view.ts";
import type { RaiseAlert, Rule } from "./define.ts";
import type { Running } from "./running.ts";

/** A rule's code, to be run. */
export interface Job {
  readonly running: Running;
  readonly container: Container;
  readonly time: bigint;
  readonly code: (alert: RaiseAlert) => unknown;
}

/** All that rules have to do at a tick, in their order. */
export function* jobsOf(
  rules: readonly Running[],
  { time, interval, changes, tallies }: Tick,
  heard: Heard | undefined,
): Generator<Job> {
  for (const running of rules) {
    const { id, onContainer, onTally } = running.rule;
    if (onContainer !== undefined) {
      const own = heard === undefined ? changes : heard.get(id) ?? [];
      for (const change of own) yield changeJob(running, change, onContainer);
    }
    if (onTally === undefined) continue;
    for (const tally of tallies) yield tallyJob(running, tally, { time, interval }, onTally);
  }
}

function changeJob(
  running: Running,
  { action, container, time }: ContainerChange,
  onContainer: NonNullable<Rule["onContainer"]>,
): Job {
  const view = containerView(container);
  const options = running.options as never;
  return {
    running,
    container,
    time,
    code: (alert) => onContainer({ action, container: view, time, options, alert }),
  };
}

function tallyJob(
  running: Running,
  { container, total, new: added }: ContainerTally,
  { time, interval }: Pick<Tick, "time" | "interval">,
  onTally: NonNullable<Rule["onTally"]>,
): Job {
  const options = running.options as never;
  const tally = Object.freeze({
    container: containerView(container),
    time,
    interval,
    totalCalls: (syscall: string) => total.get(syscall) ?? 0,
    newCalls: (syscall: string) => added.get(syscall) ?? 0,
  });
  return {
    running,
    container,
    time,
    code: (alert) => onTally({ tally, options, alert }),
  };
}
