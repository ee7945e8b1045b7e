/**
 * What the descriptors of processes refer to: from the calls that open, duplicate and close them, where these
 * are captured, else from /proc.
 *
 * Neither is believed for long without reason. What calls told stands for as long as the calls that could make
 * it wrong are captured too (`followsCloses`), and to the end of the round otherwise: a closed descriptor's
 * number is the next one's. What /proc says is of now, which may be after the call that is asked about, and
 * stands to the end of the round. A round is what the engine makes it: one draining of the ring.
 *
 * What is not seen: descriptors that come in messages (SCM_RIGHTS) or by io_uring; processes that share a table
 * without being threads (CLONE_FILES without CLONE_THREAD); of two threads one that opens the number that the
 * other has just closed, if their records come in the other order.
 *
 * @module
 */
import type { OpenFile } from "./open_files.ts";
import { type Linked, Order } from "./order.ts";
import type { ProcFacts } from "./proc.ts";
import type { Process } from "./process.ts";
import type { Rounds } from "./rounds.ts";

/** What a descriptor refers to. */
export interface Described {
  /** As strace -y has it: `/etc/passwd`, `socket:[123]`, `pipe:[5]`. */
  readonly text: string;
  /** The call that opened it, or /proc, which may speak of a later one of this number. */
  readonly from: "event" | "proc";
}

/** Descriptors that are kept of one process: those that were opened longest ago are forgotten. */
const MOST_OF_PROCESS = 1024;

/** Descriptors that are kept in all: those of processes that opened none for longest are forgotten. */
const MOST = 65_536;

/** An open descriptor. */
interface Held {
  readonly file: OpenFile;
  readonly closesOnExec: boolean;
}

/** Descriptors by their numbers: of a process, and of those forked from it as long as none changes any. */
interface Table {
  readonly held: Map<number, Held>;
  holders: number;
}

/** Whose a table is. */
class Holder implements Linked<Holder> {
  readonly process: Process;
  table: Table;
  before: Holder | undefined;
  after: Holder | undefined;

  constructor(process: Process, table: Table) {
    this.process = process;
    this.table = table;
  }
}

/** How many descriptors are kept, for tests. */
export interface DescriptorBounds {
  readonly ofProcess: number;
  readonly inAll: number;
}

/** The descriptors of all processes. */
export class Descriptors {
  readonly #proc: Pick<ProcFacts, "link">;
  readonly #rounds: Rounds;
  readonly #followsCloses: boolean;
  readonly #most: DescriptorBounds;
  readonly #holders = new Map<Process, Holder>();
  /** Who changed its own last is last. */
  #order = new Order<Holder>();
  #count = 0;
  /** What /proc said in this round; undefined: nothing. */
  readonly #asked = new Map<Process, Map<number, string | undefined>>();

  /**
   * Made by the table.
   *
   * @param followsCloses All calls of `closingCalls` (follow/mod.ts) are captured, of every container.
   */
  constructor(
    proc: Pick<ProcFacts, "link">,
    rounds: Rounds,
    followsCloses: boolean,
    most: DescriptorBounds = { ofProcess: MOST_OF_PROCESS, inAll: MOST },
  ) {
    this.#proc = proc;
    this.#rounds = rounds;
    this.#followsCloses = followsCloses;
    this.#most = most;
  }

  /** How many are kept. */
  get size(): number {
    return this.#count;
  }

  /**
   * What a descriptor refers to; undefined if nobody can say, or /proc was asked too often in this round. Some
   * 15 µs where /proc is asked.
   */
  describe(process: Process, fd: number): Described | undefined {
    const told = this.told(process, fd);
    if (told !== undefined) return { text: told.text, from: "event" };
    const text = this.#ask(process, fd);
    return text === undefined ? undefined : { text, from: "proc" };
  }

  /** What calls told of a descriptor. */
  told(process: Process, fd: number): OpenFile | undefined {
    return this.#holders.get(process)?.table.held.get(fd)?.file;
  }

  /**
   * A descriptor was opened.
   *
   * @param file undefined: nobody knows what it is.
   */
  opened(process: Process, fd: number, file: OpenFile | undefined, closesOnExec: boolean): void {
    if (file === undefined) this.closed(process, fd);
    else this.#set(process, fd, { file, closesOnExec });
  }

  /**
   * One was duplicated.
   *
   * @param to Refers from now on to what `from` does; if that is the same one, nothing changes.
   */
  duplicated(process: Process, from: number, to: number, closesOnExec: boolean): void {
    if (from !== to) this.opened(process, to, this.told(process, from), closesOnExec);
  }

