/**
 * Rows of counts that the kernel keeps for each slot, one for each CPU, read where it writes them: no system
 * call, whatever their number.
 *
 * @module
 */
import type { BpfMap } from "../ffi/mod.ts";

/** Hears by how much a cell has grown since it was last read. */
export type CellHandler = (cell: number, calls: number) => void;

/** The largest page of any machine, in bytes. */
const PAGE = 65_536;

/** The fewest slots whose rows are whole pages, whatever the number of CPUs. */
function slotsOfPages(rowBytes: number): number {
  const powerOfTwo = rowBytes & -rowBytes;
  return PAGE / Math.min(PAGE, powerOfTwo);
}

/** The rows of some slots that follow each other. */
interface MappedRows {
  readonly words: BigUint64Array<ArrayBuffer>;
  readonly halves: Uint32Array<ArrayBuffer>;
}

/** The cells of all slots. Counts are exact up to 2^53. */
export class Cells implements Disposable {
  readonly #resources = new DisposableStack();
  readonly #map: BpfMap;
  readonly #cpus: number;
  readonly #cells: number;
  readonly #together: number;
  /** Mapped when the first of their slots is read: all that is mapped is charged to us, used or not. */
  readonly #mapped: MappedRows[] = [];
  /** What each slot's cells had come to when they were last read. */
  readonly #seen = new Map<number, Float64Array>();

  /** @param cells Of one row, 8 bytes each. */
  constructor(map: BpfMap, cpus: number, cells: number) {
    this.#cpus = cpus;
    this.#map = map;
    this.#cells = cells;
    this.#together = slotsOfPages(8 * cells);
  }

  /** The memory of some slots: those of one number. */
  #rows(number: number): MappedRows {
    return this.#mapped[number] ??= this.#mapRows(number * this.#together * this.#cpus);
  }

  #mapRows(first: number): MappedRows {
    const count = Math.min(this.#together * this.#cpus, this.#map.maxEntries - first);
    const { buffer } = this.#resources.use(this.#map.memory("read", { first, count }));
    return { words: new BigUint64Array(buffer), halves: new Uint32Array(buffer) };
  }

  /** Tells which cells of a slot have grown since they were last read. */
  read(slot: number, onGrown: CellHandler): void {
    const cells = this.#cells;
    const { halves, words } = this.#rows(Math.floor(slot / this.#together));
    const first = slot % this.#together * this.#cpus * cells;
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
    this.#resources.dispose();
  }
}
