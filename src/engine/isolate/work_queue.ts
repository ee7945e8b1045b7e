/**
 * What the child has been given and has not answered yet, in its order.
 *
 * A batch is kept until the child says that all rules have looked at it, so that another child can look at it again
 * where one has ended.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Parcel } from "./feed.ts";
import { FrameError } from "./frames.ts";
import type { Work } from "./messages.ts";

/** The same work is tried so often where nobody can be blamed for the child's end. */
export const TRIES = 3;

/** Work that is under way. */
export interface UnderWay {
  readonly work: Work;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly containers: readonly Container[];
  /** What was looked at carefully: the event that was last, and who looked at it. */
  event: number;
  entered: string[];
  /** Whether the child now is told to be careful. */
  isCareful: boolean;
  tries: number;
}

/** What comes of a child's end. */
export type Blame =
  /** Nobody is to blame, or nobody yet: the next child looks carefully. */
  | { readonly type: "nobody" }
  /** This rule was running, and does not run again. */
  | { readonly type: "rule"; readonly id: string }
  /** So many events are not tried again. */
  | { readonly type: "passed over"; readonly events: number };

/** Work under way, the oldest first. */
export class WorkQueue {
  #all: UnderWay[] = [];
  #bytes = 0;
  #nextId = 0;

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Of records that are under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** One is, at most. */
  get hasTick(): boolean {
    return this.#all.some(({ work }) => work.type === "tick");
  }

  /** Takes in work. */
  add({ work, body, containers }: Parcel): UnderWay {
    const each: UnderWay = {
      work: { ...work, id: this.#nextId++ } as Work,
      body,
      containers,
      event: 0,
      entered: [],
      isCareful: false,
      tries: 0,
    };
    this.#all.push(each);
    this.#bytes += body.length;
    return each;
  }

  /**
   * What is answered: nothing else than what was sent first.
   *
   * @throws {FrameError}
   */
  first(id: number): UnderWay {
    const [first] = this.#all;
    if (first?.work.id !== id) throw new FrameError("an answer to nothing");
    return first;
  }

  /** The first is done with. */
  done(): void {
    const first = this.#all.shift();
    this.#bytes -= first?.body.length ?? 0;
  }

  /** A rule is about to look at an event of what is first. */
  entered(first: UnderWay, event: number, rule: string): void {
    if (event !== first.event) first.entered = [];
    first.event = event;
    first.entered.push(rule);
  }

  /** All of it, for another child. What stood behind the first was not begun. */
  again(): readonly UnderWay[] {
    for (const each of this.#all.slice(1)) each.isCareful = false;
    return this.#all;
  }

  /** The child has ended: who was the last to look at something carefully has done it. */
  blame(): Blame {
    const [first] = this.#all;
    if (first === undefined) return { type: "nobody" };
    const last = first.entered.at(-1);
    if (first.isCareful && last !== undefined) {
      first.tries = 0;
      return { type: "rule", id: last };
    }
    first.isCareful = true;
    if (++first.tries < TRIES) return { type: "nobody" };
    this.done();
    return {
      type: "passed over",
      events: first.work.type === "batch" ? first.work.events.length : 0,
    };
  }
}
