/**
 * Brings lines from their queue to where they go, whatever that takes; nobody waits for it.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { LineBlock, Lines, LineType, Outlet, Owners } from "./outlet.ts";
import { type Chunk, LineQueue } from "./queue.ts";
import { ReaderGone, type Target } from "./target.ts";

/** What a delivery needs to know. */
export interface DeliveryOptions {
  /** Bytes that may wait. */
  readonly limit: number;
  /** Called, about once a second, with what was dropped: the lines that tell of it. */
  readonly dropped: (type: LineType, owners: Owners, target: string) => readonly Lines[];
  /** Told on standard error: that something can't be written, that it can again. */
  readonly say: (text: string) => void;
  /** Nobody reads any more. */
  readonly onReaderGone?: () => void;
}

/** Bytes that wait before makers of more are asked to wait for a moment. */
const MUCH = 4 << 20;
/** ms that they wait, and ms without progress after which they don't. */
const MOMENT = 10;
const STANDSTILL = 200;
/** ms. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2000;
/** Between two tellings of the same trouble. */
const TELL_AGAIN = 60_000;
/** Between two tellings of what was dropped. */
const TELL_DROPPED = 1000;
/** Without any progress, at the end. */
const PATIENCE = 5000;

const encoder = new TextEncoder();
/** Of what is written at once: a character is 3 bytes at most. */
const buffer = new Uint8Array(1 << 19);

/** Writes lines to a target, in their order. */
export class Delivery implements Outlet {
  readonly #target: Target;
  readonly #options: DeliveryOptions;
  readonly #queue: LineQueue;
  readonly #running: Promise<void>;
  #isEnding = false;
  #isGivenUp = false;
  #isReaderGone = false;
  #wantsReopening = false;
  /** All has been written. */
  #isIdle = false;
  /** What a target has not taken of what it took the beginning of. */
  #rest: Chunk | undefined;
  /** Records that are being written. */
  #writing = 0;
  #lastProgress = 0;
  #lastDropped = -Infinity;
  /** When trouble was told last; undefined: there is none. */
  #troubleTold: number | undefined;
  #trouble = "";
  #endPause: (() => void) | undefined;
  #onProgress: (() => void) | undefined;

  constructor(target: Target, options: DeliveryOptions) {
    this.#target = target;
    this.#options = options;
    this.#queue = new LineQueue(options.limit);
    this.#running = this.#run();
  }

