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
import type { Proc } from "./proc.ts";
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

/** How many descriptors are kept, for tests. */
export interface DescriptorBounds {
  readonly ofProcess: number;
  readonly inAll: number;
}

/** The descriptors of all processes. */
export class Descriptors {
  readonly #proc: Pick<Proc, "link">;
  readonly #rounds: Rounds;
  readonly #followsCloses: boolean;
  readonly #most: DescriptorBounds;
  /** Who changed its own last is last. */
  readonly #tables = new Map<Process, Table>();
  #count = 0;
  /** What /proc said in this round; undefined: nothing. */
  readonly #asked = new Map<Process, Map<number, string | undefined>>();

  /**
   * Made by the table.
   *
   * @param followsCloses All calls of `closingCalls` (follow/mod.ts) are captured, of every container.
   */
  constructor(
    proc: Pick<Proc, "link">,
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
    return this.#tables.get(process)?.held.get(fd)?.file;
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
    const table = this.#tables.get(parent);
    if (table === undefined || this.#tables.has(child)) return;
    table.holders++;
    this.#tables.set(child, table);
  }

  /** Closes what an exec closes. */
  executed(process: Process): void {
    this.#asked.delete(process);
    const table = this.#tables.get(process);
    if (table === undefined) return;
    const closing = [...table.held].filter(([, { closesOnExec }]) => closesOnExec);
    for (const [fd] of closing) this.closed(process, fd);
  }

  /** The process is not in the table any more. */
  forgotten(process: Process): void {
    this.#asked.delete(process);
    const table = this.#tables.get(process);
    if (table === undefined) return;
    this.#tables.delete(process);
    if (--table.holders === 0) this.#count -= table.held.size;
  }

  /** A round is over. */
  nextRound(): void {
    this.#asked.clear();
    if (!this.#followsCloses) this.lost();
  }

  /** Events were lost: a descriptor may have been closed by one of them, and be another now. */
  lost(): void {
    this.#tables.clear();
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
    for (const longest of this.#tables.keys()) {
      if (this.#count <= this.#most.inAll) break;
      this.forgotten(longest);
    }
  }

  /** The table of a process, for changing it, and last among all. */
  #own(process: Process): Table {
    let table = this.#tables.get(process);
    this.#tables.delete(process);
    if (table === undefined) table = { held: new Map(), holders: 1 };
    else if (table.holders > 1) {
      table.holders--;
      table = { held: new Map(table.held), holders: 1 };
      this.#count += table.held.size;
    }
    this.#tables.set(process, table);
    return table;
  }

  /** Which of some numbers are kept: of a range that may have all numbers there are. */
  #within(process: Process, first: number, last: number): number[] {
    const held = this.#tables.get(process)?.held;
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
