/**
 * The child as a process: started, heard, watched, killed.
 *
 * @module
 */
import { CallError, Errno, Libc } from "../../kernel/mod.ts";
import { type Frame, frame, FrameError, FrameReader, KEY } from "./frames.ts";

/** Besides V8's heap: code, buffers, what Deno itself takes. In MB. */
const BESIDES_HEAP = 256;

/**
 * Where we do not look often enough the kernel gives no more: in MB, of memory that can be written to. Deno has 560 of
 * it when it has begun, and uses little of that. Then a buffer is an error of the rule that wants it, and where V8
 * itself wants more the child ends.
 */
const HARD = 560 + 2 * BESIDES_HEAP;

/** Lines of standard error that are passed on within ten seconds. */
const LINES = 100;
const LINES_WITHIN = 10_000;

/** Characters of a line. */
const LINE = 4096;

/** V8's last words, which say nothing to a user. */
const LAST_WORDS = /^<--- Last few GCs|^#\s*(?:$|Fatal|FATAL)|^(?:FATAL|Fatal) /;
const OUT_OF_MEMORY = /heap out of memory|heap limit|OOM|out of memory/i;

/** How a child is started, and who hears of it. */
export interface RulesProcessOptions {
  /** Deno's. */
  readonly args: readonly string[];
  /** MB of V8's heap. */
  readonly memory: number;
  /** What it says. Throws {@linkcode FrameError} if that is nothing it may say. */
  readonly onFrame: (frame: Frame) => void;
  /** A line of what it writes to standard error: anything at all may be in it. */
  readonly onLine: (line: string) => void;
  /** It is over: `ended with code 3`. Nothing else comes. */
  readonly onEnd: (reason: string) => void;
}

/** A process of Deno without permissions. */
export class RulesProcess {
  readonly #options: RulesProcessOptions;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #key = crypto.getRandomValues(new Uint8Array(KEY));
  /** Why we ended it. */
  #reason: string | undefined;
  #isOutOfMemory = false;
  #isDying = false;
  #lines = 0;
  #linesSince = performance.now();
  readonly #ended: Promise<void>;

  constructor(options: RulesProcessOptions) {
    this.#options = options;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [...options.args],
      env: { NO_COLOR: "1", RUST_BACKTRACE: "0", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // Ctrl-C is the monitor's, which has rules look at what has come until then.
      detached: true,
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    // It ended: that is heard otherwise.
    this.#writer.closed.catch(() => {});
    this.#makeFirstVictim();
    this.#limitMemory();
    this.#ended = this.#follow();
  }

  /** Where memory runs out on the machine it is not others who pay. */
  #makeFirstVictim(): void {
    try {
      Deno.writeTextFileSync(`/proc/${this.#child.pid}/oom_score_adj`, "1000");
    } catch {
      // It is gone already, or we may not: then it is as any other process.
    }
  }

  /** @throws {CallError} if that is not allowed: then rules don't run. */
  #limitMemory(): void {
    using libc = Libc.open();
    try {
      libc.limitData(this.#child.pid, (this.#options.memory + HARD) * 1024 * 1024);
    } catch (error) {
      // It is gone already, which is heard otherwise.
      if (!(error instanceof CallError && error.errno === Errno.ESRCH)) throw error;
    }
  }

  async #follow(): Promise<void> {
    const [{ code, signal }] = await Promise.all([this.#child.status, this.#hear(), this.#read()]);
    const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    const reason = this.#isOutOfMemory
      ? `had no more memory: ${this.#options.memory} MB are all that rules may take`
      : how;
    await this.#writer.abort().catch(() => {});
    this.#options.onEnd(this.#reason ?? reason);
  }

  async #hear(): Promise<void> {
    const reader = new FrameReader(this.#key);
    for await (const piece of this.#child.stdout) {
      // What comes after nonsense is none of ours either; but it must not stand in the way.
      if (this.#reason !== undefined) continue;
      try {
        for (const each of reader.push(piece)) this.#options.onFrame(each);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        this.kill(`wrote to its standard output what is not the monitor's (${error.message})`);
      }
    }
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const piece of this.#child.stderr) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
      // A line that never ends is told in parts.
      rest = (lines.pop() ?? "").slice(-LINE);
      for (const line of lines) this.#line(line);
    }
    if (rest !== "") this.#line(rest);
  }

  #line(line: string): void {
    this.#isDying ||= LAST_WORDS.test(line);
    if (this.#isDying) {
      this.#isOutOfMemory ||= OUT_OF_MEMORY.test(line);
      return;
    }
    const now = performance.now();
    if (now - this.#linesSince >= LINES_WITHIN) {
      if (this.#lines > LINES) {
        this.#options.onLine(`… ${this.#lines - LINES} more lines were left out`);
      }
      this.#linesSince = now;
      this.#lines = 0;
    }
    if (++this.#lines <= LINES) this.#options.onLine(line.slice(0, LINE));
  }

  /** A frame for it: made once, and the more it is worth to send again to another child. */
  send(header: object, body?: Uint8Array): void {
    this.#writer.write(frame(this.#key, header, body)).catch(() => {});
  }

  /** Bytes of memory that it takes; 0: it is over. */
  get memory(): number {
    try {
      const pages = Deno.readTextFileSync(`/proc/${this.#child.pid}/statm`).split(" ")[1];
      return Number(pages) * 4096;
    } catch {
      return 0;
    }
  }

  /** Ends it if it takes more than it may, where V8 does not see to it: buffers are not in its heap. */
  checkMemory(): void {
    const most = this.#options.memory + BESIDES_HEAP;
    if (this.memory <= most * 1024 * 1024) return;
    this.kill(`took more than ${most} MB of memory`);
  }

  /** Ends it at once. */
  kill(reason: string): void {
    this.#reason ??= reason;
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It is over.
    }
  }

  /** Tells it that there is nothing more, and waits for its end; after some ms it is killed. */
  async close(milliseconds: number): Promise<void> {
    this.#writer.close().catch(() => {});
    const timer = setTimeout(() => this.kill("was not wanted any more"), milliseconds);
    await this.#ended;
    clearTimeout(timer);
  }
}
