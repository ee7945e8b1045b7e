/**
 * What a rule under test is given: calls, counts, containers that come and go.
 *
 * @module
 */
import type { Container } from "../../../containers/mod.ts";
import type { Described, Program } from "../../../processes/mod.ts";
import {
  argument,
  argumentNames,
  type ArgumentsOf,
  type CallName,
  decodeArguments,
  decodeResult,
  errorName,
  isError,
  outcomesOf,
  resultJson,
  type ResultOf,
} from "../../../syscalls/arguments/mod.ts";
import { containerView } from "../container_view.ts";
import { type AlertEvent, rfc3339 } from "../../../sinks/mod.ts";
import type {
  ContainerContext,
  ProcessExit,
  RuleContainer,
  RuleEvent,
  RuleProcess,
} from "../define.ts";
import type { ProcessNews } from "../process_change.ts";
import { encode, type Encoded, type GivenResult } from "./encode.ts";
import {
  type ContainerFacts,
  makeContainer,
  makeProcess,
  makeProgram,
  type ProcessFacts,
  type ProgramFacts,
  type TimeFacts,
  timeOf,
} from "./facts.ts";
import type { NumbersOf } from "./struct_bytes.ts";

/** What a made-up event says besides its arguments. */
export interface EventFacts extends TimeFacts {
  /** What it returned: 0 by default, 3 of a call that opens something; null: it has not. */
  readonly result?: number | bigint | null;
  /** It failed: `ENOENT`. */
  readonly error?: string;
  /** Nanoseconds from enter to exit. */
  readonly duration?: number;
  readonly container?: ContainerFacts;
  readonly process?: ProcessFacts;
  /** What an execve that succeeded has begun. */
  readonly executed?: ProgramFacts;
  /** What the caller's descriptors refer to, by number. */
  readonly descriptors?: Readonly<Record<number, string>>;
}

function errorNumber(name: string): bigint {
  for (let number = 1n; number < 4096n; number++) if (errorName(-number) === name) return -number;
  throw new TypeError(`there is no error ${name}`);
}

function resultOf({ result, error }: EventFacts): GivenResult {
  if (error !== undefined) return errorNumber(error);
  return result === undefined || result === null ? result : BigInt(result);
}

/** Arguments of which some are as they were given: the others are decoded. */
function mixed({ call, architecture, asGiven }: Encoded): object {
  const decoded = decodeArguments(call, architecture);
  if (asGiven.size === 0) return decoded;
  const args = { toJSON: () => ({ ...decoded.toJSON(), ...Object.fromEntries(asGiven) }) };
  Object.defineProperty(args, "toJSON", { enumerable: false });
  const outcomes = outcomesOf(call, architecture).map(({ name }) => name);
  for (const name of [...argumentNames(call, architecture), ...outcomes]) {
    const get = () => asGiven.has(name) ? asGiven.get(name) : argument(call, name, architecture);
    Object.defineProperty(args, name, { enumerable: true, get });
  }
  return args;
}

/** A call, made up. */
export class MadeUpEvent<Name extends CallName> implements RuleEvent<Name> {
  readonly #name: string;
  readonly #encoded: Encoded;
  readonly #args: object;
  readonly #facts: EventFacts;
  readonly #time: bigint;
  readonly #container: Container;
  readonly #process: RuleProcess;
  readonly #executed: Program | undefined;

  constructor(
    name: string,
    args: Readonly<Record<string, unknown>>,
    facts: EventFacts,
    numbersOf: NumbersOf,
  ) {
    this.#name = name;
    this.#facts = facts;
    this.#encoded = encode(name, args, resultOf(facts), numbersOf);
    this.#args = Object.freeze(mixed(this.#encoded));
    this.#time = timeOf(facts);
    this.#container = makeContainer(facts.container);
    this.#process = makeProcess(facts.process);
    this.#executed = facts.executed === undefined ? undefined : makeProgram(facts.executed);
    Object.freeze(this);
  }

  /** The container as the engine has it. */
  static containerOf(event: MadeUpEvent<CallName>): Container {
    return event.#container;
  }

