/**
 * The kernel's counts, read once a tick into the tallies of containers.
 *
 * @module
 */
import type { Container, Containers } from "../containers/mod.ts";
import type { Capture } from "../kernel/mod.ts";
import type { ContainerTally } from "../sinks/mod.ts";
import { syscallName } from "../syscalls/mod.ts";
import type { Roster } from "./roster.ts";
import type { Tally } from "./tally.ts";

/** Where the kernel counts. */
export type CountSource = Pick<Capture, "rows" | "slots" | "measures" | "terminalCalls">;

/** Reads what slots have called, how long that took, what failed, and what was on a terminal. */
export class KernelCounts {
  readonly #source: CountSource;
  readonly #containers: Containers;
  readonly #roster: Roster;
  #oddCalls = 0n;

  constructor(source: CountSource, containers: Containers, roster: Roster) {
    this.#source = source;
    this.#containers = containers;
    this.#roster = roster;
  }

  /** Adds what is new to the containers' tallies. */
  read(): void {
    const { rows, measures } = this.#source;
    const roster = this.#roster;
    for (const [slot, owner] of roster.slots()) {
      rows.read(slot, (_, nr, abi, calls) => {
        roster.tallyOf(owner)?.add(syscallName(nr, abi), calls);
      });
    }
    this.#readOdd();
    // After all calls, so that none is on a terminal that has not been counted.
    this.#readTerminals();
    measures?.readTimes(this.#isKnown, (slot, nr, abi, times) => {
      this.#tallyOf(slot)?.addTimes(syscallName(nr, abi), times);
    });
    measures?.readErrors(this.#isKnown, (slot, nr, abi, errno, calls) => {
      this.#tallyOf(slot)?.addErrors(syscallName(nr, abi), errno, calls);
    });
  }

  /** Ends a tick for a container: all that it has called, and what was new. */
  take(container: Container, tally: Tally): ContainerTally {
    const { measures, terminalCalls } = this.#source;
    const { total, durations, errors, onTerminal } = tally;
    const taken = tally.take();
    return {
      container,
      total,
      new: taken,
      ...(terminalCalls !== undefined && {
        onTerminal: { total: onTerminal.total, new: onTerminal.take(taken) },
      }),
      ...(measures?.measured.latency && { durations }),
      ...(measures?.measured.errors && { errors }),
    };
  }

  /** The slot will be somebody else's. */
  forget(slot: number): void {
    const { rows, measures, terminalCalls } = this.#source;
    rows.forget(slot);
    measures?.forget(slot);
    terminalCalls?.forget(slot);
  }

  #readOdd(): void {
    const { rows, slots: { oddCalls } } = this.#source;
    if (oddCalls === this.#oddCalls) return;
    const isAll = rows.readOdd(this.#isKnown, (slot, nr, abi, calls) => {
      this.#tallyOf(slot)?.add(syscallName(nr, abi), calls);
    });
    if (isAll) this.#oddCalls = oddCalls;
  }

  #readTerminals(): void {
    const { terminalCalls } = this.#source;
    if (terminalCalls === undefined) return;
    for (const [slot, owner] of this.#roster.slots()) {
      terminalCalls.read(slot, (_, nr, abi, calls) => {
        this.#roster.tallyOf(owner)?.onTerminal.add(syscallName(nr, abi), calls);
      });
    }
  }

  /** A container that has begun since we looked for some is met at the next tick, with all that it has called. */
  readonly #isKnown = (slot: number): boolean => this.#containers.owner(slot) !== undefined;

  /** Where a slot's calls are counted; undefined if nobody wants to know. */
  #tallyOf(slot: number): Tally | undefined {
    const owner = this.#containers.owner(slot);
    return owner !== undefined && this.#roster.isWatched(owner)
      ? this.#roster.tallyOf(owner)
      : undefined;
  }
}
