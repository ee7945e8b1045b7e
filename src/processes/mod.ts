/**
 * The process table: who runs, who ended a moment ago, what they run, what their descriptors are.
 *
 * @module
 */
export { capabilityNames, hasCapability } from "./capabilities.ts";
export type { CapabilityName } from "./capabilities.ts";
export type { Described, Descriptors } from "./descriptors.ts";
export { TICK } from "./proc_texts.ts";
export type { ExecFacts, ExitFacts, Identity, ProcessFacts } from "./facts.ts";
export { type OpenFile, OpenSocket } from "./open_files.ts";
export {
  Proc,
  type ProcFacts,
  type Seen,
  type SeenArguments,
  type SeenLink,
  type SeenProgram,
} from "./proc.ts";
export { type ProcFile, procFiles, type ProcReader } from "./proc_files.ts";
export type { Exit, Origin, Parent, Process, Program } from "./process.ts";
export { ProcessTable, type ProcessTableOptions } from "./table.ts";
export { terminalName } from "./terminals.ts";
