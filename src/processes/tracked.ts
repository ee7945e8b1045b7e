/**
 * A process in the table: what was told of it, and what it asks /proc when somebody looks.
 *
 * @module
 */
import type { ExitFacts, ProcessFacts } from "./facts.ts";
import { Image, type LongArguments } from "./image.ts";
import type { Linked } from "./order.ts";
import type { ProcFacts, Seen } from "./proc.ts";
import { TICK } from "./proc_texts.ts";
import type { Exit, Origin, Parent, Process, Program } from "./process.ts";
import type { Rounds } from "./rounds.ts";
import { terminalName } from "./terminals.ts";

/** Whom a process asks. */
export interface Sources {
  readonly proc: ProcFacts;
  readonly rounds: Rounds;
  readonly long: LongArguments;
}

/** Where a process is, and who said so. */
interface Place {
  readonly path: string;
  readonly from: Origin;
}

/** What records and /proc both say. */
type Common = Pick<
  ProcessFacts,
  "comm" | "containerPid" | "uid" | "gid" | "loginUid" | "session" | "tty" | "capabilities"
>;

/** A process of the table's. What the table alone may change is on top of {@linkcode Process}. */
export class Tracked implements Process, Linked<Tracked> {
  readonly #sources: Sources;
  readonly pid: number;
  start: bigint;
  /** `start` is a multiple of a clock tick of /proc, and the true one is within it. */
  isInexact = false;
  parent: Parent | undefined;
  containerPid!: number;
  comm!: string;
  uid!: number;
  gid!: number;
  loginUid: number | undefined;
  session!: number;
  capabilities!: bigint;
  previous: Program | undefined;
  exited: Exit | undefined;
  before: Tracked | undefined;
  after: Tracked | undefined;
  /** Another process, of the same pid. */
  older: Tracked | undefined;
  #tty!: number;
  #image: Image;
  /** It was forked from who called execve(2), or from such a one. */
  #isInherited = false;
  #hasAskedExe = false;
  #hasAskedArgv = false;
  #place: Place | undefined;
  /** The round in which the place was told or asked for. */
  #placedIn = -1;

  private constructor(
    sources: Sources,
    pid: number,
    start: bigint,
    parent: Parent,
    facts: Common,
    image: Image,
  ) {
    this.#sources = sources;
    this.pid = pid;
    this.start = start;
    this.parent = parent.pid === 0 ? undefined : parent;
    this.#take(facts);
    this.#image = image;
  }

