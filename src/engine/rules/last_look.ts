/**
 * What is asked of each event, and is answered mostly as for the event before: which rules look at its call, and whether
 * all of them look at its container.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Running } from "./running.ts";

/** The answers to the last event. */
export class LastLook {
  #syscall: string | undefined;
  #rules: readonly Running[] | undefined;
  #container: Container | undefined;
  /** What was known of the container then. */
  #metadata: Container["metadata"] | undefined;
  #areOf = false;

  /** The rules are others now. */
  forget(): void {
    this.#syscall = undefined;
    this.#rules = undefined;
    this.#container = undefined;
  }

  /** The rules that look at a call: those that `of` has. */
  rules(
    syscall: string,
    of: ReadonlyMap<string, readonly Running[]>,
  ): readonly Running[] | undefined {
    if (syscall !== this.#syscall) {
      this.#syscall = syscall;
      this.#rules = of.get(syscall);
      this.#container = undefined;
    }
    return this.#rules;
  }

  /** Whether all of them look at this container, as far as is known of it. */
  areOf(container: Container): boolean {
    const { metadata } = container;
    if (container !== this.#container || metadata !== this.#metadata) {
      this.#areOf = this.#rules?.every(({ filter }) => filter.isOf(container)) ?? false;
      this.#container = container;
      this.#metadata = metadata;
    }
    return this.#areOf;
  }
}
