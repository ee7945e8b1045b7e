/**
 * What happened to a process, as rules hear of it.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Process, ProcessTable } from "../../processes/mod.ts";
import { type AlertEvent, sharedPart } from "../../sinks/mod.ts";
import type { ProcessExit, RuleProcess } from "./define.ts";
import { lookAt } from "./process_view.ts";

const actions = { fork: "started", exec: "executed", exit: "exited" } as const;

/** What a record says of it. */
export interface ProcessFacts {
  readonly type: keyof typeof actions;
  /** ns of CLOCK_BOOTTIME. */
  readonly time: bigint;
  readonly pid: number;
  readonly start: bigint;
  readonly containerPid: number;
  readonly comm: string;
  readonly uid: number;
  readonly gid: number;
  /** Of one that ended: as wait(2) encodes it. */
  readonly exitCode?: number;
}

/** Who can say more. */
export type ProcessFinder = Pick<ProcessTable, "find" | "ancestors">;

/** How a process ended. */
function exitOf(status: number): ProcessExit {
  const signal = status & 0x7f;
  return Object.freeze({
    code: signal === 0 ? (status >>> 8) & 0xff : undefined,
    signal: signal === 0 ? undefined : signal,
    hasDumped: (status & 0x80) !== 0,
  });
}

/** A process began, executed a program, or ended: what rules hear. */
export interface ProcessNews {
  readonly action: typeof actions[keyof typeof actions];
  /** Nanoseconds since 1970, UTC. */
  readonly time: bigint;
  readonly container: Container;
  readonly process: RuleProcess;
  readonly exit: ProcessExit | undefined;
  /** What an alert says of it. */
  describe(): AlertEvent;
}

/** Likewise, as a record tells of it. It is a rule's to keep. */
export class ProcessChange implements ProcessNews {
  readonly action: ProcessNews["action"];
  readonly time: bigint;
  readonly container: Container;
  readonly process: RuleProcess;
  readonly exit: ProcessExit | undefined;
  /** What the record says. */
  readonly facts: ProcessFacts;
  /** Who can say more. */
  readonly finder: ProcessFinder;
  readonly #known: KnownProcess;
  readonly #bootTime: bigint;

  /**
   * @param finder Has taken it in already.
   * @param bootTime Nanoseconds from CLOCK_BOOTTIME to UTC.
   */
  constructor(facts: ProcessFacts, container: Container, finder: ProcessFinder, bootTime: bigint) {
    this.facts = facts;
    this.finder = finder;
    this.#bootTime = bootTime;
    this.#known = new KnownProcess(facts, finder);
    this.action = actions[facts.type];
    this.time = facts.time + bootTime;
    this.container = container;
    this.process = new ChangedProcess(facts, this.#known);
    this.exit = facts.exitCode === undefined ? undefined : exitOf(facts.exitCode);
  }

  describe(): AlertEvent {
    const { pid, start, uid, gid, comm, containerPid } = this.facts;
    const { current } = this.#known;
    const known = this.#known;
    const described = {
      ...{ pid, start, uid, gid, current },
      program: current,
      ancestors: () => known.ancestors(),
    };
    return {
      process: { ...sharedPart(described, this.#bootTime), vpid: containerPid },
      thread: { id: pid, name: comm },
    };
  }
}

/** What is known of a process besides its record: looked for once, and only if somebody asks. */
class KnownProcess {
  readonly #facts: ProcessFacts;
  readonly #finder: ProcessFinder;
  #found: Process | undefined;
  #hasLooked = false;

  constructor(facts: ProcessFacts, finder: ProcessFinder) {
    this.#facts = facts;
    this.#finder = finder;
  }

  get current(): Process | undefined {
    if (!this.#hasLooked) this.#found = this.#finder.find(this.#facts.pid, this.#facts.start);
    this.#hasLooked = true;
    return this.#found;
  }

  *ancestors(): Generator<Process, void, undefined> {
    const { current } = this;
    if (current !== undefined) yield* this.#finder.ancestors(current);
  }
}

/** The process, to look at. */
class ChangedProcess implements RuleProcess {
  readonly #facts: ProcessFacts;
  readonly #known: KnownProcess;

  constructor(facts: ProcessFacts, known: KnownProcess) {
    this.#facts = facts;
    this.#known = known;
    Object.freeze(this);
  }

  get pid(): number {
    return this.#facts.pid;
  }

  /** Its first thread's. */
  get tid(): number {
    return this.#facts.pid;
  }

  get comm(): string {
    return this.#facts.comm;
  }

  get uid(): number {
    return this.#facts.uid;
  }

  get gid(): number {
    return this.#facts.gid;
  }

  get containerPid(): number {
    return this.#facts.containerPid;
  }

  get exe(): string | undefined {
    return this.#known.current?.exe;
  }

  get argv(): readonly string[] | undefined {
    const argv = this.#known.current?.argv;
    return argv === undefined ? undefined : Object.freeze(argv);
  }

  get cwd(): string | undefined {
    return this.#known.current?.cwd;
  }

  get loginUid(): number | undefined {
    return this.#known.current?.loginUid;
  }

  get tty(): string | undefined {
    return this.#known.current?.tty;
  }

  get session(): number | undefined {
    return this.#known.current?.session;
  }

  get capabilities(): bigint | undefined {
    return this.#known.current?.capabilities;
  }

  *ancestors(): Generator<Process, void, undefined> {
    for (const each of this.#known.ancestors()) yield lookAt(each);
  }
}
