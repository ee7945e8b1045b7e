/**
 * The view on a terminal that standard error goes to as well: what is said shows in the view, and whole behind it.
 *
 * @module
 */
import {
  type Alert,
  type BlockOptions,
  LiveTerminal,
  type Output,
  type Sink,
  type Size,
  type Tick,
} from "../sinks/mod.ts";
import { heard, say } from "./exit.ts";

/** Of what is said, so much is kept: the newest. */
const KEPT = 100;

/** {@linkcode LiveTerminal}, which hears what is said meanwhile. */
export class LiveView implements Sink {
  readonly #view: LiveTerminal;
  readonly #hearing: Disposable | undefined;
  readonly #said: string[] = [];

  /** @param isHearing Whether what is said would be written to this terminal, too. */
  constructor(output: Output, options: BlockOptions, size: () => Size, isHearing: boolean) {
    this.#view = new LiveTerminal(output, options, size);
    if (!isHearing) return;
    this.#hearing = heard((text) => {
      this.#said.push(text);
      if (this.#said.length > KEPT) this.#said.shift();
      this.#view.notice(text);
    });
  }

  write(tick: Tick): void {
    this.#view.write(tick);
  }

  alert(alert: Alert): void {
    this.#view.alert(alert);
  }

  /** The screen is given back, and what was said is written. */
  [Symbol.dispose](): void {
    this.#view[Symbol.dispose]();
    this.#hearing?.[Symbol.dispose]();
    for (const text of this.#said.splice(0)) say(text);
  }
}
