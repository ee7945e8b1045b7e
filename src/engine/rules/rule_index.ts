/**
 * Which rules there are, and which of them look at what.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Hearer } from "./container_news.ts";
import type { Rule } from "./define.ts";
import type { Running } from "./running.ts";

const none: readonly Running[] = [];

/** Rules that run, in their order. */
export class RuleIndex {
  #all = none;
  readonly #byCall = new Map<string, readonly Running[]>();
  #ofProcesses = none;
  /** What was asked for last: most events are of the same call as the one before. */
  #lastCall: string | undefined;
  #ofLastCall = none;

  /** Puts rules in the place of those that were here. */
  set(rules: readonly Running[]): void {
    this.#all = rules;
    this.#byCall.clear();
    this.#lastCall = undefined;
    for (const running of rules) {
      for (const syscall of new Set<string>(running.rule.syscalls)) {
        this.#byCall.set(syscall, [...this.#byCall.get(syscall) ?? none, running]);
      }
    }
    this.#ofProcesses = rules.filter(({ rule }) => rule.onProcess !== undefined);
  }

  get all(): readonly Running[] {
    return this.#all;
  }

  /** Those that look at a call, switched off or not. */
  ofCall(syscall: string): readonly Running[] {
    if (syscall !== this.#lastCall) {
      this.#lastCall = syscall;
      this.#ofLastCall = this.#byCall.get(syscall) ?? none;
    }
    return this.#ofLastCall;
  }

  /** Likewise those that hear of processes. */
  get ofProcesses(): readonly Running[] {
    return this.#ofProcesses;
  }

  /** The calls that some rule still looks at, and which rules these are. */
  get wantedCalls(): Map<string, Rule[]> {
    const wanted = new Map<string, Rule[]>();
    for (const [syscall, all] of this.#byCall) {
      const rules = all.filter(({ isOff }) => !isOff).map(({ rule }) => rule);
      if (rules.length > 0) wanted.set(syscall, rules);
    }
    return wanted;
  }

  /** Whether some rule still looks at calls of this container. */
  wantsCallsOf(container: Container): boolean {
    return this.#all.some(({ rule, isOff, filter }) =>
      !isOff && (rule.syscalls?.length ?? 0) > 0 && filter.isOf(container)
    );
  }

  /**
   * Rules that still hear of containers.
   *
   * @param keeps Whether a container is for rules at all.
   */
  hearers(keeps: (container: Container) => boolean): Hearer[] {
    return this.#all.filter(({ rule, isOff }) => rule.onContainer !== undefined && !isOff)
      .map(({ rule: { id }, filter }) => ({
        id,
        isOf: (container) => keeps(container) && filter.isOf(container),
      }));
  }
}

/** Their ids, in their order. */
export function idsOf(rules: readonly Running[]): string[] {
  return rules.map(({ rule: { id } }) => id);
}
