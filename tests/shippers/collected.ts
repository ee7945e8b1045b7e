/**
 * What has come to the other side of a shipper.
 *
 * @module
 */
import { fail } from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** ms without any progress after which nothing more is expected: only a test that fails waits for so long. */
const STANDSTILL = 120_000;

/** ms in which a shipper that has something to do, or to do again, does it. */
const QUIET = 4000;

/** The table of the receiver that docs/shippers.md gives. */
export class Collected {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How many lines there are. */
  async progress(): Promise<number> {
    return Number(await this.#ask("print(next(rows('count(*)'))[0])"));
  }

  /** Waits until it has got so far; returns without that if there has been no progress for some ms. */
  async waitFor(
    isSo: (progress: number) => boolean,
    milliseconds: number = STANDSTILL,
  ): Promise<void> {
    let [last, since] = [-1, performance.now()];
    while (true) {
      const asked = performance.now();
      const progress = await this.progress();
      const now = performance.now();
      if (progress !== last) [last, since] = [progress, now];
      if (isSo(progress) || now - since > milliseconds) return;
      // What takes its time is not asked for all the time.
      await delay(Math.max(20, 3 * (now - asked)));
    }
  }

  /** Returns when all lines of some files have come, and nothing more does; or nothing has for two minutes. */
  async all(files: readonly string[]): Promise<void> {
    const lines = Number(await output("sh", "-c", 'cat "$@" | wc -l', "sh", ...files));
    await this.waitFor((count) => count >= lines);
    await this.waitFor(() => false, QUIET);
  }

  /** A file with its lines. */
  async file(): Promise<string> {
    const file = join(this.#folder, "collected.jsonl");
    await this.#ask(
      `
with open(sys.argv[2], "w", encoding="utf-8") as file:
    for (line,) in rows("line"):
        file.write(line + "\\n")`,
      file,
    );
    return file;
  }

  async #ask(what: string, ...args: string[]): Promise<string> {
    const script = `import os, sqlite3, sys
def rows(what):
    if not os.path.exists(sys.argv[1]): return iter([(0,)])
    database = sqlite3.connect(sys.argv[1], timeout=600)
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'records'").fetchall():
        return iter([(0,)])
    return database.execute(f"SELECT {what} FROM records")
${what}`;
    return await output("python3", "-c", script, join(this.#folder, "records.db"), ...args);
  }
}

async function output(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  const decoder = new TextDecoder();
  if (!success) fail(decoder.decode(stderr));
  return decoder.decode(stdout);
}