  /** What records and /proc both say, anew. */
  #take(facts: Common): void {
    this.containerPid = facts.containerPid;
    this.comm = facts.comm;
    this.uid = facts.uid;
    this.gid = facts.gid;
    this.loginUid = facts.loginUid;
    this.session = facts.session;
    this.#tty = facts.tty;
    this.capabilities = facts.capabilities;
  }

  static #told(sources: Sources, facts: ProcessFacts, image: Image): Tracked {
    const parent: Parent = { pid: facts.parent, start: facts.parentStart };
    return new Tracked(sources, facts.pid, facts.start, parent, facts, image);
  }

  /** @param parent If the table knows it. */
  static forked(sources: Sources, facts: ProcessFacts, parent: Tracked | undefined): Tracked {
    if (parent === undefined) return Tracked.#told(sources, facts, Image.unknown(facts.comm));
    const child = Tracked.#told(sources, facts, parent.#image);
    child.#isInherited = true;
    if (parent.#place !== undefined) child.#place = { ...parent.#place, from: "inherited" };
    return child;
  }

  /** One whose first record is of an exec. */
  static executed(sources: Sources, facts: ProcessFacts, image: Image): Tracked {
    return Tracked.#told(sources, facts, image);
  }

  static seen(sources: Sources, seen: Seen): Tracked {
    const parent: Parent = { pid: seen.parent, start: seen.parentStart };
    const process = new Tracked(sources, seen.pid, seen.start, parent, seen, Image.seen(seen));
    process.isInexact = true;
    // The first thread may have ended while others go on.
    if (/[ZX]/.test(seen.state) && seen.threads <= 1) process.end(undefined, seen.exitCode);
    return process;
  }

  /**
   * Whether it is the process of this start. Where either is only known to a clock tick of /proc, they are the same
   * if they are in the same one: no pid is given again within 10 ms. An exact start stays.
   */
  isOf(start: bigint): boolean {
    if (this.start === start) return true;
    const tick = start - start % TICK;
    if (this.isInexact ? this.start !== tick : start !== tick || !this.#isIn(tick)) return false;
    if (!this.isInexact) return true;
    this.start = start;
    this.isInexact = false;
    return true;
  }

  #isIn(tick: bigint): boolean {
    return this.start - this.start % TICK === tick;
  }

  /** Its fork was recorded before it was seen in /proc, and the record comes now: it knows who forked it. */
  wasForked(facts: ProcessFacts): void {
    if (facts.parent !== 0) this.parent = { pid: facts.parent, start: facts.parentStart };
  }

  /**
   * It runs another program.
   *
   * @param parent If the table knows it: it may still run what this one ran until now.
   */
  execute(facts: ProcessFacts, image: Image, parent: Tracked | undefined): void {
    const isShared = this.#isInherited && parent?.image === this.#image;
    this.previous = isShared ? new Past(this.#image, parent) : this.#image;
    this.#take(facts);
    this.#image = image;
    this.#isInherited = false;
    this.#hasAskedExe = false;
    this.#hasAskedArgv = false;
  }

  /** It is over. */
  end(time: ExitFacts["time"] | undefined, status: number | undefined): void {
    const signal = status === undefined ? 0 : status & 0x7f;
    const isCode = status !== undefined && signal === 0;
    this.exited = {
      time,
      status,
      code: isCode ? (status >>> 8) & 0xff : undefined,
      signal: signal === 0 ? undefined : signal,
    };
  }

  /** @param path undefined: it went somewhere. */
  moveTo(path: string | undefined): void {
    this.#place = path === undefined ? undefined : { path, from: "event" };
    this.#placedIn = path === undefined ? -1 : this.#sources.rounds.now;
  }

  /** Where it was when that was last known; nobody is asked. */
  get lastCwd(): string | undefined {
    return this.#place?.path;
  }

  /** What it runs; nobody is asked. */
  get image(): Image {
    return this.#image;
  }

  get tty(): string | undefined {
    return terminalName(this.#tty);
  }

  get filename(): string | undefined {
    return this.#image.filename;
  }

  get exe(): string | undefined {
    return this.askedForExe().exe;
  }

  get exeFrom(): Origin | undefined {
    return this.#inherited(this.askedForExe().exeFrom);
  }

  get exeDeleted(): boolean {
    return this.askedForExe().exeDeleted;
  }

  get argv(): readonly string[] | undefined {
    return this.askedForArgv().argv;
  }

  get argvFrom(): Origin | undefined {
    return this.#inherited(this.askedForArgv().argvFrom);
  }

  get argvTruncated(): boolean {
    return this.askedForArgv().argvTruncated;
  }

  get cwd(): string | undefined {
    this.#askForCwd();
    return this.#place?.path;
  }

  get cwdFrom(): Origin | undefined {
    this.#askForCwd();
    return this.#place?.from;
  }

  /** What it runs, after /proc was asked what file it is; nothing is asked twice. */
  askedForExe(): Image {
    const image = this.#image;
    if (image.isSettled || this.#hasAskedExe || this.exited !== undefined) return image;
    this.#hasAskedExe = true;
    this.#sources.rounds.changed();
    const link = this.#sources.proc.link(this, "exe");
    if (link !== undefined && image.isRunBy(link.stat, this.comm)) image.settle(link.text);
    return image;
  }

  /** What it runs, after /proc was asked for the arguments that are missing; nothing is asked twice. */
  askedForArgv(): Image {
    const image = this.#image;
    if (!image.lacksArguments || this.#hasAskedArgv || this.exited !== undefined) return image;
    this.#hasAskedArgv = true;
    const { proc, long, rounds } = this.#sources;
    rounds.changed();
    const seen = proc.arguments(this);
    if (seen !== undefined && image.isRunBy(seen.stat, this.comm)) image.complete(seen, long);
    return image;
  }

  #inherited(from: Origin | undefined): Origin | undefined {
    return from !== undefined && this.#isInherited ? "inherited" : from;
  }

  #askForCwd(): void {
    const { proc, rounds } = this.#sources;
    if (this.exited !== undefined || this.#placedIn === rounds.now || !rounds.ask()) return;
    this.#placedIn = rounds.now;
    const link = proc.link(this, "cwd");
    if (link !== undefined) this.#place = { path: link.text, from: "proc" };
  }
}

/** What a process ran until it called execve(2), and its parent runs on: that one can be asked. */
class Past implements Program {
  readonly #image: Image;
  /** Weak, since it has a past of its own: nobody keeps all who ever led to a process. */
  readonly #parent: WeakRef<Tracked>;

  constructor(image: Image, parent: Tracked) {
    this.#image = image;
    this.#parent = new WeakRef(parent);
  }

  #runner(): Tracked | undefined {
    const parent = this.#parent.deref();
    return parent?.image === this.#image ? parent : undefined;
  }

  #askedForExe(): Image {
    return this.#runner()?.askedForExe() ?? this.#image;
  }

  #askedForArgv(): Image {
    return this.#runner()?.askedForArgv() ?? this.#image;
  }

  get comm(): string {
    return this.#image.comm;
  }

  get filename(): string | undefined {
    return this.#image.filename;
  }

  get exe(): string | undefined {
    return this.#askedForExe().exe;
  }

  get exeFrom(): Origin | undefined {
    return this.#askedForExe().exeFrom;
  }

  get exeDeleted(): boolean {
    return this.#askedForExe().exeDeleted;
  }

  get argv(): readonly string[] | undefined {
    return this.#askedForArgv().argv;
  }

  get argvFrom(): Origin | undefined {
    return this.#askedForArgv().argvFrom;
  }

  get argvTruncated(): boolean {
    return this.#askedForArgv().argvTruncated;
  }
}
