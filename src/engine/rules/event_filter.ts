/**
 * What looks at events before rules do.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { RuleEvent } from "./define.ts";

/** What a filter says of an event. "not yet": that depends on what is still to be known of its container. */
export type Verdict = boolean | "not yet";

/** Keeps events from rules. */
export interface EventFilter {
  /** Whether a container's events are of interest at all. */
  keeps(container: Container): boolean;
  /**
   * Whether rules are to hear of a process of a container. Guarded, as `passes` is.
   *
   * @param mayWait Otherwise the answer is not "not yet", and what is kept from rules for that is counted.
   */
  hears(container: Container, mayWait: boolean): Verdict;
  passes(syscall: string, event: RuleEvent, container: Container, mayWait: boolean): Verdict;
  /** The batch was cut short while no rule ran. */
  cut(isBusy: boolean): void;
}
