/**
 * The way of work to the child. The monitor never waits for it: so much is under way at most; then events stay in the
 * ring, and where that is full the kernel counts those that are lost.
 *
 * @module
 */
import type { Feed } from "./feed.ts";
import { type UnderWay, WorkQueue } from "./work_queue.ts";

/** Records that are taken together. */
const BATCH = 1024;

/** ms of draining after which others get their turn. */
const TURN = 100;

/** Bytes that are under way to the child, at most and one batch more. */
const UNDER_WAY = 4 * 1024 * 1024;

/** Who does it. */
export interface Worker {
  /** It is there, and has loaded the rules. */
  readonly isReady: boolean;
  send(header: object, body: Uint8Array<ArrayBuffer>): void;
}

/** Sends what there is to do. */
export class WorkSender {
  readonly #feed: Feed;
  readonly #worker: Worker;
  /** What was sent, and is not done. */
  readonly queue = new WorkQueue();
  /** No more work is given until another child has taken over. */
  isHeld = false;

  constructor(feed: Feed, worker: Worker) {
    this.#feed = feed;
    this.#worker = worker;
  }

  get #maySend(): boolean {
    return this.#worker.isReady && !this.isHeld;
  }

  /**
   * Sends what has come.
   *
   * @returns how many records that was; at least one where there may be more, and the child has enough for now.
   */
  drain(): number {
    let all = 0;
    const end = performance.now() + TURN;
    for (let taken = BATCH; taken === BATCH && performance.now() < end;) {
      if (!this.#maySend || this.queue.bytes >= UNDER_WAY) return Math.max(1, all);
      const { taken: some, parcel } = this.#feed.take(BATCH);
      taken = some;
      all += taken;
      if (parcel !== undefined) this.#send(this.queue.add(parcel));
    }
    return all;
  }

  /** Sends the tick. One is under way at most: what comes meanwhile is added to the next. */
  sendTick(): void {
    if (!this.#feed.hasTick || !this.#maySend || this.queue.hasTick) return;
    this.#send(this.queue.add(this.#feed.takeTick()));
  }

  /** Sends to another child what is not done, and goes on. */
  sendAgain(): void {
    for (const each of this.queue.again()) this.#send(each);
    this.sendTick();
  }

  #send({ work, body, event, entered, isCareful }: UnderWay): void {
    this.#worker.send(isCareful ? { ...work, careful: { event, done: entered } } : work, body);
  }
}
