/**
 * Runs a rule on made-up inputs, by the same engine that runs it live.
 *
 * @module
 */
import type { Container } from "../../../containers/mod.ts";
import { type Alert, keyOf, makeTick } from "../../../sinks/mod.ts";
import type { CallName } from "../../../syscalls/arguments/mod.ts";
import { containerView } from "../container_view.ts";
import type { Rule, RuleContainer, Severity } from "../define.ts";
import { millisecondsOf } from "../duration.ts";
import { activate, checkRule, type RuleSettings } from "../load.ts";
import type { RuleProblem } from "../active_rule.ts";
import { RuleSet } from "../rule_set.ts";
import { describeMadeUp } from "./described.ts";
import { BEGINNING } from "./facts.ts";
import { type MadeUpChange, MadeUpEvent, MadeUpProcessChange, MadeUpTally } from "./inputs.ts";

/** What a rule can be run on. */
export type Input = MadeUpEvent<CallName> | MadeUpTally | MadeUpChange | MadeUpProcessChange;

/** How a rule is run: what a configuration would say of it. */
export interface RunOptions extends Omit<RuleSettings, "enabled"> {
  /** Time goes on until then after the last input, from the beginning of all tests: `10m`. */
  readonly until?: string;
}

/** An alert that a rule has raised. */
export interface RaisedAlert {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly container: RuleContainer | undefined;
  /** How many were held back before it; of one that only tells of those, how many it tells of. */
  readonly suppressed: number;
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
}

/** Counts since the beginning, by container. */
class Totals {
  readonly #byContainer = new Map<string, Map<string, number>>();

  add({ container, added, total }: MadeUpTally): ReadonlyMap<string, number> {
    const key = keyOf(container);
    const sums = new Map(total === undefined ? this.#byContainer.get(key) : Object.entries(total));
    if (total === undefined) {
      for (const [name, calls] of Object.entries(added)) {
        sums.set(name, (sums.get(name) ?? 0) + calls);
      }
    }
    this.#byContainer.set(key, sums);
    return sums;
  }
}

/** Stands in for the file of a rule that is under test. */
const FILE = "rule under test";

/**
 * Runs a rule on inputs, in their order, at their times.
 *
 * @returns the alerts, those that tell what a limit held back among them.
 * @throws what the rule throws; an error if it is async, never returns, or its options don't fit.
 */
export function runRule(
  rule: Rule,
  inputs: readonly Input[],
  options: RunOptions = {},
): RaisedAlert[] {
  const { until, ...settings } = options;
  const alerts: RaisedAlert[] = [];
  const problems: RuleProblem[] = [];
  checkRule(rule, FILE);
  const active = activate({ rule, file: FILE }, settings);
  const set = new RuleSet([active], {
    onAlert: (alert: Alert) => {
      const { message, fields, container, suppressed, time } = alert;
      alerts.push({
        rule: alert.rule,
        severity: active.severity,
        message,
        fields,
        container: container === undefined ? undefined : containerView(container),
        suppressed,
        time,
      });
    },
    onProblem: (problem) => problems.push(problem),
    describe: describeMadeUp,
  });
  const containers = new Map<string, Container>();
  /** As live, one object stands for a container as long as nothing else is said of it. */
  const same = (container: Container): Container => {
    const key = JSON.stringify([container.identity, container.metadata]);
    const known = containers.get(key) ?? container;
    containers.set(key, known);
    return known;
  };
  const totals = new Totals();
  let now = BEGINNING;
  const throwProblems = () => {
    const fatal = problems.find(({ error, isOff }) => error !== undefined || isOff);
    if (fatal !== undefined) throw fatal.error ?? new Error(`rule ${fatal.rule} ${fatal.message}`);
  };
  const step = (code: () => void) => {
    set.guarded(code);
    throwProblems();
  };
  const give = (input: Input) => {
    if (input instanceof MadeUpEvent) {
      set.event(input.syscall, input, same(MadeUpEvent.containerOf(input)));
    } else if (input instanceof MadeUpTally) {
      const container = same(input.container);
      const added = new Map(Object.entries(input.added));
      const tallies = [{ container, total: totals.add(input), new: added }];
      set.tick(makeTick(input.time, { interval: input.interval, tallies }));
    } else if (input instanceof MadeUpProcessChange) {
      const { action, time, process, exit } = input;
      const container = same(input.container);
      const describe = () => input.describe();
      set.process({ action, time, process, exit, container, describe });
    } else {
      const { action, time } = input;
      const changes = [{ action, container: same(input.container), time }];
      set.tick(makeTick(time, { changes }));
    }
  };
  for (const input of inputs) {
    // As time goes by, windows end and tell what they held back.
    if (input.time > now) step(() => set.tick(makeTick(now = input.time)));
    step(() => give(input));
  }
  if (until !== undefined) {
    const end = BEGINNING + BigInt(Math.round(millisecondsOf(until))) * 1_000_000n;
    step(() => set.tick(makeTick(end)));
  }
  step(() => set.end());
  return alerts;
}
