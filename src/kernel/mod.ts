/**
 * Our BPF object: load, attach, knobs, slots, counts. The only user of `ffi/`.
 *
 * @module
 */
export {
  type Attachment,
  attachmentsFor,
  Capture,
  CaptureError,
  type CaptureOptions,
  cpusIn,
  defaultSlots,
  objectPath,
  type V1Controller,
  v1Controllers,
} from "./capture.ts";
export { type Abi, type CallsHandler, Rows } from "./rows.ts";
export { type Announcement, type CgroupKey, Slots } from "./slots.ts";
export { constants } from "./layout.ts";
export { CallError, Errno, Libbpf, Libc, LibraryError } from "../ffi/mod.ts";
