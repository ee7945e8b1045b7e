/**
 * `--processes`: records of processes, kept until those who hand events over are done with their batch.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import { type Monitor, SelectedContainers } from "../engine/mod.ts";
import type { ProcessEvent } from "../events/mod.ts";
import { type ProcessRecord, processRecord } from "../sinks/mod.ts";
import { ExitCode, Failure } from "./exit.ts";
import type { OutputChoice } from "./output.ts";

/** The options that matter. */
interface Options {
  readonly processes: boolean;
  readonly containers: readonly string[];
}

/** The records that were made since they were last taken. */
export class ProcessRecords {
  readonly #selected: SelectedContainers;
  #monitor: Pick<Monitor, "processes" | "bootTime"> | undefined;
  #records: ProcessRecord[] = [];

  private constructor(containers: readonly string[]) {
    this.#selected = new SelectedContainers(containers);
  }

  /**
   * Those that were asked for; undefined: none were.
   *
   * @throws {Failure} if there is nowhere to write them to.
   */
  static of(options: Options, { sinks }: OutputChoice): ProcessRecords | undefined {
    if (!options.processes) return undefined;
    if (sinks.length > 0) return new ProcessRecords(options.containers);
    throw new Failure(ExitCode.usage, "--processes writes records: it needs --jsonl or --sink.");
  }

  /** Whose process table they are made from. */
  follow(monitor: Pick<Monitor, "processes" | "bootTime">): void {
    this.#monitor = monitor;
  }

  /** Hears of a process. */
  readonly hear = (event: ProcessEvent, container: Container): void => {
    if (this.#monitor === undefined || !this.#selected.has(container)) return;
    const { processes, bootTime } = this.#monitor;
    this.#records.push(processRecord(event, container, processes, bootTime));
  };

  /** The records, once. */
  take(): ProcessRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }
}