  /** It is not open, or nobody knows any more what it is. */
  closed(process: Process, fd: number): void {
    this.closedRange(process, fd, fd);
  }

  /**
   * Some were closed.
   *
   * @param last The last of them; it may be beyond all that are open.
   */
  closedRange(process: Process, first: number, last: number): void {
    this.#forgetAsked(process, first, last);
    const fds = this.#within(process, first, last);
    if (fds.length === 0) return;
    const { held } = this.#own(process);
    for (const fd of fds) held.delete(fd);
    this.#count -= fds.length;
    if (held.size === 0) this.forgotten(process);
  }

  /** FD_CLOEXEC of some that may be open. */
  setClosesOnExec(process: Process, first: number, last: number, closesOnExec: boolean): void {
    const fds = this.#within(process, first, last);
    if (fds.length === 0) return;
    const { held } = this.#own(process);
    for (const fd of fds) {
      const file = held.get(fd)?.file;
      if (file !== undefined) held.set(fd, { file, closesOnExec });
    }
  }

  /** The child has what its parent has, until one of them changes something. */
  forked(parent: Process, child: Process): void {
    const table = this.#holders.get(parent)?.table;
    if (table === undefined || this.#holders.has(child)) return;
    table.holders++;
    this.#hold(child, table);
  }

  /** Closes what an exec closes. */
  executed(process: Process): void {
    this.#asked.delete(process);
    const table = this.#holders.get(process)?.table;
    if (table === undefined) return;
    const closing = [...table.held].filter(([, { closesOnExec }]) => closesOnExec);
    for (const [fd] of closing) this.closed(process, fd);
  }

  /** The process is not in the table any more. */
  forgotten(process: Process): void {
    this.#asked.delete(process);
    const holder = this.#holders.get(process);
    if (holder === undefined) return;
    this.#holders.delete(process);
    this.#order.remove(holder);
    if (--holder.table.holders === 0) this.#count -= holder.table.held.size;
  }

  /** A round is over. */
  nextRound(): void {
    this.#asked.clear();
    if (!this.#followsCloses) this.lost();
  }

  /** Events were lost: a descriptor may have been closed by one of them, and be another now. */
  lost(): void {
    this.#holders.clear();
    this.#order = new Order();
    this.#count = 0;
  }

  #ask(process: Process, fd: number): string | undefined {
    if (fd < 0 || process.exited !== undefined) return undefined;
    let asked = this.#asked.get(process);
    if (asked === undefined) this.#asked.set(process, asked = new Map());
    if (asked.has(fd)) return asked.get(fd);
    if (!this.#rounds.ask()) return undefined;
    const text = this.#proc.link(process, `fd/${fd}`)?.text;
    asked.set(fd, text);
    return text;
  }

  #set(process: Process, fd: number, held: Held): void {
    this.#forgetAsked(process, fd, fd);
    const table = this.#own(process);
    // Last among those of its process.
    if (!table.held.delete(fd)) this.#count++;
    table.held.set(fd, held);
    if (table.held.size > this.#most.ofProcess) {
      const [oldest] = table.held.keys();
      if (oldest !== undefined && table.held.delete(oldest)) this.#count--;
    }
    while (this.#count > this.#most.inAll && this.#order.first !== undefined) {
      this.forgotten(this.#order.first.process);
    }
  }

  #hold(process: Process, table: Table): void {
    const holder = new Holder(process, table);
    this.#holders.set(process, holder);
    this.#order.append(holder);
  }

  /** The table of a process, for changing it, and last among all. */
  #own(process: Process): Table {
    const holder = this.#holders.get(process);
    if (holder === undefined) {
      const table = { held: new Map(), holders: 1 };
      this.#hold(process, table);
      return table;
    }
    this.#order.renew(holder);
    const { table } = holder;
    if (table.holders > 1) {
      table.holders--;
      holder.table = { held: new Map(table.held), holders: 1 };
      this.#count += table.held.size;
    }
    return holder.table;
  }

  /** Which of some numbers are kept: of a range that may have all numbers there are. */
  #within(process: Process, first: number, last: number): number[] {
    const held = this.#holders.get(process)?.table.held;
    if (held === undefined) return [];
    if (first === last) return held.has(first) ? [first] : [];
    return [...held.keys()].filter((fd) => fd >= first && fd <= last);
  }

  #forgetAsked(process: Process, first: number, last: number): void {
    const asked = this.#asked.get(process);
    if (asked === undefined) return;
    if (first === last) asked.delete(first);
    else for (const fd of asked.keys()) if (fd >= first && fd <= last) asked.delete(fd);
  }
}
