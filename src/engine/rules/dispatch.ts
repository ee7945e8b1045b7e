/**
 * Events and processes handed to the rules that look at them.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Deferral } from "./deferral.ts";
import type { RuleEvent } from "./define.ts";
import type { Evaluation } from "./evaluation.ts";
import type { EventFilter } from "./event_filter.ts";
import { LastLook } from "./last_look.ts";
import type { ProcessNews } from "./process_change.ts";
import type { RuleHealth } from "./rule_health.ts";
import type { RuleIndex } from "./rule_index.ts";
import { evaluate, hearProcess, type Running } from "./running.ts";

/** Who takes part in it. */
export interface DispatchParts {
  readonly rules: RuleIndex;
  readonly evaluation: Evaluation;
  readonly health: RuleHealth;
  readonly deferral: Deferral;
  /** Looks at events before rules do. */
  readonly filter: EventFilter | undefined;
}

/** Whether a rule asks for such an event, of whatever container. What its filter throws is told when it looks. */
function asks({ isOff, filter }: Running, event: RuleEvent): boolean {
  try {
    return !isOff && filter.passes(event);
  } catch {
    return true;
  }
}

/** Hands over. */
export class Dispatch {
  readonly #rules: RuleIndex;
  readonly #evaluation: Evaluation;
  readonly #health: RuleHealth;
  readonly #deferral: Deferral;
  readonly #filter: EventFilter | undefined;
  readonly #last = new LastLook();

  constructor({ rules, evaluation, health, deferral, filter }: DispatchParts) {
    this.#rules = rules;
    this.#evaluation = evaluation;
    this.#health = health;
    this.#deferral = deferral;
    this.#filter = filter;
  }

  /**
   * Rules that look at a call look at an event of it.
   *
   * @param from Which of them is first: those before it have seen it already.
   * @param to Which is the first that does not.
   * @param only The ids of those that do; undefined: all.
   */
  event(
    syscall: string,
    event: RuleEvent,
    container: Container,
    from: number,
    to: number,
    only: ReadonlySet<string> | undefined,
  ): void {
    const evaluation = this.#evaluation;
    evaluation.done = from;
    const rules = this.#rules.ofCall(syscall);
    if (rules.length === 0) return;
    const deferral = this.#deferral;
    const mayWait = deferral.mayWait(container);
    // Who is called again behind a rule that was cut short has passed it already.
    if (from === 0 && this.#filter !== undefined) {
      const passes = this.#filter.passes(syscall, event, container, mayWait);
      const verdict = deferral.inOrder(passes, container);
      if (verdict === "not yet" && rules.some((each) => asks(each, event))) deferral.all();
      if (verdict !== true) return;
    }
    evaluation.lookAt(container, event, undefined);
    const end = Math.min(rules.length, to);
    const areOf = this.#last.areOf(rules, container);
    for (let next = from; next < end; evaluation.done = ++next) {
      const running = rules[next]!;
      if (running.isOff || only?.has(running.rule.id) === false) continue;
      const { filter } = running;
      if (!areOf && !filter.isOf(container)) {
        if (!mayWait) deferral.passedOver(running, container, syscall);
        continue;
      }
      evaluation.running = running;
      try {
        if (filter.passesAll || filter.passes(event)) {
          this.#health.returned(running, evaluate(running, event));
        }
      } catch (error) {
        this.#health.failed(running, error);
      }
      evaluation.running = undefined;
    }
    if (mayWait) deferral.some(rules.filter((each) => asks(each, event)), container, only);
  }

  /** Rules that hear of processes hear of one; the rest is as of an event. */
  process(
    change: ProcessNews,
    from: number,
    to: number,
    only: ReadonlySet<string> | undefined,
  ): void {
    const evaluation = this.#evaluation;
    evaluation.done = from;
    const { container, process: { uid } } = change;
    const rules = this.#rules.ofProcesses;
    const deferral = this.#deferral;
    const mayWait = deferral.mayWait(container);
    if (from === 0 && this.#filter !== undefined) {
      const verdict = deferral.inOrder(this.#filter.hears(container, mayWait), container);
      const areAsking = () => rules.some((each) => !each.isOff && each.filter.isOfUser(uid));
      if (verdict === "not yet" && areAsking()) deferral.all();
      if (verdict !== true) return;
    }
    evaluation.lookAt(container, undefined, change.time, change);
    const end = Math.min(rules.length, to);
    for (; evaluation.done < end; evaluation.done++) {
      const running = rules[evaluation.done]!;
      const { filter } = running;
      if (running.isOff || !filter.isOfUser(uid) || only?.has(running.rule.id) === false) continue;
      if (!filter.isOf(container)) {
        if (!mayWait) deferral.passedOver(running, container, undefined);
        continue;
      }
      evaluation.running = running;
      try {
        this.#health.returned(running, hearProcess(running, change));
      } catch (error) {
        this.#health.failed(running, error);
      }
      evaluation.running = undefined;
    }
    if (mayWait) deferral.some(rules.filter(({ filter }) => filter.isOfUser(uid)), container, only);
  }
}
