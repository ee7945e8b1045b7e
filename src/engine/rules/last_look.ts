/**
 * What is asked of each event, and is answered mostly as for the event before: whether all rules of its call look at
 * its container.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Running } from "./running.ts";

/** The answer to the last event. */
export class LastLook {
  #rules: readonly Running[] | undefined;
  #container: Container | undefined;
  /** What was known of the container then. */
  #metadata: Container["metadata"] | undefined;
  #areOf = false;

  /**
   * Whether all of them look at this container, as far as is known of it.
   *
   * @param rules The same array as long as they are the same.
   */
  areOf(rules: readonly Running[], container: Container): boolean {
    const { metadata } = container;
    if (
      container !== this.#container || metadata !== this.#metadata || rules !== this.#rules
    ) {
      this.#areOf = rules.every(({ filter }) => filter.isOf(container));
      this.#rules = rules;
      this.#container = container;
      this.#metadata = metadata;
    }
    return this.#areOf;
  }
}
