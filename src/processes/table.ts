/**
 * The process table: who there is, who there was a moment ago, who forked whom.
 *
 * Records of fork, exec and exit keep it. A process that no record told of, because it began before the
 * monitor or because its record was lost, is asked of /proc when somebody looks for it.
 *
 * /proc is not read at start: that takes some 0.1 ms a process, and most are never looked for. But whoever ends
 * before that has happened can't be asked any more, and is missed among its children's ancestors;
 * {@linkcode ProcessTable.fill} takes in all who run, a few ms at a time, between other things to do.
 *
 * @module
 */
import { Descriptors } from "./descriptors.ts";
import type { ExecFacts, ExitFacts, ProcessFacts, TypedFacts } from "./facts.ts";
import { Image, LongArguments } from "./image.ts";
import { Order } from "./order.ts";
import { Proc, type ProcFacts } from "./proc.ts";
import { procFiles, type ProcReader } from "./proc_files.ts";
import type { Process } from "./process.ts";
import { Rounds } from "./rounds.ts";
import { type Sources, Tracked } from "./tracked.ts";

/** Processes kept by default. */
const SIZE = 16_384;

/** One in so many is kept for those that have ended, when all others run. */
const EXITED_SHARE = 16;

/** Processes that were looked for in vain, and are not asked for again. */
const MOST_MISSING = 1024;

/** Ancestors of one process: a fork bomb may have thousands. */
const MOST_ANCESTORS = 64;

/** Questions to /proc in a round, each of some 15 µs: what is asked anew in every round (cwd, descriptors). */
const ASKS = 256;

/** How a table is made. */
export interface ProcessTableOptions {
  /**
   * Processes kept, 16,384 by default: a KiB each, with short arguments. The worst that a container can do is
   * two programs each, with as much of their arguments as a record brings.
   */
  readonly size?: number;
  /** By default this machine's /proc. */
  readonly proc?: ProcReader;
  /** Who is asked, if not `proc`: who keeps what was answered, or answers as was answered once. */
  readonly facts?: ProcFacts;
  /**
   * All calls of `closingCalls` (follow/mod.ts) are captured, of every container: what calls told of a
   * descriptor stands until another tells otherwise. By default it stands for one round.
   */
  readonly followsCloses?: boolean;
  /** How often /proc may be asked in one round where processes are and what their descriptors are: 256. */
  readonly asks?: number;
}

/** Processes, those that run and the last that ended. */
export class ProcessTable {
  /** What the descriptors of its processes refer to. */
  readonly descriptors: Descriptors;
  readonly #size: number;
  readonly #proc: ProcFacts;
  readonly #rounds: Rounds;
  readonly #sources: Sources;
  /** The last that had a pid; those before it are behind it. */
  readonly #byPid = new Map<number, Tracked>();
  /** Whom nobody looked for longest is first. */
  readonly #running = new Order<Tracked>();
  /** Who ended first is first. */
  readonly #exited = new Order<Tracked>();
  /** The start of a process that is gone, by its pid. */
  readonly #missing = new Map<number, bigint>();
  #unfilled: number[] | undefined;

