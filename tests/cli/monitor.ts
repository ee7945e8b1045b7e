/**
 * The real monitor as a process, for the tests of this folder.
 *
 * @module
 */
import { fail } from "node:assert/strict";
import { join } from "node:path";

/** Where the command line is. */
export const checkout: string = join(import.meta.dirname ?? ".", "../..");

/** For tests that need BPF: they are skipped, by their names, where there is no root. */
export const root = { ignore: Deno.uid() !== 0 } as const;

/** How long something may take that happens by itself, in ms: only a test that fails waits for so long. */
const DEADLINE = 60_000;

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a process is started. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What comes before Deno on the command line: `setpriv …`. */
  readonly before?: readonly string[];
  /** Where; in the checkout by default. */
  readonly cwd?: string;
}

/** A process whose output is collected. It is killed, if it still runs, when this is disposed of. */
export class Running implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Ended>;
  readonly #readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
  #isOver = false;
  stdout = "";
  stderr = "";

  constructor([program, ...args]: readonly [string, ...string[]], options: StartOptions = {}) {
    this.#child = new Deno.Command(program, {
      args,
      cwd: options.cwd ?? checkout,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#ended = this.#end();
  }

  get pid(): number {
    return this.#child.pid;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async #end(): Promise<Ended> {
    const collect = async (from: ReadableStream<Uint8Array>, to: "stdout" | "stderr") => {
      const decoder = new TextDecoder();
      const reader = from.getReader();
      this.#readers.push(reader);
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        this[to] += decoder.decode(part.value, { stream: true });
      }
      this[to] += decoder.decode();
    };
    const [{ code, signal }] = await Promise.all([
      this.#child.status,
      collect(this.#child.stdout, "stdout"),
      collect(this.#child.stderr, "stderr"),
    ]);
    this.#isOver = true;
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Waits for something to be so while it runs. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    await until(what, () => {
      if (isSo()) return true;
      if (this.#isOver) fail(`it ended before ${what}:\n${this.stdout}\n${this.stderr}`);
      return false;
    }, () => this.stderr);
  }

  /** Waits for its end. */
  async ended(): Promise<Ended> {
    await until("the end", () => this.#isOver);
    return await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) {
      try {
        this.#child.kill("SIGKILL");
      } catch (error) {
        // It has ended, and only its output is still on its way.
        if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    // Somebody else may still hold its output open.
    for (const reader of this.#readers) await reader.cancel();
    await this.#ended;
  }
}

/**
 * Waits for something to be so, or fails.
 *
 * @param said What may say why it is not.
 */
export async function until(
  what: string,
  isSo: () => boolean,
  said: () => string = () => "",
): Promise<void> {
  const start = performance.now();
  while (!isSo()) {
    if (performance.now() - start > DEADLINE) {
      fail(`waited in vain for ${what}\n${said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The monitor's command line. */
export function commandLine(args: readonly string[]): [string, ...string[]] {
  return [Deno.execPath(), "run", "-A", "--cached-only", join(checkout, "monitor.ts"), ...args];
}

/** Starts the monitor. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  const [program, ...rest] = [...(options.before ?? []), ...commandLine(args)];
  return new Running([program ?? Deno.execPath(), ...rest], options);
}

/** Runs the monitor to its end. */
export async function run(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  await using running = start(args, options);
  return await running.ended();
}

/** Runs another program to its end. */
export async function runProgram(...command: [string, ...string[]]): Promise<Ended> {
  await using running = new Running(command);
  return await running.ended();
}

/** Each line's record. */
export function recordsOf(text: string): Record<string, unknown>[] {
  if (text !== "" && !text.endsWith("\n")) fail(`the last line has no end: ${text.slice(-100)}`);
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

/** Whether there is a program of this name. */
export async function has(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `command -v ${program}`],
    stdout: "null",
  }).output();
  return success;
}
