/**
 * Where a command's records, or its text for people, leave the program.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { Pipe } from "../kernel/mod.ts";
import {
  type AlertFormatName,
  Delivery,
  droppedRecord,
  line,
  LineFile,
  type Lines,
  type LineType,
  openSink,
  type Outlet,
  type Output,
  type Owners,
  printable,
  single,
  sinkForms,
  StandardOutput,
  type Target,
  toAll,
  type WriteNow,
} from "../sinks/mod.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import type { Stop } from "./stop.ts";

/** Options of how records leave, as parsed. */
export interface OutputOptions {
  /** A file's name, or `-`; undefined: text for people. */
  readonly jsonl: string | undefined;
  /** URLs: see docs/shippers.md. */
  readonly sinks: readonly string[];
  /** Bytes that may wait for each of them. */
  readonly queue: number;
  /** Bytes. */
  readonly rotateSize: number | undefined;
  /** ms. */
  readonly rotateInterval: number | undefined;
  readonly rotateKeep: number;
  readonly rotateGzip: boolean;
  /** Of alerts; where they are all that is written, what is dropped is told on standard error. */
  readonly format?: AlertFormatName | undefined;
}

/** Whether records are to be written to anything. */
export function writesRecords(
  { jsonl, sinks }: Pick<OutputOptions, "jsonl" | "sinks">,
): boolean {
  return jsonl !== undefined || sinks.length > 0;
}

/** Standard output by these names is not opened again: it would not be seen when its reader goes away. */
const ownOutput = new Set(["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]);

function nanoseconds(): bigint {
  return Temporal.Now.instant().epochNanoseconds;
}

/** All that a command writes to. Writing never waits. */
export class Outputs implements AsyncDisposable {
  readonly #deliveries: readonly Delivery[];
  #isReaderGone = false;
  #isClosed = false;
  /** For records; undefined: none are wanted. */
  readonly records: Outlet | undefined;
  /** For text on standard output, where that takes no records. */
  readonly text: Outlet;
  /** Whether standard output takes text for people. */
  readonly isText: boolean;

  private constructor(options: OutputOptions, stop: Stop) {
    const limit = options.queue;
    const onReaderGone = () => {
      this.#isReaderGone = true;
      stop.end("closed");
    };
    const target = openTarget(options);
    const isText = target === undefined;
    const { format = "json" } = options;
    const dropped = format === "json" ? droppedLines : sayDropped;
    const delivery = new Delivery(target ?? new StandardOutput(openPipe), {
      limit,
      say: (text) => say(printable(text)),
      dropped: isText ? sayDropped : dropped,
      onReaderGone,
    });
    const sinks = options.sinks.map((url) =>
      new Delivery(targetOf(url), {
        limit,
        say: (text) => say(printable(text)),
        dropped,
      })
    );
    this.#deliveries = [delivery, ...sinks];
    const outlets = isText ? sinks : [delivery, ...sinks];
    this.isText = isText;
    this.records = outlets.length === 0 ? undefined : toAll(outlets);
    this.text = delivery;
    if (target?.reopen !== undefined) stop.onHangup(() => delivery.reopen());
  }

  /**
   * Opens what the options name.
   *
   * @param stop Told when nobody reads any more; SIGHUP opens a file again instead.
   * @throws {Failure} if the options make no sense together; what open(2) says.
   */
  static open(options: OutputOptions, stop: Stop): Outputs {
    return new Outputs(options, stop);
  }

  /** Whether the reader of standard output has gone. */
  get isReaderGone(): boolean {
    return this.#isReaderGone;
  }

  /**
   * Writes what waits, and ends.
   *
   * @throws {Failure} if not all could be written.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const left = await Promise.all(this.#deliveries.map((delivery) => delivery.close()));
    const told = left.filter((text) => text !== undefined);
    if (told.length > 0) throw new Failure(ExitCode.failed, told.map(printable).join("\n"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Text for people, on its way to an outlet. */
export function textOutput(outlet: Outlet): Output {
  const decoder = new TextDecoder();
  return {
    writeSync(bytes) {
      outlet.put(single("text", decoder.decode(bytes)));
      return bytes.length;
    },
  };
}

/** Bytes that a pipe holds: what is made between two looks of its reader. */
const PIPE_SIZE = 1 << 20;

/** It stays open until the process ends. */
function openPipe(path: string): WriteNow | undefined {
  const pipe = Pipe.open(path, PIPE_SIZE);
  return pipe?.write.bind(pipe);
}

/** @throws {Failure} if there is no such sink. */
function targetOf(url: string): Target {
  const target = openSink(url, (text) => say(printable(text)));
  if (target !== undefined) return target;
  const forms = sinkForms.join(", ");
  throw new Failure(ExitCode.usage, `--sink ${printable(url)}: there is no such sink: ${forms}.`);
}

function openTarget(
  { jsonl, rotateSize: size, rotateInterval: interval, rotateKeep: keep, rotateGzip: gzip }:
    OutputOptions,
): Target | undefined {
  const rotates = size !== undefined || interval !== undefined;
  if (jsonl === undefined || ownOutput.has(jsonl)) {
    if (!rotates) return jsonl === undefined ? undefined : new StandardOutput(openPipe);
    throw new Failure(ExitCode.usage, "--rotate-size and --rotate-interval are for --jsonl FILE.");
  }
  const rotation = rotates ? { size, interval, keep, gzip } : undefined;
  return new LineFile(jsonl, { rotation, say: (text) => say(printable(text)) });
}

/** `loss` records of what was dropped. */
function droppedLines(type: LineType, owners: Owners, sink: string): Lines[] {
  const time = nanoseconds();
  return Array.from(owners, ([owner, count]: [Container | undefined, number]) => {
    const record = droppedRecord({ owner, sink, record: type, count }, time);
    return single("loss", line(record), owner);
  });
}

function sayDropped(type: LineType, owners: Owners, sink: string): Lines[] {
  let all = 0;
  for (const count of owners.values()) all += count;
  const what = type === "text" ? "pieces of text" : `${type}s`;
  say(`${printable(sink)}: ${all} ${what} were not written: its reader is too slow.`);
  return [];
}
