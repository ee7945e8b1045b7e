/**
 * Where a command's records, or its text for people, leave the program.
 *
 * @module
 */
import { loadSink, type Settings, type SinkChoice, urlChoice } from "../engine/config/mod.ts";
import { type ActivePlugin, openSink } from "../engine/plugins/mod.ts";
import { Pipe } from "../kernel/mod.ts";
import {
  type AlertFormatName,
  Delivery,
  droppedLines,
  LineFile,
  type Lines,
  type LineType,
  type Outlet,
  type Output,
  type Owners,
  printable,
  single,
  StandardOutput,
  type Target,
  toAll,
  type WriteNow,
} from "../sinks/mod.ts";
import { ExitCode, Failure, say } from "./exit.ts";
import { orFailure } from "./rules/settings.ts";
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

/** Where records go to, with the plugin that a URL is for. */
type LoadedChoice = SinkChoice & { readonly active: ActivePlugin | undefined };

/** Where a command's records go to. */
export interface OutputChoice {
  readonly sinks: readonly LoadedChoice[];
  /** Bytes that may wait for those that say nothing of it. */
  readonly queue: number;
  readonly format: AlertFormatName | undefined;
}

/** Standard output by these names is not opened again: it would not be seen when its reader goes away. */
const ownOutput = new Set(["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]);

/**
 * What the command line says of where records go to; if it says nothing, what the configuration says.
 *
 * @throws {Failure} if the options make no sense together, or there is no such sink.
 */
export async function chooseOutputs(
  options: OutputOptions,
  { sinks }: Pick<Settings, "sinks">,
): Promise<OutputChoice> {
  const urls = options.sinks.map((url) => urlChoice(url, "--sink"));
  const named = [...jsonlChoice(options), ...urls];
  const { queue, format } = options;
  const chosen = named.length > 0 ? named : sinks;
  return { sinks: await orFailure(() => Promise.all(chosen.map(loaded))), queue, format };
}

/** What a URL is for is loaded before anything is counted. */
async function loaded(choice: SinkChoice): Promise<LoadedChoice> {
  return { ...choice, active: choice.kind === "url" ? await loadSink(choice) : undefined };
}

function jsonlChoice(
  { jsonl, rotateSize: size, rotateInterval: interval, rotateKeep: keep, rotateGzip: gzip }:
    OutputOptions,
): SinkChoice[] {
  const rotates = size !== undefined || interval !== undefined;
  const queue = undefined;
  if (jsonl !== undefined && !ownOutput.has(jsonl)) {
    const rotation = rotates ? { size, interval, keep, gzip } : undefined;
    return [{ kind: "file", path: jsonl, rotation, queue }];
  }
  if (!rotates) return jsonl === undefined ? [] : [{ kind: "stdout", queue }];
  throw new Failure(ExitCode.usage, "--rotate-size and --rotate-interval are for --jsonl FILE.");
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

  private constructor({ sinks, queue, format = "json" }: OutputChoice, stop: Stop) {
    const onReaderGone = () => {
      this.#isReaderGone = true;
      stop.end("closed");
    };
    const tell = (text: string) => say(printable(text));
    const dropped = format === "json" ? droppedLines : sayDropped;
    const targets = sinks.map((choice) => openTarget(choice, tell));
    const deliveries = targets.map((target, i) => {
      const limit = sinks[i]?.queue ?? queue;
      return new Delivery(target, { limit, say: tell, dropped, onReaderGone });
    });
    if (targets.some(({ reopen }) => reopen !== undefined)) {
      stop.onHangup(() => deliveries.forEach((delivery) => delivery.reopen()));
    }
    this.records = deliveries.length === 0 ? undefined : toAll(deliveries);
    // As `--jsonl`: what is read by people is not what goes to a URL besides.
    this.isText = sinks.every(({ kind }) => kind === "url");
    const [first] = deliveries;
    const text = this.isText || first === undefined
      ? new Delivery(new StandardOutput(openPipe), {
        limit: queue,
        say: tell,
        dropped: sayDropped,
        onReaderGone,
      })
      : first;
    this.text = text;
    this.#deliveries = this.isText ? [text, ...deliveries] : deliveries;
  }

  /**
   * Opens what is chosen.
   *
   * @param stop Told when nobody reads any more; SIGHUP opens files again instead.
   * @throws what open(2) says.
   */
  static open(choice: OutputChoice, stop: Stop): Outputs {
    return new Outputs(choice, stop);
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

/** @throws what open(2) says of a file. */
function openTarget(choice: LoadedChoice, tell: (text: string) => void): Target {
  if (choice.active !== undefined) return openSink(choice.active, tell);
  switch (choice.kind) {
    case "stdout":
      return new StandardOutput(openPipe);
    case "file":
      return new LineFile(choice.path, { rotation: choice.rotation, say: tell });
    case "url":
      throw new TypeError(`${choice.url}: its plugin has not been loaded`);
  }
}

function sayDropped(type: LineType, owners: Owners, sink: string): Lines[] {
  let all = 0;
  for (const count of owners.values()) all += count;
  const what = type === "text" ? "pieces of text" : `${type}s`;
  say(`${printable(sink)}: ${all} ${what} were not written: its reader is too slow.`);
  return [];
}
