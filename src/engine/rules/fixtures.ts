/**
 * Rules at work, for the tests of this folder.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { CallEvent, type ProcessEvent } from "../../events/mod.ts";
import { callEvent, constants, record } from "../../kernel/mod.ts";
import { type Alert, makeTick, type Tick } from "../../sinks/mod.ts";
import { syscallNumber } from "../../syscalls/mod.ts";
import { defineRule, type Rule, type RuleDefinition, type RuleEvent } from "./define.ts";
import { activate, type RuleSettings } from "./load.ts";
import type { ActiveRule, RuleProblem } from "./active_rule.ts";
import { RuleSet, type RuleSetOptions } from "./rule_set.ts";
import { describeMadeUp } from "./testing/described.ts";
import { makeContainer } from "./testing/facts.ts";
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

/** A pid that no process has: PID_MAX_LIMIT is 2^22. */
const NOBODY = 2 ** 22 + 1;

/** close(fd) by "nginx" as the ring has it, at so many ns. */
export function closeCall(fd: number, time: number): CallEvent {
  const bytes = new ArrayBuffer(record.size + callEvent.size);
  const view = new DataView(bytes);
  view.setUint16(record.offset.type, constants.RECORD_CALL, true);
  view.setUint16(record.offset.flags, constants.EVENT_RETURNED, true);
  view.setUint32(record.offset.pid, NOBODY, true);
  view.setUint32(record.offset.tid, NOBODY, true);
  view.setBigUint64(record.offset.time, BigInt(time), true);
  new TextEncoder().encodeInto("nginx", new Uint8Array(bytes, record.offset.comm));
  view.setInt32(record.size + callEvent.offset.nr, syscallNumber("close") ?? -1, true);
  view.setBigUint64(record.size + callEvent.offset.arguments, BigInt(fd), true);
  return new CallEvent(bytes).move(0, bytes.byteLength);
}

/** A process of "nginx" ends by signal 11; its pid in its container is its number. */
export function exitedProcess(number: number, time: bigint, uid = 0): ProcessEvent {
  return {
    type: "exit",
    slot: 7,
    pid: NOBODY + 1 + number,
    start: 1n,
    parent: 1,
    parentStart: 1n,
    containerPid: number,
    comm: "nginx",
    uid,
    gid: 0,
    loginUid: undefined,
    session: 1,
    tty: 0,
    capabilities: 0n,
    time,
    exitCode: 11,
  };
}

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
