/**
 * Whose code runs, what it looks at, and what time it is there.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { RuleEvent } from "./define.ts";
import type { ProcessNews } from "./process_change.ts";
import type { Running } from "./running.ts";

/** One serves all rules, one after the other: nothing is made for an event. */
export class Evaluation {
  /** Whose code runs. */
  running: Running | undefined;
  /** Of the rules that look at an event, how many are done with it: where they are cut short, those that follow are not. */
  done = 0;
  /** ms of the newest tick. */
  now = 0;
  #container: Container | undefined;
  #event: RuleEvent | undefined;
  #change: ProcessNews | undefined;
  #time: bigint | undefined;

  /** What rules look at from now on. */
  lookAt(
    container: Container,
    event: RuleEvent | undefined,
    time: bigint | undefined,
    change?: ProcessNews,
  ): void {
    this.#container = container;
    this.#event = event;
    this.#change = change;
    this.#time = time;
  }

  get container(): Container | undefined {
    return this.#container;
  }

  get event(): RuleEvent | undefined {
    return this.#event;
  }

  /** What an alert is about; undefined: a container. */
  get subject(): RuleEvent | ProcessNews | undefined {
    return this.#event ?? this.#change;
  }

  /** ns since 1970, UTC. An event's is read only where somebody asks. */
  get time(): bigint | undefined {
    return this.#time ??= this.#event?.time;
  }

  /** ms since 1970, UTC: of what is looked at, or of the newest tick. */
  get milliseconds(): number {
    const time = this.running === undefined ? undefined : this.time;
    return time === undefined ? this.now : Number(time / 1_000_000n);
  }
}
