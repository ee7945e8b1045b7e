/**
 * What loading rules leaves behind: modules' sources, schemas half made, the young generation grown to hold them. And
 * what gathers while a monitor rests.
 *
 * @module
 */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes by which the heap may grow at rest. */
const GROWTH = 3 << 20;

/** ms from the start to the first look, when what was needed to start is needed no more, and from one to the next. */
const FIRST = 15_000;
const AGAIN = 60_000;

type Collect = (options: { readonly type: "major"; readonly flavor?: "last-resort" }) => void;

let known: Collect | undefined;

function collector(): Collect {
  if (known !== undefined) return known;
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  known = typeof gc === "function" ? (options) => void gc(options) : () => {};
  return known;
}

/**
 * Gives that memory back now: V8 would keep some 15 MB of it for hours, since a monitor allocates little. It takes
 * some 50 ms.
 */
export function collectGarbage(): void {
  collector()({ type: "major", flavor: "last-resort" });
}

function heapSize(): number {
  return getHeapStatistics().total_heap_size;
}

/** Gives back what ticks leave behind, now and then: V8 would let some 10 MB gather before it looks. */
export class RestingHeap {
  readonly #collect: () => void;
  readonly #sizeNow: () => number;
  #size: number;
  #next: number;

  /** @param now ms of performance.now(), here and below. */
  constructor(
    now: number,
    collect: () => void = () => collector()({ type: "major" }),
    sizeNow: () => number = heapSize,
  ) {
    this.#collect = collect;
    this.#sizeNow = sizeNow;
    this.#size = sizeNow();
    this.#next = now + FIRST;
  }

  /** To be called while nothing else is to be done for a while: it may take some 50 ms. */
  rest(now: number): void {
    if (now < this.#next) return;
    if (this.#sizeNow() - this.#size < GROWTH) return;
    this.#collect();
    this.#size = this.#sizeNow();
    this.#next = now + AGAIN;
  }
}
