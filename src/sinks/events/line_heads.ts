/**
 * What lines say before a call's arguments, or before its duration: made once for all such calls of a thread, so that
 * most lines are one copy, and a few digits.
 *
 * @module
 */
import type { Container } from "../../containers/mod.ts";
import type { Event } from "../../events/decoded/mod.ts";
import type { CallEvent } from "../../events/mod.ts";
import { type LineBuffer, putDigits } from "../line_buffer.ts";
import { Beginning, type CallerParts, type CallPart, type LineShape } from "./line_parts.ts";

const encoder = new TextEncoder();

/** Digits of a result that is kept: it is below 2^31. */
const MOST_DIGITS = 10;

/** Heads that are kept, by thread and call: a power of two. */
const MOST = 256;
/** Bytes of the longest that is kept: a container can make its arguments as long as it likes. */
const LONGEST = 8192;

/** The beginning of a line: for a thread, as it was, and a call. */
export class Head {
  /** What it was made of. */
  readonly #caller: Uint8Array;
  readonly #part: CallPart;
  #beginning: Uint8Array;
  /** Of the process table when it was made, or was found to be still true. */
  #version: number | undefined;
  readonly #thread: Uint32Array;
  readonly #container: Container;
  readonly #metadata: Container["metadata"];
  readonly #bytes: Uint8Array;
  readonly #digits: number;
  /** What stands between a result and the duration. */
  readonly #duration: Uint8Array;
  /** Where the result stands, and what ends behind `#duration`. */
  readonly #resultAt: number;
  #end: number;
  #result = -1;

  constructor(
    event: Event,
    caller: Uint8Array,
    part: CallPart,
    beginning: Uint8Array,
    { digits, duration }: LineShape,
  ) {
    const { call, container } = event;
    this.#digits = digits;
    this.#duration = encoder.encode(duration);
    this.#caller = caller;
    this.#part = part;
    this.#beginning = beginning;
    this.#version = event.version;
    this.#thread = call.thread();
    this.#container = container;
    this.#metadata = container.metadata;
    const resultAt = beginning.length + digits + caller.length + part.bytes.length;
    const bytes = new Uint8Array(resultAt + MOST_DIGITS + this.#duration.length);
    bytes.set(beginning);
    bytes.set(caller, beginning.length + digits);
    bytes.set(part.bytes, resultAt - part.bytes.length);
    this.#bytes = bytes;
    this.#resultAt = this.#end = resultAt;
  }

  /** Whether it is that of a call for sure. */
  isOf(event: Event, part: CallPart): boolean {
    const { container, call } = event;
    return part === this.#part && container === this.#container &&
      container.metadata === this.#metadata && event.version === this.#version &&
      call.isOf(this.#thread);
  }

  /** Whether it is made of these; if so it is the event's, as the table is now. */
  renew(event: Event, caller: Uint8Array, part: CallPart): boolean {
    const { container, call } = event;
    const isStill = caller === this.#caller && part === this.#part &&
      container === this.#container && container.metadata === this.#metadata &&
      call.isOf(this.#thread);
    if (isStill) this.#version = event.version;
    return isStill;
  }

  /** Puts in a line up to the arguments, or up to the result of a call that has none. */
  write(into: LineBuffer, beginning: Beginning, event: Event): void {
    this.#begin(into, beginning, event, this.#resultAt);
  }

  /** Puts in a line up to the duration, with a result that is a small number. */
  writeWithResult(into: LineBuffer, beginning: Beginning, event: Event, result: number): void {
    if (result !== this.#result) this.#setResult(result);
    this.#begin(into, beginning, event, this.#end);
  }

  #begin(into: LineBuffer, beginning: Beginning, event: Event, length: number): void {
    const second = beginning.of(event);
    if (second !== this.#beginning) {
      // As long as any other.
      this.#bytes.set(second);
      this.#beginning = second;
    }
    into.copyTo(this.#bytes, length);
    into.padAt(into.length - length + second.length, beginning.fraction, this.#digits);
  }

  #setResult(result: number): void {
    const bytes = this.#bytes;
    const end = putDigits(bytes, this.#resultAt, result);
    bytes.set(this.#duration, end);
    this.#end = end + this.#duration.length;
    this.#result = result;
  }
}

/** The heads of lines that were needed last. */
export class LineHeads {
  readonly #kept: (Head | undefined)[] = [];
  readonly #callers: CallerParts;
  readonly #shape: LineShape;
  readonly beginning: Beginning;

  constructor(callers: CallerParts, shape: LineShape) {
    this.#callers = callers;
    this.#shape = shape;
    this.beginning = new Beginning(shape);
  }

  /** That of an event that has been followed; undefined: none is kept of such a call, or of such a caller. */
  of(event: Event, part: CallPart): Head | undefined {
    const at = placeOf(event.call);
    const kept = this.#kept[at];
    return kept !== undefined && kept.isOf(event, part) ? kept : this.#find(event, part, at, kept);
  }

  #find(event: Event, part: CallPart, at: number, kept: Head | undefined): Head | undefined {
    // Of a program that has begun its caller's line says another thing.
    if (event.version === undefined || !part.isKept) return undefined;
    const caller = this.#callers.of(event);
    if (caller === undefined || caller.length > LONGEST) return undefined;
    if (kept?.renew(event, caller, part)) return kept;
    const head = new Head(event, caller, part, this.beginning.of(event), this.#shape);
    this.#kept[at] = head;
    return head;
  }
}

function placeOf({ tid, nr }: CallEvent): number {
  return (tid ^ (nr * 31)) & (MOST - 1);
}
