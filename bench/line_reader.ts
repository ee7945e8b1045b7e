/**
 * A command whose lines are counted and stamped as they come through a pipe, by bench/lines.c.
 *
 * @module
 */
import { buildProgram } from "./build.ts";
import { linesOf } from "./workload.ts";

/** Which lines count, and how they say what time it is. */
export interface LineFormat {
  /** What a line has in it. */
  readonly text: string;
  readonly time: "none" | "rfc3339" | "boottime";
}

/** Lines that have come. */
export interface Taken {
  readonly lines: number;
  readonly bytes: number;
  /** When the last one came: nanoseconds of CLOCK_BOOTTIME. */
  readonly last: bigint;
  /** Milliseconds from what a line says to its arrival, at the median and at p99; NaN if lines say nothing. */
  readonly latency: readonly [p50: number, p99: number];
}

/** @throws {SyntaxError} if it is not what bench/lines.c says after `took`. */
export function parseTaken(text: string): Taken {
  const fields = text.split(" ");
  const [lines = NaN, bytes = NaN, , p50 = NaN, p99 = NaN] = fields.map(Number);
  if (fields.length !== 5 || [lines, bytes, p50, p99].some(Number.isNaN)) {
    throw new SyntaxError(`not LINES BYTES LAST P50 P99: ${text}`);
  }
  const milliseconds = (ns: number) => ns < 0 ? NaN : ns / 1e6;
  return {
    lines,
    bytes,
    last: BigInt(fields[2] ?? 0),
    latency: [milliseconds(p50), milliseconds(p99)],
  };
}

/** The command at work, killed when this is disposed of. */
export class LineReader implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string, void>;
  readonly #others: string[] = [];
  /** What the command says on standard error. */
  readonly #complaints: Promise<string>;
  #pid = 0;
  #ended = false;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#lines = linesOf(child.stdout);
    this.#complaints = new Response(child.stderr).text();
  }

  static async start(command: readonly string[], format: LineFormat): Promise<LineReader> {
    const child = new Deno.Command(await buildProgram("lines"), {
      args: [format.text, format.time, ...command],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = new LineReader(child);
    reader.#pid = Number(await reader.#next("pid"));
    return reader;
  }

  /** The command's process. */
  get pid(): number {
    return this.#pid;
  }

  /** Lines that did not count, so far. */
  get others(): readonly string[] {
    return this.#others;
  }

  /** Waits for a line that does not count, and that matches. */
  async other(pattern: RegExp): Promise<void> {
    for (;;) if (pattern.test(await this.#next("line"))) return;
  }

  /** When the first line that counts has come. */
  async seen(): Promise<void> {
    await this.#next("seen");
  }

  /** When no more has come for a moment: what came since the last time. */
  async take(): Promise<Taken> {
    this.#child.kill("SIGUSR1");
    return parseTaken(await this.#next("took"));
  }

  /**
   * Interrupts the command until it ends: some forget a signal that comes while they don't wait.
   *
   * @returns what has come since the last time.
   */
  async end(): Promise<Taken> {
    const interrupt = () => {
      try {
        Deno.kill(this.#pid, "SIGINT");
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    };
    const asking = setInterval(interrupt, 500);
    try {
      interrupt();
      const taken = parseTaken(await this.#next("took"));
      await this.#next("end");
      this.#ended = true;
      return taken;
    } finally {
      clearInterval(asking);
    }
  }

  /** What follows the next line of this kind. */
  async #next(kind: "pid" | "seen" | "line" | "took" | "end"): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`lines ended, and never said "${kind}"`);
      const space = value.indexOf(" ");
      const [word, rest] = space < 0
        ? [value, ""]
        : [value.slice(0, space), value.slice(space + 1)];
      if (word === "line") this.#others.push(rest);
      if (word === kind) return rest;
      if (word === "end") {
        throw new Error(`process ${this.#pid} ended early:\n${await this.#complaints}`);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The command dies with its reader.
    try {
      if (!this.#ended) this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    await this.#child.status;
    await this.#lines.return();
    await this.#complaints;
  }
}
