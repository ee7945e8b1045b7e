/**
 * Calls, and what happened to processes, with all that is known of who did it: as plain data.
 *
 * @module
 */
import type { SentContainer, SentProcess } from "./facts.ts";

/** A descriptor: its number, what it refers to, who says so. */
export type SentDescriptor = readonly [fd: number, text: string, from: "event" | "proc"];

/** Where an event's record is, whose it is, and who called: -1, nobody knows. */
export type SentEvent = readonly [
  at: number,
  length: number,
  container: number,
  process: number,
  descriptors?: readonly SentDescriptor[],
];

/** What happened to a process, whose container and process those are; bigints as text. */
export interface SentProcessEvent {
  readonly type: "fork" | "exec" | "exit";
  readonly time: string;
  readonly pid: number;
  readonly start: string;
  readonly containerPid: number;
  readonly comm: string;
  readonly uid: number;
  readonly gid: number;
  readonly exitCode?: number;
  readonly container: number;
  readonly process: number;
}

/** Events, in their order; calls' records are the frame's bytes. */
export interface Batch {
  readonly type: "batch";
  readonly containers: readonly SentContainer[];
  /** Callers and their ancestors, as they were at the events. One that has changed is there again. */
  readonly processes: readonly SentProcess[];
  readonly events: readonly (SentEvent | SentProcessEvent)[];
  /** Events that only these rules are to look at. */
  readonly only?: readonly (readonly [event: number, rules: readonly string[]])[];
}