  /** An empty one. */
  constructor(options: ProcessTableOptions = {}) {
    const { size = SIZE, proc = procFiles, followsCloses = false, asks = ASKS } = options;
    this.#size = size;
    this.#proc = options.facts ?? new Proc(proc);
    this.#rounds = new Rounds(asks);
    this.#sources = { proc: this.#proc, rounds: this.#rounds, long: new LongArguments() };
    this.descriptors = new Descriptors(this.#proc, this.#rounds, followsCloses);
  }

  /** How many processes are kept, those that have ended among them. */
  get size(): number {
    return this.#running.count + this.#exited.count;
  }

  /**
   * Another number whenever something may be known of processes that was not before. Who has been found, and what was
   * said of it, need not be asked again until then.
   */
  get version(): number {
    return this.#rounds.version;
  }

  /** A record of a process: it began, has a new program, or ended. */
  follow(told: TypedFacts): void {
    switch (told.type) {
      case "fork":
        return this.fork(told);
      case "exec":
        return this.exec(told);
      case "exit":
        return this.exit(told);
    }
  }

  /** A process began. It has its parent's program, directory and descriptors, as far as they are known. */
  fork(facts: ProcessFacts): void {
    this.#rounds.changed();
    const known = this.#known(facts.pid, facts.start);
    if (known !== undefined) {
      known.wasForked(facts);
      return;
    }
    // It runs: now is the time to ask. A bomb's processes, which push each other out, may not all be asked for.
    const parent = this.#known(facts.parent, facts.parentStart) ??
      (this.#rounds.ask() ? this.#find(facts.parent, facts.parentStart) : undefined);
    const child = Tracked.forked(this.#sources, facts, parent);
    this.#add(child);
    if (parent !== undefined) this.descriptors.forked(parent, child);
  }

  /** A process has a new program; the one before it stays as `previous`. */
  exec(facts: ExecFacts): void {
    this.#rounds.changed();
    const process = this.#known(facts.pid, facts.start);
    const image = Image.executed(facts, process?.lastCwd, process?.image);
    if (process === undefined) {
      this.#add(Tracked.executed(this.#sources, facts, image));
      return;
    }
    const { pid, start } = process.parent ?? {};
    const hasParent = pid !== undefined && start !== undefined;
    process.execute(facts, image, hasParent ? this.#known(pid, start) : undefined);
    this.descriptors.executed(process);
  }

  /** A process ended. It stays until others need its place. */
  exit(facts: ExitFacts): void {
    this.#rounds.changed();
    const process = this.#known(facts.pid, facts.start);
    if (process === undefined) return;
    if (process.exited === undefined) this.#retire(process);
    process.end(facts.time, facts.exitCode);
  }

  /** A process went to another directory, as chdir(2) told; undefined: nobody knows where. */
  moved(process: Process, path: string | undefined): void {
    this.#rounds.changed();
    if (process instanceof Tracked) process.moveTo(path);
  }

  /**
   * The process of an event. Where no record told of it /proc is asked, once; some 0.1 ms.
   *
   * @returns undefined if it is gone, and nothing is known of it.
   */
  find(pid: number, start: bigint): Process | undefined {
    return this.#find(pid, start);
  }

  /**
   * A process's parent, its parent and so on, the nearest first, up to pid 1 or to where nobody knows more; 64
   * at most. Each is who forked the one before it, also if that one was handed to another parent since.
   */
  *ancestors(process: Process): Generator<Process, void, undefined> {
    let child = process;
    for (let i = 0; i < MOST_ANCESTORS; i++) {
      const parent = this.#parentOf(child);
      if (parent === undefined) return;
      yield parent;
      child = parent;
    }
  }

  /**
   * Takes in processes that run, as many as fit: to be called again and again until it says that it is done.
   *
   * @param milliseconds After which it stops, at the next process.
   * @returns whether there are no more.
   */
  fill(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    this.#unfilled ??= this.#proc.pids();
    for (let pid = this.#unfilled.pop(); pid !== undefined; pid = this.#unfilled.pop()) {
      if (!this.takeIn(pid)) this.#unfilled.length = 0;
      if (performance.now() >= until) break;
    }
    return this.#unfilled.length === 0;
  }

  /**
   * Takes in who has a pid, if that is nobody who is known.
   *
   * @returns false: there is no place. Who runs now is not worth that of who was looked for.
   */
  takeIn(pid: number): boolean {
    if (this.size >= this.#size) return false;
    if (this.#holderOf(pid) === undefined) this.#see(pid);
    return true;
  }

  /** Ends a round: what /proc said of directories and descriptors is not believed any longer. */
  nextRound(): void {
    this.#rounds.next();
    this.descriptors.nextRound();
  }

  /** Who has a pid, as far as is known. */
  #holderOf(pid: number): Tracked | undefined {
    const last = this.#byPid.get(pid);
    return last?.exited === undefined ? last : undefined;
  }

  #known(pid: number, start: bigint): Tracked | undefined {
    for (let each = this.#byPid.get(pid); each !== undefined; each = each.older) {
      if (!each.isOf(start)) continue;
      if (each.exited === undefined) this.#running.renew(each);
      return each;
    }
    return undefined;
  }

  #find(pid: number, start: bigint): Tracked | undefined {
    const known = this.#known(pid, start);
    if (known !== undefined) return known;
    if (this.#missing.get(pid) === start) return undefined;
    const seen = this.#see(pid, start);
    if (seen?.isOf(start)) return seen;
    this.#miss(pid, start);
    return undefined;
  }

  /** Asks /proc for who has a pid now, or for one process. */
  #see(pid: number, start?: bigint): Tracked | undefined {
    const seen = this.#proc.look(pid, start);
    if (seen === undefined) return undefined;
    // A zombie, whose end was recorded.
    const known = this.#known(pid, seen.start);
    if (known !== undefined) return known;
    const process = Tracked.seen(this.#sources, seen);
    this.#add(process);
    return process;
  }

  #parentOf({ parent }: Process): Process | undefined {
    return parent?.start === undefined ? undefined : this.#find(parent.pid, parent.start);
  }

  #miss(pid: number, start: bigint): void {
    this.#missing.delete(pid);
    this.#missing.set(pid, start);
    if (this.#missing.size <= MOST_MISSING) return;
    const [oldest] = this.#missing.keys();
    if (oldest !== undefined) this.#missing.delete(oldest);
  }

  #add(process: Tracked): void {
    this.#rounds.changed();
    while (this.size >= this.#size && this.#pushOut());
    this.#missing.delete(process.pid);
    const before = this.#byPid.get(process.pid);
    // Its end was not told: its pid is another's.
    if (before !== undefined && before.exited === undefined) {
      this.#retire(before);
      before.end(undefined, undefined);
    }
    process.older = before;
    this.#byPid.set(process.pid, process);
    (process.exited === undefined ? this.#running : this.#exited).append(process);
  }

  #retire(process: Tracked): void {
    this.#running.remove(process);
    this.#exited.append(process);
  }

  /**
   * Makes place for one. Who ended goes first; but where nearly all run, who has just ended and whose last events
   * may still come is worth more than one that runs: /proc can say nothing of the first.
   */
  #pushOut(): boolean {
    const enough = Math.floor(this.#size / EXITED_SHARE);
    const exited = this.#exited.first;
    const running = this.#running.first;
    if (exited !== undefined && (running === undefined || this.#exited.count > enough)) {
      this.#exited.remove(exited);
      this.#drop(exited);
      return true;
    }
    if (running === undefined) return false;
    this.#running.remove(running);
    this.#drop(running);
    return true;
  }

  #drop(process: Tracked): void {
    this.descriptors.forgotten(process);
    const last = this.#byPid.get(process.pid);
    if (last === process) {
      if (process.older === undefined) this.#byPid.delete(process.pid);
      else this.#byPid.set(process.pid, process.older);
    } else {
      let newer = last;
      while (newer !== undefined && newer.older !== process) newer = newer.older;
      if (newer !== undefined) newer.older = process.older;
    }
    process.older = undefined;
  }
}
