/**
 * Which of a ring's data is mapped: all that is mapped is charged to us, and a quiet ring is hardly read.
 *
 * @module
 */
import type { RingMemory } from "../ffi/mod.ts";

/** Bytes that are mapped at once. They hold the longest record. */
const WINDOW = 2 ** 18;

/** The windows through which a ring's data is seen: mapped when they are reached, and kept while they are in use. */
export class RingWindows {
  readonly #memory: RingMemory;
  readonly #window: number;
  readonly #isMapped: boolean[];
  readonly #isUsed: boolean[];
  /** A record that begins from here on … */
  from = 0;
  /** … to here, in bytes of the data, can be read. */
  until = 0;

  /** @param size Bytes of data. */
  constructor(memory: RingMemory, size: number) {
    this.#memory = memory;
    this.#window = Math.min(WINDOW, size);
    this.#isMapped = Array<boolean>(size / this.#window).fill(false);
    this.#isUsed = [...this.#isMapped];
  }

  /** Sees to it that a record can be read that begins there. */
  reach(offset: number): void {
    const window = Math.floor(offset / this.#window);
    this.#map(window);
    // It may end in the next one; behind the last, the first bytes come again.
    if (window + 1 < this.#isMapped.length) this.#map(window + 1);
    this.from = window * this.#window;
    this.until = this.from + this.#window;
  }

  /** Gives back what has not been reached since it was last called. */
  rest(): void {
    for (const [window, isUsed] of this.#isUsed.entries()) {
      if (this.#isMapped[window] && !isUsed) {
        this.#memory.clear(window * this.#window, this.#window);
        this.#isMapped[window] = false;
      }
      this.#isUsed[window] = false;
    }
    this.from = this.until = 0;
  }

  #map(window: number): void {
    this.#isUsed[window] = true;
    if (this.#isMapped[window]) return;
    this.#memory.map(window * this.#window, this.#window);
    this.#isMapped[window] = true;
  }
}
