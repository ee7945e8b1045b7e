/**
 * Rules at work, for the tests of this folder.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Alert } from "../../sinks/mod.ts";
import type { Tick } from "../../sinks/mod.ts";
import { defineRule, type Rule, type RuleDefinition, type RuleEvent } from "./define.ts";
import { activate, type RuleSettings } from "./load.ts";
import type { ActiveRule, RuleProblem } from "./active_rule.ts";
import { RuleSet, type RuleSetOptions } from "./rule_set.ts";
import { describeMadeUp } from "./testing/described.ts";
import { makeContainer, makeTick } from "./testing/facts.ts";
import { type EventFacts, MadeUpEvent } from "./testing/inputs.ts";

/** A rule on close(2), unless it is said otherwise. */
export function rule(id: string, definition: Partial<RuleDefinition<"close">> = {}): Rule {
  return defineRule({
    id,
    title: id,
    severity: "warning",
    syscalls: ["close"],
    evaluate: ({ alert }) => alert(id),
    ...definition,
  });
}

/** A call, by default close(3) at the beginning of time. */
export function call(
  name = "close",
  args: Readonly<Record<string, unknown>> = {},
  facts: EventFacts = {},
): RuleEvent {
  return new MadeUpEvent<"close">(name, args, { time: 0n, ...facts }, () => []);
}

/** The container of that name: the same each time. */
export function container(name: string): Container {
  const known = containers.get(name) ?? makeContainer({ name });
  containers.set(name, known);
  return known;
}
const containers = new Map<string, Container>();

/** A tick so many ms after the beginning of time. */
export function tickAt(milliseconds: number, facts: Partial<Tick> = {}): Tick {
  return makeTick(BigInt(milliseconds) * 1_000_000n, facts);
}

/** A set of rules, and what it has told. */
export class Trial {
  readonly alerts: Alert[] = [];
  readonly problems: RuleProblem[] = [];
  readonly set: RuleSet;

  constructor(
    rules: readonly (Rule | ActiveRule)[],
    options: Partial<RuleSetOptions> = {},
    settings: RuleSettings = {},
  ) {
    const active = rules.map((each) =>
      "kind" in each ? activate({ rule: each, file: `/rules/${each.id}.ts` }, settings) : each
    );
    this.set = new RuleSet(active, {
      onAlert: (alert) => this.alerts.push(alert),
      onProblem: (problem) => this.problems.push(problem),
      describe: describeMadeUp,
      ...options,
    });
  }

  /** Hands over close(2) of a container, so many ms after the beginning of time. */
  close(milliseconds = 0, name = "a"): void {
    const event = call("close", {}, {
      time: BigInt(milliseconds) * 1_000_000n,
      container: { name },
    });
    this.set.guarded(() => this.set.event("close", event, container(name)));
  }

  get messages(): string[] {
    return this.alerts.map(({ message }) => message);
  }

  get told(): string[] {
    return this.problems.map(({ rule, message, isOff }) =>
      `${rule}: ${message.split("\n")[0]}${isOff ? " (off)" : ""}`
    );
  }
}
