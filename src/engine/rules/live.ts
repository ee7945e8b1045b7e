/**
 * Rules on the kernel's events: what they see of an event, and which calls they make the kernel send.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import { callSpecs, Event } from "../../events/decoded/mod.ts";
import type { CallEvent } from "../../events/mod.ts";
import type { Described, Program } from "../../processes/mod.ts";
import type { ArgumentsOf, CallName, ResultOf } from "../../syscalls/arguments/mod.ts";
import type { AlertEvent, Tick } from "../../sinks/mod.ts";
import { eventRecord } from "../../sinks/events/mod.ts";
import type { Monitor } from "../monitor.ts";
import { containerView } from "./container_view.ts";
import { type ActiveRule, RuleSet, type RuleSetOptions } from "./rule_set.ts";
import type { RuleContainer, RuleEvent, RuleProcess } from "./define.ts";

/** What a rule can reach of an event: to look at, and nothing else. */
export class LiveEvent<Name extends CallName = CallName> implements RuleEvent<Name> {
  readonly #event: Event<Name>;

  constructor(event: Event<Name>) {
    this.#event = event;
  }

  get syscall(): string {
    return this.#event.syscall;
  }

  get time(): bigint {
    return this.#event.time;
  }

  get duration(): number | undefined {
    return this.#event.duration;
  }

  get args(): ArgumentsOf<Name> {
    return this.#event.args;
  }

  get result(): ResultOf<Name> | undefined {
    return this.#event.result;
  }

  get ok(): boolean {
    return this.#event.ok;
  }

  get error(): string | undefined {
    return this.#event.error;
  }

  get process(): RuleProcess {
    return this.#event.process;
  }

  get executed(): Program | undefined {
    return this.#event.executed;
  }

  get container(): RuleContainer {
    return containerView(this.#event.container);
  }

  describe(fd: number): Described | undefined {
    return this.#event.describe(fd);
  }

  copy(): RuleEvent<Name> {
    return new LiveEvent(this.#event.copy());
  }

  toJSON(): object {
    return this.#event.toJSON();
  }
}

/** Records that are taken together: a batch is what a rule that never returns is cut out of. */
const BATCH = 1024;

/** Rules on a monitor's events and ticks. */
export class LiveRules {
  readonly #monitor: Monitor;
  readonly #rules: RuleSet;
  readonly #event: Event;
  readonly #view: LiveEvent;
  #wanted: readonly string[] = [];

  constructor(
    monitor: Monitor,
    rules: readonly ActiveRule[],
    options: Omit<RuleSetOptions, "describe">,
  ) {
    this.#monitor = monitor;
    this.#event = new Event(monitor.processes, monitor.bootTime);
    this.#view = new LiveEvent(this.#event);
    this.#rules = new RuleSet(rules, { ...options, describe: () => this.#describe() });
    this.#want();
  }

  /** Has the kernel send what rules that still run look at. */
  #want(): void {
    const wanted = this.#rules.syscalls;
    if (wanted.join() === this.#wanted.join()) return;
    this.#wanted = wanted;
    this.#monitor.want(callSpecs(wanted), (container) => this.#rules.isOf(container));
  }

  #describe(): AlertEvent {
    const { process, executed, descriptors } = eventRecord(this.#event, { isFollowed: true });
    return {
      process,
      call: {
        ...this.#event.toJSON(),
        ...(executed !== undefined && { executed }),
        ...(descriptors !== undefined && { descriptors }),
      },
    };
  }

  /**
   * Rules look at what has come.
   *
   * @returns how many records that was.
   */
  drain(): number {
    let all = 0;
    for (let taken = BATCH; taken === BATCH;) {
      // One that was cut short is followed by another: what is behind it in the ring is still to come.
      taken = this.#rules.guarded(() => this.#monitor.drain(this.#onCall, BATCH)) ?? BATCH;
      all += taken;
    }
    return all;
  }

  readonly #onCall = (call: CallEvent, container: Container): void => {
    const event = this.#event.show(call, container);
    const { syscall } = event;
    // 32-bit code's calls are those that a rule named, by another number.
    this.#rules.event(syscall.slice(syscall.indexOf(":") + 1), this.#view, container);
    event.follow();
  };

  /** Rules hear of a tick. */
  tick(tick: Tick): void {
    this.#rules.guarded(() => this.#rules.tick(tick));
    this.#want();
  }

  /** What was held back until now is told. */
  end(): void {
    this.#rules.end();
  }
}
