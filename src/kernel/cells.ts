/**
 * Rows of counts that the kernel keeps for each slot, one for each CPU, read where it writes them: no system
 * call, whatever their number.
 *
 * @module
 */
import type { BpfMap, Mapping } from "../ffi/mod.ts";

/** Hears by how much a cell has grown since it was last read. */
export type CellHandler = (cell: number, calls: number) => void;

/** The cells of all slots. Counts are exact up to 2^53. */
export class Cells implements Disposable {
  readonly #memory: Mapping;
  readonly #cpus: number;
  readonly #cells: number;
  readonly #words: BigUint64Array<ArrayBuffer>;
  readonly #halves: Uint32Array<ArrayBuffer>;
  /** What each slot's cells had come to when they were last read. */
  readonly #seen = new Map<number, Float64Array>();

  /** @param cells Of one row, 8 bytes each. */
  constructor(map: BpfMap, cpus: number, cells: number) {
    this.#cpus = cpus;
    this.#cells = cells;
    this.#memory = map.memory("read");
    this.#words = new BigUint64Array(this.#memory.buffer);
    this.#halves = new Uint32Array(this.#memory.buffer);
  }

  /** Tells which cells of a slot have grown since they were last read. */
  read(slot: number, onGrown: CellHandler): void {
    const cells = this.#cells;
    const halves = this.#halves;
    const words = this.#words;
    const first = slot * this.#cpus * cells;
    let seen = this.#seen.get(slot);
    if (seen === undefined) this.#seen.set(slot, seen = new Float64Array(cells));
    for (let cell = 0; cell < cells; cell++) {
      const before = seen[cell] ?? 0;
      let sum = 0;
      for (let cpu = 0, at = first + cell; cpu < this.#cpus; cpu++, at += cells) {
        const low = halves[2 * at] ?? 0;
        // A cell beyond 2^32 is read by one load of all 64 bits: nobody sees half of a change.
        sum += halves[2 * at + 1] === 0 ? low : Number(words[at]);
      }
      // One passed 2^32 between the two loads: what it was is not known, what it is will be next time.
      if (sum <= before) continue;
      seen[cell] = sum;
      onGrown(cell, sum - before);
    }
  }

  /** The slot will be somebody else's. Its rows go on from where they are, read or not. */
  forget(slot: number): void {
    this.read(slot, () => {});
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}