  put(lines: Lines): void {
    if (this.#isReaderGone) return;
    const { text, owners } = lines;
    if (this.#isNext && 3 * text.length <= buffer.length) {
      const { written } = encoder.encodeInto(text, buffer);
      if (this.#putNow(buffer.subarray(0, written), owners)) return;
    }
    this.#queue.put(lines);
  }

  putBlock(block: LineBlock): void {
    if (this.#isReaderGone) return;
    if (this.#isNext && this.#putNow(block.bytes, block.owners)) return;
    this.#queue.putBlock(block);
  }

  /** Where nothing waits, and the target takes it at once, there is no need of a queue. */
  get #isNext(): boolean {
    const queue = this.#queue;
    return this.#target.writeNow !== undefined && this.#isIdle && this.#rest === undefined &&
      queue.size === 0 && !this.#wantsReopening && !queue.hasDropped;
  }

  /** @returns whether all of it is on its way. */
  #putNow(bytes: Uint8Array<ArrayBuffer>, owners: Owners): boolean {
    const taken = this.#target.writeNow?.(bytes) ?? 0;
    if (taken === 0) return false;
    if (taken === bytes.length) return true;
    let count = 0;
    for (const each of owners.values()) count += each;
    // The middle of a line: nothing may come before what is left of it.
    this.#rest = { bytes: bytes.slice(taken), count };
    this.#queue.wake();
    return true;
  }

  accepts(type: LineType): boolean {
    return !this.#isReaderGone && this.#queue.accepts(type);
  }

  skip(type: LineType, owner: Container | undefined): void {
    if (!this.#isReaderGone) this.#queue.drop(type, new Map([[owner, 1]]));
  }

  /** A call that nobody has time to write is dropped more cheaply by the kernel than after a line was made of it. */
  ready(): Promise<void> | undefined {
    const isMuch = this.#queue.size > Math.min(MUCH, this.#options.limit / 2);
    if (!isMuch || performance.now() - this.#lastProgress > STANDSTILL) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MOMENT);
    this.#onProgress = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }

  /** Opens the target again, before anything else is written to it. */
  reopen(): void {
    if (this.#target.reopen === undefined) return;
    this.#wantsReopening = true;
    this.#endPause?.();
    this.#queue.wake();
  }

  /**
   * Writes what waits. Gives up when nothing moves for 5 s.
   *
   * @returns how many records could not be written, and why; undefined: all were, or nobody wanted them.
   */
  async close(): Promise<string | undefined> {
    this.#isEnding = true;
    this.#lastProgress = performance.now();
    this.#queue.wake();
    this.#endPause?.();
    const over = this.#running.then(() => true);
    while (!this.#isGivenUp) {
      const timer = Promise.withResolvers<false>();
      const timeout = setTimeout(() => timer.resolve(false), 100);
      const isOver = await Promise.race([over, timer.promise]);
      clearTimeout(timeout);
      if (isOver) break;
      this.#isGivenUp = performance.now() - this.#lastProgress > PATIENCE;
    }
    const left = this.#queue.count + this.#writing + this.#droppedSince();
    if (this.#isReaderGone || left === 0) return undefined;
    const why = this.#troubleTold === undefined
      ? "its reader did not take them within 5 s"
      : this.#trouble;
    return `${this.#target.name}: ${left} records were not written: ${why}`;
  }

  #droppedSince(): number {
    let all = 0;
    for (const owners of this.#queue.takeDropped().values()) {
      for (const count of owners.values()) all += count;
    }
    return all;
  }

  async #run(): Promise<void> {
    while (!this.#isGivenUp && !this.#isReaderGone) {
      const rest = this.#rest;
      if (rest === undefined) {
        if (this.#wantsReopening) await this.#try(() => this.#reopenNow());
        this.#tellDropped();
      }
      const chunk = rest ?? this.#queue.take();
      this.#rest = undefined;
      if (chunk !== undefined) {
        this.#writing = chunk.count;
        await this.#write(chunk.bytes);
        if (!this.#isGivenUp) this.#writing = 0;
      } else if (!this.#isEnding) {
        this.#isIdle = true;
        await this.#queue.filled();
        this.#isIdle = false;
      } else {
        break;
      }
    }
    await this.#try(async () => {
      await this.#target.close();
      return true;
    });
  }

  async #reopenNow(): Promise<boolean> {
    await this.#target.reopen?.();
    this.#wantsReopening = false;
    return true;
  }

  async #write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    let rest = bytes;
    await this.#try(async () => {
      if (this.#wantsReopening) await this.#reopenNow();
      rest = rest.subarray(await this.#target.write(rest));
      return rest.length === 0;
    });
  }

  /** Does something, time after time if need be, until it says that it is done, or nobody cares any more. */
  async #try(attempt: () => Promise<boolean>): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!this.#isGivenUp && !this.#isReaderGone) {
      try {
        const isDone = await attempt();
        this.#lastProgress = performance.now();
        this.#onProgress?.();
        pause = FIRST_PAUSE;
        this.#tellEnd();
        if (isDone) return;
      } catch (error) {
        if (error instanceof ReaderGone) {
          this.#isReaderGone = true;
          this.#options.onReaderGone?.();
          return;
        }
        // Somebody has made the pipe non-blocking, and it is full.
        const isFull = error instanceof Deno.errors.WouldBlock;
        if (!isFull) this.#tell(error);
        await this.#pause(isFull ? 5 : pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    // While it ends, a pause is to be short: what fails then is given up soon.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#endPause = resolve;
    const timer = setTimeout(resolve, this.#isEnding ? FIRST_PAUSE : milliseconds);
    await promise;
    clearTimeout(timer);
    this.#endPause = undefined;
  }

  #tell(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
    const now = performance.now();
    if (this.#troubleTold !== undefined && now - this.#troubleTold < TELL_AGAIN) return;
    this.#troubleTold = now;
    this.#options.say(
      `${this.#target.name}: ${this.#trouble}. Counting goes on; ${
        this.#queue.count + this.#writing
      } ` +
        "records wait to be written, and what there is no room for is dropped and counted.",
    );
  }

  #tellEnd(): void {
    if (this.#troubleTold === undefined) return;
    this.#troubleTold = undefined;
    this.#options.say(`${this.#target.name}: it is written to again.`);
  }

  /** Not with every record that is dropped: while some is written and more comes than that, once a second. */
  #tellDropped(): void {
    const queue = this.#queue;
    if (!queue.hasDropped || !queue.accepts("loss")) return;
    const now = performance.now();
    if (!this.#isEnding && queue.size > 0 && now - this.#lastDropped < TELL_DROPPED) return;
    this.#lastDropped = now;
    for (const [type, owners] of queue.takeDropped()) {
      for (const lines of this.#options.dropped(type, owners, this.#target.name)) queue.put(lines);
    }
  }
}
