/**
 * Who keeps what a monitor learns.
 *
 * @module
 */
import type { Container } from "../containers/mod.ts";
import type { CallEvent, ProcessEvent } from "../events/mod.ts";
import type { Call, CallSpec } from "../kernel/mod.ts";
import type { ProcFacts } from "../processes/mod.ts";

/** Hears of all that comes of events, as it comes: to keep it. */
export interface Witness {
  /** Stands between the process table and whom it asks. */
  facts(of: ProcFacts): ProcFacts;
  /** These calls are sent from now on, and this is copied of them. */
  wanted(specs: ReadonlyMap<Call, CallSpec>): void;
  /** The ring is drained once more. */
  round(bytes: ArrayBuffer): void;
  /** A process's record, which the table has taken in, before it is handed over. */
  process(event: ProcessEvent, offset: number, length: number, owner: Container | undefined): void;
  /** A call's record, before it is handed over. */
  call(event: CallEvent, offset: number, length: number, owner: Container): void;
  /** The call, or what happened to the process, has been handled. */
  handled(): void;
  /** The round is over. Not told where V8 cut it short: then all of it comes again. */
  drained(): void;
}
