/**
 * The script that a guest runs, and what its output says of each command. The guest's second serial port
 * carries both, in lines of text: a mark, which holds a token that no test knows, tells the script's own
 * lines from the tests'.
 *
 * @module
 */

/** A command for the guest. */
export interface Command {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds after which it is ended. */
  readonly limit: number;
}

/** How a command ended, and what it wrote. */
export interface CommandResult {
  readonly output: string;
  /** As the shell has it; undefined if the guest ended first. */
  readonly status: number | undefined;
  readonly seconds: number;
}

/** What `timeout` ends with when it had to end the command. */
export const STATUS_TIMED_OUT = 124;

/** Seconds between asking a command to end and ending it. */
const MERCY = 5;

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function assignments(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([name, value]) => quoted(`${name}=${value}`));
}

/**
 * The script, for bash.
 *
 * @param token Made up anew for each guest.
 */
export function script(commands: readonly Command[], directory: string, token: string): string {
  const lines = [`cd ${quoted(directory)} || exit`, "stty -F /dev/ttyS1 -onlcr 2>/dev/null"];
  commands.forEach((command, index) => {
    const timeout = ["timeout", "--kill-after", String(MERCY), String(command.limit)];
    const words = [...timeout, ...command.args].map(quoted);
    lines.push(
      `echo '${token} begin ${index}'`,
      ["env", ...assignments(command.environment), ...words].join(" "),
      // The command may have left a line unfinished.
      `printf '\\n${token} end ${index} %d\\n' $?`,
    );
  });
  return `${lines.join("\n")}\n`;
}

/** Understands a guest's output as it comes. */
export class OutputReader {
  readonly #token: string;
  readonly #onText: (text: string) => void;
  readonly #decoder = new TextDecoder();
  readonly #now: () => number;
  readonly #results: { output: string; status: number | undefined; seconds: number }[] = [];
  #begun = 0;
  #unfinished = "";

  /**
   * @param onText Hears what the commands write, in whole lines.
   * @param now Milliseconds.
   */
  constructor(
    token: string,
    onText: (text: string) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#token = token;
    this.#onText = onText;
    this.#now = now;
  }

  /** The next bytes of the serial port. */
  push(bytes: Uint8Array): void {
    const lines = (this.#unfinished + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#unfinished = lines.pop() ?? "";
    for (const line of lines) this.#line(line.replace(/\r$/, ""));
  }

  /** Of each command that has begun, in their order. */
  get results(): readonly CommandResult[] {
    return this.#results;
  }

  #line(line: string): void {
    const [token, what, , status] = line.split(" ");
    const current = this.#results.at(-1);
    if (token === this.#token && what === "begin") {
      this.#begun = this.#now();
      this.#results.push({ output: "", status: undefined, seconds: 0 });
    } else if (current === undefined || current.status !== undefined) {
      // Between commands there is systemd's talk at most.
    } else if (token === this.#token && what === "end") {
      current.status = Number(status);
      current.seconds = (this.#now() - this.#begun) / 1000;
    } else {
      current.output += `${line}\n`;
      this.#onText(`${line}\n`);
    }
  }
}
