/**
 * Rules kept to the containers that a user asked for.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { SelectedContainers } from "../selection.ts";
import type { RuleEvent } from "./define.ts";
import type { PendingLosses } from "./pending_losses.ts";
import type { EventFilter, Verdict } from "./event_filter.ts";

/** Who else keeps events from rules. */
type Others = Omit<EventFilter, "cut"> & Partial<Pick<EventFilter, "cut">>;

/** Keeps events of other containers from rules, and then asks who else does. */
export class SelectedEvents implements EventFilter {
  readonly #selected: SelectedContainers;
  readonly #losses: PendingLosses;
  readonly #others: Others | undefined;
  readonly #asker = { isOf: (container: Container): boolean => this.#selected.has(container) };

  constructor(selected: SelectedContainers, losses: PendingLosses, others?: Others) {
    this.#selected = selected;
    this.#losses = losses;
    this.#others = others;
  }

  keeps(container: Container): boolean {
    return this.#selected.has(container) && this.#others?.keeps(container) !== false;
  }

  hears(container: Container, mayWait: boolean): Verdict {
    const verdict = this.#has(container, undefined, mayWait);
    return verdict === true ? this.#others?.hears(container, mayWait) ?? true : verdict;
  }

  passes(syscall: string, event: RuleEvent, container: Container, mayWait: boolean): Verdict {
    const verdict = this.#has(container, syscall, mayWait);
    return verdict === true
      ? this.#others?.passes(syscall, event, container, mayWait) ?? true
      : verdict;
  }

  #has(container: Container, syscall: string | undefined, mayWait: boolean): Verdict {
    if (this.#selected.has(container)) return true;
    if (mayWait && this.#selected.mayBecome(container)) return "not yet";
    this.#losses.note(this.#asker, container, syscall);
    return false;
  }

  cut(isBusy: boolean): void {
    this.#others?.cut?.(isBusy);
  }
}
