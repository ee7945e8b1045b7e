/**
 * Our BPF object: load, attach, knobs, slots, counts. The only user of `ffi/`.
 *
 * @module
 */
export {
  Capture,
  CaptureError,
  type CaptureOptions,
  cpusIn,
  type Events,
  objectPath,
  type V1Controller,
  v1Controllers,
} from "./capture.ts";
export { type Attachment, attachmentsFor } from "./programs.ts";
export { Hashes } from "./hashes.ts";
export { type Announcement, type CgroupKey, Slots } from "./slots.ts";
export { callEvent, constants, execEvent, pieceHeader, processEvent, record } from "./layout.ts";
export { bucketRange, type CallTimes, timeBuckets } from "./measures.ts";
export { Ring } from "./ring.ts";
export { type Call, type CallCondition, type CallSpec, mostTests, Wanted } from "./wanted.ts";
export { CallError, Errno, Libbpf, Libc, LibraryError, Pipe } from "../ffi/mod.ts";