  get syscall(): string {
    return this.#name;
  }

  get time(): bigint {
    return this.#time;
  }

  get duration(): number | undefined {
    return this.#result === undefined ? undefined : this.#facts.duration ?? 1000;
  }

  get #result(): bigint | undefined {
    return this.#encoded.call.result;
  }

  get args(): ArgumentsOf<Name> {
    return this.#args as ArgumentsOf<Name>;
  }

  get result(): ResultOf<Name> | undefined {
    return decodeResult<Name>(this.#encoded.call, this.#encoded.architecture);
  }

  get ok(): boolean {
    return this.#result !== undefined && !isError(this.#result);
  }

  get error(): string | undefined {
    return this.#result === undefined ? undefined : errorName(this.#result);
  }

  get process(): RuleProcess {
    return this.#process;
  }

  get executed(): Program | undefined {
    return this.#executed;
  }

  get container(): RuleContainer {
    return containerView(this.#container);
  }

  describe(fd: number): Described | undefined {
    const text = this.#facts.descriptors?.[fd];
    return text === undefined ? undefined : { text, from: "event" };
  }

  /** It is its own already: nothing is shown in its place. */
  copy(): RuleEvent<Name> {
    return this;
  }

  toJSON(): object {
    const { error, duration } = this;
    return {
      syscall: this.syscall,
      args: this.#args,
      ret: resultJson(this.#encoded.call, this.#encoded.architecture),
      ...(error !== undefined && { error }),
      ...(duration !== undefined && { duration_ns: duration }),
    };
  }
}

/** What a made-up tally says besides the new calls. */
export interface TallyFacts extends TimeFacts {
  readonly container?: ContainerFacts;
  /** Calls since the container was seen: the sum of all tallies of it, unless it is said. */
  readonly total?: Readonly<Record<string, number>>;
  /** ms since the tick before: 1,000. */
  readonly interval?: number;
}

/** A tick's counts of one container. */
export class MadeUpTally {
  readonly container: Container;
  readonly time: bigint;
  readonly interval: number;
  readonly total: Readonly<Record<string, number>> | undefined;

  constructor(readonly added: Readonly<Record<string, number>>, facts: TallyFacts = {}) {
    this.container = makeContainer(facts.container);
    this.time = timeOf(facts);
    this.interval = facts.interval ?? 1000;
    this.total = facts.total;
  }
}

/** A container that has come, gone, or of which more is known. */
export class MadeUpChange {
  readonly container: Container;
  readonly time: bigint;

  constructor(
    readonly action: ContainerContext<unknown>["action"],
    facts: ContainerFacts & TimeFacts = {},
  ) {
    this.container = makeContainer(facts);
    this.time = timeOf(facts);
  }
}

/** What a made-up process that has begun, or runs another program, says of itself. */
export interface ProcessChangeFacts extends ProcessFacts, TimeFacts {
  readonly container?: ContainerFacts;
}

/** Likewise of one that has ended: with code 0, unless it is said. */
export interface ProcessExitFacts extends ProcessChangeFacts {
  readonly code?: number;
  /** The number of the signal that ended it. */
  readonly signal?: number;
  /** A core was dumped. */
  readonly hasDumped?: boolean;
}

/** A process that has begun, runs another program, or has ended. */
export class MadeUpProcessChange implements ProcessNews {
  readonly container: Container;
  readonly time: bigint;
  readonly process: RuleProcess;
  readonly exit: ProcessExit | undefined;

  constructor(readonly action: ProcessNews["action"], facts: ProcessExitFacts = {}) {
    const { signal, code = signal === undefined ? 0 : undefined, hasDumped = false } = facts;
    this.container = makeContainer(facts.container);
    this.time = timeOf(facts);
    this.process = makeProcess(facts);
    this.exit = action === "exited" ? Object.freeze({ code, signal, hasDumped }) : undefined;
  }

  describe(): AlertEvent {
    const { pid, comm, uid, gid } = this.process;
    return {
      process: { pid, creation: { time: rfc3339(0n) }, user: { id: uid }, group: { id: gid } },
      thread: { id: pid, name: comm },
    };
  }
}
