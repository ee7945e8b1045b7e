/**
 * Looking at the process of a call, so that /proc is asked what a rule may want to know of it: when the call is
 * recorded there is somebody to ask, when it is replayed there is not.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Event } from "../../events/decoded/mod.ts";
import type { CallEvent } from "../../events/mod.ts";
import type { Process, Program } from "../../processes/mod.ts";
import { descriptorArguments } from "../../syscalls/arguments/mod.ts";

/** Questions in a round: rules have some of their own, and the table takes 256 from all. */
const MOST_ASKED = 64;

/** Who counts the questions. */
interface Asked {
  /** How often anything was asked. */
  readonly asked: number;
}

/**
 * Asks about calls' processes. What it keeps changes only where it asked something, or met somebody: a replay looks
 * again at those calls alone, and is where the recorder was.
 */
export class Touch {
  readonly #event: Event;
  readonly #facts: Asked;
  /** Programs of processes whose ancestors were looked at. */
  readonly #known = new WeakMap<Process, Program | undefined>();
  #left = 0;

  constructor(event: Event, facts: Asked) {
    this.#event = event;
    this.#facts = facts;
  }

  /** Another round begins. */
  nextRound(): void {
    this.#left = MOST_ASKED;
  }

  /** @returns whether anything was asked, or anybody is known now who was not. */
  look(call: CallEvent, container: Container): boolean {
    if (this.#left <= 0) return false;
    const event = this.#event.show(call, container);
    const before = this.#facts.asked;
    const process = event.process.current;
    if (process === undefined) return this.#spent(before);
    const isNew = this.#known.get(process) !== process.previous || !this.#known.has(process);
    void process.exe;
    void process.argv;
    void process.cwd;
    if (isNew) {
      this.#known.set(process, process.previous);
      for (const ancestor of event.process.ancestors()) {
        void ancestor.exe;
        void ancestor.argv;
      }
    }
    for (const { fd } of descriptorArguments(call)) event.describe(fd);
    return this.#spent(before) || isNew;
  }

  #spent(before: number): boolean {
    const { asked } = this.#facts;
    this.#left -= asked - before;
    return asked > before;
  }
}
