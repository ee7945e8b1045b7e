/**
 * Events that outlive the ring, with all that was known of who called: for another process, or for later.
 *
 * @module
 */
export { BatchWriter, followed, ReceivedBatch, type Shown } from "./batch.ts";
export {
  ReceivedContainers,
  type ReceivedProcess,
  ReceivedProcesses,
  type SentContainer,
  sentContainer,
  type SentProcess,
} from "./facts.ts";
export type { Batch } from "./types.ts";
