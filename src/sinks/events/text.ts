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
import { LineHeads } from "./line_heads.ts";
import { CallerParts, type CallPart, CallParts, type LineShape } from "./line_parts.ts";
import type { EventFacts } from "./records.ts";
import type { Rewrites } from "./rewrite.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const NOTHING: EventFacts = {};

/** What stands between the parts of a line. */
const RESULT = encoder.encode(") = ");
const DURATION = encoder.encode("  ");
const END = encoder.encode(".000ms\n");

/** `12:00:01.123456 web-1 nginx[812] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 5</etc/passwd>  0.021ms` */
export class TextEvents implements EventFormat {
  readonly #clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
  readonly #shape: LineShape = {
    second: (time) => `${this.#clock.format(Number(time / 1_000_000n))}.`,
    digits: 6,
    unit: 1000,
    call: (name, hasArguments) => hasArguments ? `${name}(` : `${name}() = `,
    duration: "  ",
  };
  readonly #heads = new LineHeads(
    new CallerParts((event) => ` ${this.#who(event)} `),
    this.#shape,
  );
  readonly #calls = new CallParts(this.#shape);
  readonly #rewrites: Rewrites | undefined;

  /** @param rewrites Of what a container has had a hand in; undefined: nobody does. */
  constructor(rewrites?: Rewrites) {
    this.#rewrites = rewrites?.isEmpty === false ? rewrites : undefined;
  }

  write(event: Event, into: LineBuffer, facts: EventFacts = NOTHING): void {
    if (this.#rewrites !== undefined || facts.inFlight !== undefined) {
      return into.text(this.line(event, facts));
    }
    const { call } = event;
    const part = this.#calls.of(call);
    const isPlain = !part.hasArguments && !part.hasDescriptors && part.returnsNumber;
    const result = isPlain ? call.smallResult : undefined;
    if (result === undefined) return this.#writeOther(event, into, part);
    if (part.isFollowed) event.follow();
    const head = this.#heads.of(event, part);
    if (head === undefined) into.text(`${this.#beginning(event)}${event.syscall}() = ${result}  `);
    else head.writeWithResult(into, this.#heads.beginning, event, result);
    putDuration(into, event.duration ?? 0);
  }

  /** One that is given something, or returns what is more than a number. */
  #writeOther(event: Event, into: LineBuffer, part: CallPart): void {
    const { call, duration } = event;
    if (duration === undefined || call.isAbandoned || call.isRefused) {
      return into.text(this.line(event));
    }
    const options = { plainAddresses: true, describe: (fd: number) => event.describe(fd)?.text };
    const args = part.hasArguments ? formatArguments(call, options) : "";
    if (part.isFollowed || part.hasDescriptors) event.follow();
    const head = this.#heads.of(event, part);
    if (head === undefined) {
      into.text(`${this.#beginning(event)}${event.syscall}(${args}) = `);
    } else {
      head.write(into, this.#heads.beginning, event);
      if (part.hasArguments) {
        into.text(args);
        into.copy(RESULT);
      }
    }
    into.text(formatResult(call, options));
    into.copy(DURATION);
    putDuration(into, duration);
  }

  /** A line with its newline. */
  line(event: Event, { inFlight }: EventFacts = NOTHING): string {
    const { duration } = event;
    const rewrites = this.#rewrites;
    const call: RawCall = rewrites === undefined
      ? event.call
      : withTexts(event.call, (texts, name) => rewrites.texts(texts, name));
    const options = {
      plainAddresses: true,
      describe: (fd: number) => this.#rewritten(event.describe(fd)?.text, "name"),
    };
    const args = formatArguments(call, options);
    if (inFlight === undefined) event.follow();
    const result = formatResult(call, options);
    let end = duration === undefined ? "" : `  ${milliseconds(duration)}`;
    if (event.call.isAbandoned) end += " (its task ended)";
    if (event.call.isRefused) end += " (refused by seccomp)";
    if (inFlight !== undefined) {
      const { since } = inFlight;
      end = since === undefined ? "  in flight since before" : `  in flight ${milliseconds(since)}`;
    }
    return `${this.#beginning(event)}${event.syscall}(${args}) = ${result}${end}\n`;
  }

  /** `12:00:01.123456 web-1 nginx[812] ` */
  #beginning(event: Event): string {
    const { beginning } = this.#heads;
    const second = decoder.decode(beginning.of(event));
    const fraction = String(beginning.fraction).padStart(this.#shape.digits, "0");
    return `${second}${fraction} ${this.#who(event)} `;
  }

  /** `web-1 nginx[812]` */
  #who({ container: owner, process }: Event): string {
    const container = this.#rewrites?.container(owner) ?? owner;
    const comm = this.#rewritten(process.comm, "comm") ?? "";
    return `${printable(displayName(container))} ${printable(comm)}[${process.pid}]`;
  }

  #rewritten(text: string | undefined, key: string): string | undefined {
    if (text === undefined || this.#rewrites === undefined) return text;
    return this.#rewrites.texts([text], key)[0];
  }
}

/** `0.021ms` and the line's end, of ns. */
function putDuration(into: LineBuffer, duration: number): void {
  const micros = Math.round(duration / 1000);
  const whole = Math.floor(micros / 1000);
  into.number(whole);
  into.copy(END);
  into.padAt(into.length - END.length + 1, micros - 1000 * whole, 3);
}

/** Of ns: to the next thousandth, half a one upwards. */
function milliseconds(ns: number): string {
  const micros = Math.round(ns / 1000);
  return `${Math.floor(micros / 1000)}.${String(micros % 1000).padStart(3, "0")}ms`;
}
