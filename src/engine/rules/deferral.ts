/**
 * Events of containers whose name is not known yet: who asks for containers by name looks at them when it is.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Patience } from "../waiting/mod.ts";
import type { Verdict } from "./event_filter.ts";
import type { PendingLosses } from "./pending_losses.ts";
import { idsOf } from "./rule_index.ts";
import type { Running } from "./running.ts";

/** Puts off what is looked at now. */
export class Deferral {
  readonly #patience: Patience | undefined;
  readonly #losses: PendingLosses | undefined;

  /**
   * @param patience Undefined: nothing waits.
   * @param losses Counts what is passed over instead.
   */
  constructor(patience: Patience | undefined, losses: PendingLosses | undefined) {
    this.#patience = patience;
    this.#losses = losses;
  }

  /** Whether an event may wait until more is known of its container. */
  mayWait(container: Container): boolean {
    return container.metadata.state === "pending" && this.#patience?.mayWait(container) === true;
  }

  /** Nothing goes before what waits already, as long as there is room for it. */
  inOrder(verdict: Verdict, container: Container): Verdict {
    if (verdict !== true || container.metadata.state !== "pending") return verdict;
    const isBehind = this.#patience?.holds(container) === true;
    return isBehind && this.mayWait(container) ? "not yet" : true;
  }

  /** It waits for all rules, and the filter is asked again. */
  all(): void {
    this.#patience?.wait(undefined);
  }

  /** Of these rules it waits for those that may ask for its container. */
  some(
    rules: readonly Running[],
    container: Container,
    only: ReadonlySet<string> | undefined,
  ): void {
    const ids = idsOf(
      rules.filter(({ isOff, rule: { id }, filter }) =>
        !isOff && only?.has(id) !== false && filter.mayBeOf(container)
      ),
    );
    if (ids.length > 0) this.#patience?.wait(ids);
  }

  /** A rule has passed it over, which asks for other containers as far as is known; undefined: it is of no call. */
  passedOver({ filter }: Running, container: Container, syscall: string | undefined): void {
    this.#losses?.note(filter, container, syscall);
  }
}
