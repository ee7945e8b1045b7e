/**
 * How an event becomes a line.
 *
 * @module
 */
import type { Event } from "../../events/decoded/mod.ts";
import type { EventFacts } from "./records.ts";

/** Writes events. Each is followed on the way, so each is to be written once, in their order. */
export interface EventFormat {
  /** A line with its newline. */
  line(event: Event, facts?: EventFacts): string;
}
