/**
 * Events as lines for people, like strace's.
 *
 * @module
 */
import type { Event } from "../../events/decoded/mod.ts";
import { formatArguments, formatResult } from "../../syscalls/arguments/mod.ts";
import { printable } from "../printable.ts";
import { displayName } from "../sink.ts";
import type { EventFormat } from "./format.ts";
import type { EventFacts } from "./records.ts";

/** `12:00:01.123456 web-1 nginx[812] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 5</etc/passwd>  0.021ms` */
export class TextEvents implements EventFormat {
  readonly #clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
  #second = -1n;
  #text = "";

  line(event: Event, { inFlight }: EventFacts = {}): string {
    const { call, container, process, duration } = event;
    const options = { describe: (fd: number) => event.describe(fd)?.text };
    const args = formatArguments(call, options);
    if (inFlight === undefined) event.follow();
    const result = formatResult(call, options);
    const who = `${printable(displayName(container))} ${printable(process.comm)}[${process.pid}]`;
    let end = duration === undefined ? "" : `  ${milliseconds(duration)}`;
    if (call.isAbandoned) end += " (its task ended)";
    if (call.isRefused) end += " (refused by seccomp)";
    if (inFlight !== undefined) {
      const { since } = inFlight;
      end = since === undefined ? "  in flight since before" : `  in flight ${milliseconds(since)}`;
    }
    return `${this.#time(event.time)} ${who} ${event.syscall}(${args}) = ${result}${end}\n`;
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
