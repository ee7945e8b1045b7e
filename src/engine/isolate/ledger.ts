/**
 * What rules in the child tell of, until it is sent.
 *
 * Limits are the monitor's, since they have to outlive the child. But a rule that raises a million alerts must not
 * send as many: within one batch there are as many as its limit lets pass at most, and the rest is counted.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Alert, AlertEvent } from "../../sinks/mod.ts";
import { Limiter, type Verdict } from "../rules/limits.ts";
import type { AlertQuota, Limit } from "../rules/quota.ts";
import type { RuleProblem } from "../rules/mod.ts";
import type { SentAlert, SentHeld, SentProblem, Told } from "./messages.ts";

/** Characters of a message, of fields as JSON, of a key: what is longer is cut or left out. */
const MESSAGE = 16 * 1024;
const FIELDS = 64 * 1024;
const KEY = 1024;

/** Characters of all alerts that are sent together; of more, those that follow are counted alone. */
const ROOM = 8 * 1024 * 1024;

/** Of an event that is described elsewhere. */
const nobody: AlertEvent = {
  process: { pid: 0, creation: { time: "" }, user: { id: 0 }, group: { id: 0 } },
  thread: { id: 0, name: "" },
  call: { syscall: "", args: {}, ret: null },
};

/** A list of what has happened. */
export class Ledger {
  /** Which event of the batch is looked at. */
  event = 0;
  #containers = new Map<Container, number>();
  #limiters = new Map<AlertQuota, Limiter<string>>();
  #alerts: SentAlert[] = [];
  #held = new Map<string, SentHeld>();
  #problems: SentProblem[] = [];
  #room = ROOM;
  /** Where events are that alerts were raised about. */
  readonly #eventOf = new WeakMap<object, number>();

  /** Other work begins. */
  begin(containers: readonly Container[]): void {
    this.#containers = new Map(containers.map((each, at) => [each, at]));
    this.#limiters = new Map();
    this.event = 0;
    this.#room = ROOM;
  }

  /** Stands for the event that is looked at: the monitor has it, and describes it itself. */
  describe(): AlertEvent {
    const event: AlertEvent = { ...nobody };
    this.#eventOf.set(event, this.event);
    return event;
  }

  /** Takes in an alert. */
  alert({ rule, event, container, time, message, fields }: Alert, key: string): void {
    const at = event === undefined
      ? container && this.#containers.get(container)
      : this.#eventOf.get(event);
    if (at === undefined) return;
    const length = fields === undefined ? 0 : JSON.stringify(fields).length;
    const sent = {
      rule,
      at,
      ...(event === undefined && { time: time.toString() }),
      message: message.slice(0, MESSAGE),
      ...(fields !== undefined && { fields: length > FIELDS ? tooLong(length) : { ...fields } }),
      key: key.slice(0, KEY),
    };
    this.#alerts.push(sent);
    this.#room -= message.length + length + KEY;
  }

  /** Takes in what is wrong with a rule. */
  problem({ rule, message, isOff }: RuleProblem | SentProblem): void {
    this.#problems.push({
      ...(rule !== undefined && { rule }),
      message: message.slice(0, MESSAGE),
      isOff,
    });
  }

  /** What becomes of an alert: see the module's own comment. */
  #take(
    quota: AlertQuota,
    rule: string,
    limit: Limit,
    wholeKey: string,
    time: bigint,
  ): Verdict {
    const key = wholeKey.slice(0, KEY);
    let limiter = this.#limiters.get(quota);
    if (limiter === undefined) {
      this.#limiters.set(quota, limiter = new Limiter(limit.burst, limit.milliseconds));
    }
    const { passes } = limiter.take(key, Number(time / 1_000_000n));
    if (passes && this.#room > 0) return { passes, suppressed: 0 };
    const container = this.#containers.get(quota.container);
    if (container === undefined) return { passes: false };
    const id = `${rule} ${container} ${key}`;
    const count = (this.#held.get(id)?.count ?? 0) + 1;
    this.#held.set(id, { rule, container, key, count, time: time.toString() });
    return { passes: false };
  }

  /** What a rule may tell of a container. */
  quota(rule: string, container: Container, limit: Limit): AlertQuota {
    const quota: AlertQuota = {
      container,
      isIdle: true,
      time: 0n,
      take: (key, time) => this.#take(quota, rule, limit, key, time),
      release: () => 0,
      end: () => 0,
    };
    return quota;
  }

  /** All that there is to tell; it is told then. */
  tell(): Told {
    const told = {
      alerts: this.#alerts,
      held: [...this.#held.values()],
      problems: this.#problems,
    };
    this.#alerts = [];
    this.#held.clear();
    this.#problems = [];
    return told;
  }

  /** What is wrong with rules, by itself. */
  tellProblems(): SentProblem[] {
    return this.#problems.splice(0);
  }
}

function tooLong(length: number): Record<string, unknown> {
  return { error: `${length} characters of fields are too many: ${FIELDS} at most` };
}
