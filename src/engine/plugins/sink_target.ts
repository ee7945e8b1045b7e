/**
 * A plugin's sink as a place where records go to, like a file: what waits for it, what of that is dropped, and when
 * it is tried again, is the queue's business.
 *
 * @module
 */
import type { Target } from "../../sinks/mod.ts";
import type { PluginBatchSink, PluginRecordSink, PluginSink, SinkItem } from "./define.ts";
import { type ActivePlugin, Running } from "./running.ts";
import { Batch } from "./sink_batch.ts";

/** ms for which a sink gets records, one by one, before others have their turn. */
const AT_ONCE = 5;

/** Bytes of a batch, where the sink does not say. */
const TOGETHER = 1 << 16;

/** ms that a sink's `close` may take. */
const CLOSE_WITHIN = 2000;

/** What a plugin's sink is, as far as the compiler has not seen to it. */
export function checkedSink(sink: PluginSink): PluginSink {
  const isSink = typeof sink === "object" && sink !== null &&
    typeof ("writeBatch" in sink ? sink.writeBatch : sink.write) === "function";
  if (isSink) return sink;
  throw new TypeError("sink() has to return an object with write() or writeBatch()");
}

/** Where records go to that a plugin's sink takes. */
export function targetOf(running: Running, sink: PluginSink): Target {
  return "writeBatch" in sink ? new BatchTarget(running, sink) : new RecordTarget(running, sink);
}

/**
 * Opens the sink of a plugin that somebody has asked for by its name or a URL, and of which it is known that it returns.
 *
 * @param tell Told what is said of it.
 * @throws {TypeError} if it has none.
 */
export function openSink(active: ActivePlugin, tell: (text: string) => void): Target {
  const { plugin, options } = active;
  const named = (text: string): void => {
    tell(`${target.name}: ${text}`);
  };
  const running = new Running(active, {
    contain: undefined,
    timeout: Infinity,
    onProblem: ({ message, isOff }) => named(`${message}${isOff ? "; it is switched off" : ""}`),
  });
  if (plugin.sink === undefined) throw new TypeError(`plugin ${plugin.name} has no sink()`);
  const target = targetOf(running, checkedSink(plugin.sink(options, { tell: named })));
  return target;
}

/** What plugins' targets have in common. */
abstract class SinkTarget<Sink extends PluginSink> implements Target {
  readonly name: string;
  protected readonly running: Running;
  protected readonly sink: Sink;
  protected unwritten = 0;

  constructor(running: Running, sink: Sink) {
    this.name = sink.name ?? running.name;
    this.running = running;
    this.sink = sink;
  }

  abstract write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;

  async close(): Promise<void> {
    const { running, sink, unwritten } = this;
    await running.wait(() => sink.close?.(), CLOSE_WITHIN);
    if (unwritten > 0) running.tell(`${unwritten} records were not written`);
  }
}

/** Hands records to a sink, one after the other. */
class RecordTarget extends SinkTarget<PluginRecordSink> {
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const began = performance.now();
    let taken = 0;
    const batch = Batch.of(bytes, bytes.length);
    for (const item of batch) {
      if (this.sink.retry !== true || this.running.isOff) {
        if (!await this.#hand(item)) this.unwritten++;
      } else {
        try {
          await this.running.attempt(() => this.sink.write(item));
        } catch (error) {
          if (taken === 0) throw error;
          break;
        }
      }
      taken++;
      if (performance.now() - began < AT_ONCE) continue;
      await new Promise((resolve) => setImmediate(resolve));
      break;
    }
    return batch.lengthOf(taken);
  }

  /** @returns whether the sink has taken it. What it threw at is not offered again: it would throw again. */
  async #hand(item: SinkItem): Promise<boolean> {
    const { running } = this;
    if (running.isOff) return false;
    let isTaken = false;
    const answer = running.start(() => {
      const answer = this.sink.write(item);
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
}

/** Hands records to a sink, many at once. */
class BatchTarget extends SinkTarget<PluginBatchSink> {
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const { running, sink } = this;
    const batch = Batch.of(bytes, sink.batchBytes ?? TOGETHER);
    if (running.isOff) {
      this.unwritten += batch.count;
      return batch.bytes.length;
    }
    const taken = await running.attempt(() => sink.writeBatch(batch));
    if (taken === undefined) return batch.bytes.length;
    if (Number.isInteger(taken) && taken > 0 && taken <= batch.count) return batch.lengthOf(taken);
    throw new RangeError(`writeBatch() took ${taken} of ${batch.count} records`);
  }
}
