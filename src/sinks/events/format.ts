/**
 * How an event becomes a line.
 *
 * @module
 */
import type { Event } from "../../events/decoded/mod.ts";
import type { LineBuffer } from "../line_buffer.ts";
import type { EventFacts } from "./records.ts";

/** Writes events. Each is followed on the way, so each is to be written once, in their order. */
export interface EventFormat {
  /** Puts a line with its newline behind others. */
  write(event: Event, into: LineBuffer, facts?: EventFacts): void;
}
