/**
 * Blocks on standard output: redrawn in place on a terminal, one after the other elsewhere.
 *
 * @module
 */
import { type Alert, alertText } from "./alert.ts";
import { type BlockOptions, Blocks, type Room } from "./blocks.ts";
import { clockText } from "./clock.ts";
import { beginning, cut } from "./columns.ts";
import { printable } from "./printable.ts";
import { type Output, writeAll } from "./output.ts";
import type { Sink, Tick } from "./sink.ts";

// ECMA-48 and xterm's control sequences.
const ALTERNATE_SCREEN = "\x1b[?1049h\x1b[?25l";
const MAIN_SCREEN = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** Lines of alerts that stay in view. */
const SHOWN_ALERTS = 5;

/** Alerts that are left on the screen that was there before. */
const KEPT_ALERTS = 50;

/** The lines of one of them: a long message goes on below the clock. */
const LINES_OF_AN_ALERT = 2;
const INDENT = " ".repeat("17:01:10 ".length);

/** The size of a terminal, or undefined where it has none. */
export type Size = Room | undefined;

/** Blocks one after the other, with an empty line between ticks. */
export class PlainTerminal implements Sink {
  readonly #output: Output;
  readonly #blocks: Blocks;

  constructor(output: Output, options: BlockOptions) {
    this.#output = output;
    this.#blocks = new Blocks(options);
  }

  write(tick: Tick): void {
    writeAll(this.#output, `${this.#blocks.lines(tick).join("\n")}\n\n`);
  }

  alert(alert: Alert): void {
    writeAll(this.#output, `${alertText(alert)}\n`);
  }

  [Symbol.dispose](): void {}
}

/** Blocks in place. The last tick stays on the screen that was there before. */
export class LiveTerminal implements Sink {
  readonly #output: Output;
  readonly #blocks: Blocks;
  readonly #size: () => Size;
  #last: Tick | undefined;
  /** And notices; the newest first. */
  #alerts: string[] = [];
  #told = 0;
  #started = false;

  constructor(output: Output, options: BlockOptions, size: () => Size) {
    this.#output = output;
    this.#blocks = new Blocks(options);
    this.#size = size;
  }

  write(tick: Tick): void {
    const size = this.#size();
    const alerts = inView(this.#alerts, size);
    const room = size && { ...size, rows: size.rows - alerts.length };
    const [first = "", ...blocks] = this.#blocks.lines(tick, room);
    const heading = `${first}${this.#toldText()}`;
    this.#last = tick;
    const start = this.#started ? "" : ALTERNATE_SCREEN;
    this.#started = true;
    // Cleared before it is written: behind a line as wide as the terminal, the cursor is still on its last
    // character, which clearing would take away.
    const lines = fit([heading, ...alerts, ...blocks], size).map((line, i, { length }) =>
      (i < length - 1 ? CLEAR_LINE : CLEAR_BELOW) + line
    );
    writeAll(this.#output, start + HOME + lines.join("\r\n"));
  }

  /** It shows above the blocks, from the next tick on, until newer ones take its place. */
  alert(alert: Alert): void {
    this.#told++;
    this.#keep(alertText(alert));
  }

  /** What is said of the run, where alerts are: the first line of it. */
  notice(text: string): void {
    const [line = ""] = text.split("\n");
    this.#keep(`${clockText(BigInt(Date.now()) * 1_000_000n)} ${printable(line)}`);
  }

  #keep(line: string): void {
    this.#alerts = [line, ...this.#alerts].slice(0, KEPT_ALERTS);
  }

  #toldText(): string {
    if (this.#told === 0) return "";
    return `  ·  ${this.#told} alert${this.#told === 1 ? "" : "s"}`;
  }

  [Symbol.dispose](): void {
    if (!this.#started) return;
    this.#started = false;
    const [heading = "", ...blocks] = this.#last === undefined
      ? []
      : this.#blocks.shown(this.#last);
    // Next to what comes below, the newest last.
    const alerts = this.#alerts.length === 0 ? [] : ["", ...this.#alerts.toReversed()];
    const lines = [`${heading}${this.#toldText()}`, ...blocks, ...alerts];
    writeAll(this.#output, `${MAIN_SCREEN}${lines.join("\n")}\n`);
  }
}

/** Alerts as they have room: the newest first, long ones in two lines. */
function inView(alerts: readonly string[], size: Size): string[] {
  const lines: string[] = [];
  for (const alert of alerts) {
    const parts = size === undefined ? [alert] : folded(alert, size.columns);
    if (lines.length > 0 && lines.length + parts.length > SHOWN_ALERTS) break;
    lines.push(...parts);
  }
  return lines;
}

/** A line in as many columns; what the last of its lines has no room for is left out. */
function folded(line: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (lines.length < LINES_OF_AN_ALERT - 1 && columns > 2 * INDENT.length) {
    const kept = beginning(rest, columns);
    if (kept === rest) break;
    // Between words, if one ends in the second half.
    const space = kept.lastIndexOf(" ");
    const end = space > kept.length / 2 ? space : kept.length;
    lines.push(rest.slice(0, end));
    rest = INDENT + rest.slice(end).trimStart();
  }
  return [...lines, cut(rest, columns)];
}

/** As many lines and columns as the terminal has; the last line says how many are left out. */
export function fit(lines: readonly string[], size: Size): string[] {
  if (size === undefined || size.rows < 2 || size.columns < 2) return [...lines];
  const shown = lines.map((line) => cut(line, size.columns));
  if (shown.length <= size.rows) return shown;
  const kept = shown.slice(0, size.rows - 1);
  const left = shown.slice(kept.length);
  // An empty line stands before each.
  const containers = left.filter((line) => line === "").length;
  const [count, of] = containers === 0 ? [left.length, "line"] : [containers, "container"];
  const what = `${count} more ${of}${count === 1 ? "" : "s"}`;
  return [...kept, cut(`… ${what}: a taller terminal, or --container`, size.columns)];
}
