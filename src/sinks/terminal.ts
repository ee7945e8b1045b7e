/**
 * Blocks on standard output: redrawn in place on a terminal, one after the other elsewhere.
 *
 * @module
 */
import stringWidth from "fast-string-width";
import { type Alert, alertText } from "./alert.ts";
import { type BlockOptions, Blocks } from "./blocks.ts";
import { type Output, writeAll } from "./output.ts";
import type { Sink, Tick } from "./sink.ts";

// ECMA-48 and xterm's control sequences.
const ALTERNATE_SCREEN = "\x1b[?1049h\x1b[?25l";
const MAIN_SCREEN = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** Alerts that stay in view. */
const SHOWN_ALERTS = 5;

/** The size of a terminal, or undefined where it has none. */
export type Size = { readonly columns: number; readonly rows: number } | undefined;

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
  #last: readonly string[] = [];
  /** The newest first. */
  #alerts: string[] = [];
  #started = false;

  constructor(output: Output, options: BlockOptions, size: () => Size) {
    this.#output = output;
    this.#blocks = new Blocks(options);
    this.#size = size;
  }

  write(tick: Tick): void {
    const [heading = "", ...blocks] = this.#blocks.lines(tick);
    this.#last = [heading, ...this.#alerts, ...blocks];
    const start = this.#started ? "" : ALTERNATE_SCREEN;
    this.#started = true;
    // Cleared before it is written: behind a line as wide as the terminal, the cursor is still on its last
    // character, which clearing would take away.
    const lines = fit(this.#last, this.#size()).map((line, i, { length }) =>
      (i < length - 1 ? CLEAR_LINE : CLEAR_BELOW) + line
    );
    writeAll(this.#output, start + HOME + lines.join("\r\n"));
  }

  /** It shows above the blocks, from the next tick on, until newer ones take its place. */
  alert(alert: Alert): void {
    this.#alerts = [alertText(alert), ...this.#alerts].slice(0, SHOWN_ALERTS);
  }

  [Symbol.dispose](): void {
    if (!this.#started) return;
    this.#started = false;
    writeAll(this.#output, `${MAIN_SCREEN}${this.#last.join("\n")}\n`);
  }
}

/** As many lines and columns as the terminal has; the last line says how many are left out. */
export function fit(lines: readonly string[], size: Size): string[] {
  if (size === undefined || size.rows < 2 || size.columns < 2) return [...lines];
  const shown = lines.map((line) => cut(line, size.columns));
  if (shown.length <= size.rows) return shown;
  const kept = shown.slice(0, size.rows - 1);
  const left = shown.length - kept.length;
  return [
    ...kept,
    cut(`… ${left} more lines: a taller terminal, --top or --container`, size.columns),
  ];
}

function cut(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (stringWidth(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
