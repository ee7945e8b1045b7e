/**
 * A process that does what a line tells it to, and answers with a line when it is done.
 *
 * @module
 */

/** A running workload, killed when it is disposed of. */
export class Workload implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncGenerator<string, void>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#lines = linesOf(child.stdout);
  }

  /** @throws {Error} if it does not say "ready"; what is wrong it has said on standard error. */
  static async start(command: string, args: readonly string[]): Promise<Workload> {
    const child = new Deno.Command(command, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const workload = new Workload(child);
    const first = await workload.#line();
    if (first !== "ready") {
      await workload[Symbol.asyncDispose]();
      throw new Error(`${command}: expected "ready", got ${JSON.stringify(first)}`);
    }
    return workload;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Has it do its work once, or what the order says. */
  async run(order = "go"): Promise<string> {
    await this.#writer.write(new TextEncoder().encode(`${order}\n`));
    const answer = await this.#line();
    if (answer === undefined) throw new Error(`workload ${this.pid} ended`);
    return answer;
  }

  async #line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // It has ended already.
    }
    await this.#child.status;
    await this.#lines.return();
    await this.#writer.close().catch(() => {});
  }
}

/** The lines of a stream, without their newline; it is cancelled when the caller has had enough. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
