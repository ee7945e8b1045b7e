/**
 * A plugin's sink as a place where records go to, like a file or a socket: what waits for it, and what of that is
 * dropped, is the queue's business.
 *
 * @module
 */
import { type Target, wholeLines } from "../../sinks/mod.ts";
import type { PluginSink, SinkItem } from "./define.ts";
import type { Running } from "./running.ts";

/** ms for which a sink gets records before others have their turn. */
const AT_ONCE = 5;

const decoder = new TextDecoder();

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

/** Hands records to a sink that a plugin has opened, one after the other. */
export class PluginTarget implements Target {
  readonly name: string;
  readonly #running: Running;
  readonly #sink: PluginSink;
  readonly #closeWithin: number;
  #unwritten = 0;

  /** @param closeWithin ms that the sink's `close` may take. */
  constructor(running: Running, sink: PluginSink, closeWithin: number) {
    this.name = running.name;
    this.#running = running;
    this.#sink = sink;
    this.#closeWithin = closeWithin;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const began = performance.now();
    let taken = 0;
    for (const line of wholeLines(bytes)) {
      taken += line.length + 1;
      if (!await this.#hand(decoder.decode(line))) this.#unwritten++;
      if (performance.now() - began < AT_ONCE) continue;
      await new Promise((resolve) => setImmediate(resolve));
      break;
    }
    return taken;
  }

  /** @returns whether the sink has taken it. What it threw at is not offered again: it would throw again. */
  async #hand(line: string): Promise<boolean> {
    const running = this.#running;
    if (running.isOff) return false;
    let isTaken = false;
    const answer = running.start(() => {
      const answer = this.#sink.write(new Item(line));
      isTaken = true;
      return answer;
    });
    if (answer === undefined) return isTaken;
    try {
      await answer;
      return true;
    } catch (error) {
      running.fail(error);
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#running.wait(() => this.#sink.close?.(), this.#closeWithin);
    if (this.#unwritten > 0) this.#running.tell(`${this.#unwritten} records were not written`);
  }
}
