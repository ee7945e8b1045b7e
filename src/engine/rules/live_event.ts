/**
 * The kernel's events as rules see them.
 *
 * @module
 */
import type { Event } from "../../events/decoded/mod.ts";
import type { Described, Program } from "../../processes/mod.ts";
import type { ArgumentsOf, CallName, ResultOf } from "../../syscalls/arguments/mod.ts";
import { containerView } from "./container_view.ts";
import type { RuleContainer, RuleEvent, RuleProcess } from "./define.ts";
import { lookAt, ProcessView } from "./process_view.ts";

/** What a rule can reach of an event: to look at, and nothing else. One view serves all rules, and all events. */
export class LiveEvent<Name extends CallName = CallName> implements RuleEvent<Name> {
  readonly #event: Event<Name>;
  readonly #process: ProcessView;
  /** Views of arguments are kept from event to event: nothing may stick to one. */
  #frozen: ArgumentsOf<Name> | undefined;

  constructor(event: Event<Name>) {
    this.#event = event;
    this.#process = new ProcessView(event.process);
    Object.freeze(this);
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
    const { args } = this.#event;
    if (args !== this.#frozen) {
      Object.freeze(args);
      this.#frozen = args;
    }
    return args;
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
    return this.#process;
  }

  get executed(): Program | undefined {
    const { executed } = this.#event;
    return executed === undefined ? undefined : lookAt(executed);
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
