/**
 * Events as lines for people, like strace's.
 *
 * @module
 */
import type { Event } from "../../events/decoded/mod.ts";
import {
  formatArguments,
  formatResult,
  type RawCall,
  withTexts,
} from "../../syscalls/arguments/mod.ts";
import type { LineBuffer } from "../line_buffer.ts";
import { printable } from "../printable.ts";
import { displayName } from "../sink.ts";
import type { EventFormat } from "./format.ts";
import type { EventFacts } from "./records.ts";
import type { Rewrites } from "./rewrite.ts";

/** `12:00:01.123456 web-1 nginx[812] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 5</etc/passwd>  0.021ms` */
export class TextEvents implements EventFormat {
  readonly #clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
  #second = -1n;
  #text = "";

  readonly #rewrites: Rewrites | undefined;

  /** @param rewrites Of what a container has had a hand in; undefined: nobody does. */
  constructor(rewrites?: Rewrites) {
    this.#rewrites = rewrites?.isEmpty === false ? rewrites : undefined;
  }

  write(event: Event, into: LineBuffer, facts?: EventFacts): void {
    into.text(this.line(event, facts));
  }

  /** A line with its newline. */
  line(event: Event, { inFlight }: EventFacts = {}): string {
    const { process, duration } = event;
    const rewrites = this.#rewrites;
    const call: RawCall = rewrites === undefined
      ? event.call
      : withTexts(event.call, (texts, name) => rewrites.texts(texts, name));
    const options = { describe: (fd: number) => this.#rewritten(event.describe(fd)?.text, "name") };
    const args = formatArguments(call, options);
    if (inFlight === undefined) event.follow();
    const result = formatResult(call, options);
    const container = rewrites?.container(event.container) ?? event.container;
    const comm = this.#rewritten(process.comm, "comm") ?? "";
    const who = `${printable(displayName(container))} ${printable(comm)}[${process.pid}]`;
    let end = duration === undefined ? "" : `  ${milliseconds(duration)}`;
    if (event.call.isAbandoned) end += " (its task ended)";
    if (event.call.isRefused) end += " (refused by seccomp)";
    if (inFlight !== undefined) {
      const { since } = inFlight;
      end = since === undefined ? "  in flight since before" : `  in flight ${milliseconds(since)}`;
    }
    return `${this.#time(event.time)} ${who} ${event.syscall}(${args}) = ${result}${end}\n`;
  }

  #rewritten(text: string | undefined, key: string): string | undefined {
    if (text === undefined || this.#rewrites === undefined) return text;
    return this.#rewrites.texts([text], key)[0];
  }

  #time(time: bigint): string {
    const second = time / 1_000_000_000n;
    if (second !== this.#second) {
      this.#second = second;
      this.#text = this.#clock.format(Number(second * 1000n));
    }
    const micros = Number(time - second * 1_000_000_000n) / 1000;
    return `${this.#text}.${String(Math.floor(micros)).padStart(6, "0")}`;
  }
}

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(3)}ms`;
}
