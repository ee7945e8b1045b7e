/**
 * Sinks of plugins: each gets records as lines, and waits for nobody but itself.
 *
 * @module
 */
import type { Lines, Outlet } from "../../sinks/mod.ts";
import type { PluginSink, SinkItem } from "./define.ts";
import type { Running } from "./running.ts";

/** Records that may wait for a sink; more are dropped, and counted. */
const MOST_WAITING = 4096;

/** A record: taken apart only if the sink looks at it, and then it is the sink's own. */
class Item implements SinkItem {
  readonly line: string;
  #record: object | undefined;

  constructor(line: string) {
    this.line = line;
  }

  get record(): object {
    return this.#record ??= JSON.parse(this.line);
  }
}

/** A sink that a plugin has opened, fed with lines. */
export class SinkRunner {
  readonly #running: Running;
  readonly #sink: PluginSink;
  readonly #waiting: Item[] = [];
  #isWriting = false;
  #dropped = 0;
  #idle: (() => void) | undefined;

  constructor(running: Running, sink: PluginSink) {
    this.#running = running;
    this.#sink = sink;
  }

  /** Takes a line without its newline. */
  put(line: string): void {
    if (this.#running.isOff || this.#waiting.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(new Item(line));
    if (!this.#isWriting) this.#write();
  }

  #write(): void {
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      const next = item;
      const answer = this.#running.start(() => this.#sink.write(next));
      if (answer === undefined) continue;
      this.#isWriting = true;
      answer.catch((error) => this.#running.fail(error)).finally(() => {
        this.#isWriting = false;
        this.#write();
      });
      return;
    }
    this.#idle?.();
  }

  /** Waits until all is written, or some ms; then closes the sink. */
  async close(most: number): Promise<void> {
    await this.#running.wait(async () => {
      if (this.#isWriting) await new Promise<void>((resolve) => this.#idle = resolve);
      await this.#sink.close?.();
    }, most);
    this.#dropped += this.#waiting.splice(0).length;
    if (this.#dropped > 0) this.#running.tell(`${this.#dropped} records were dropped`);
  }
}

/** Records go to sinks, line by line. */
export class SinkOutlet implements Outlet {
  readonly #sinks: readonly SinkRunner[];

  constructor(sinks: readonly SinkRunner[]) {
    this.#sinks = sinks;
  }

  put({ text }: Lines): void {
    for (const line of text.split("\n")) {
      if (line === "") continue;
      for (const sink of this.#sinks) sink.put(line);
    }
  }

  /** What waits for too long each sink drops itself, and counts. */
  accepts(): boolean {
    return true;
  }

  skip(): void {}
}
