/**
 * Recordings: what a monitor learnt, in a file that gives it again. Not part of ../mod.ts, so that counting doesn't
 * load it. Nothing here touches the kernel.
 *
 * @module
 */
export { NotingFacts, RecordedFacts } from "./answers.ts";
export { type RecordedBytes, Torn } from "./blocks.ts";
export { RecordingError } from "./error.ts";
export {
  containerFact,
  containerOf,
  type Fact,
  factText,
  metadataOf,
  type RecordedCounts,
  type RecordedTick,
  type RecordingHeader,
} from "./facts.ts";
export { fingerprint, layoutFingerprint } from "./format.ts";
export { type Entries, Packed, RecordingReader } from "./reader.ts";
export { type BlockOutput, RecordingWriter, type RecordPlace } from "./writer.ts";
