/**
 * C libraries through `Deno.dlopen`: typed, checked, and with the library's own error text. Knows nothing
 * of tallyman. Nothing is opened at import.
 *
 * @module
 */
export { CallError, Errno, LibraryError } from "./errors.ts";
export { Libc, type Mapping } from "./libc.ts";
export { Pipe } from "./pipe.ts";
export { BpfMap, type RingMemory } from "./bpf_map.ts";
export { BpfProgram } from "./bpf_program.ts";
export { BpfObject, Libbpf, type MessageHandler } from "./libbpf.ts";
