/**
 * The process table: who runs, who ended a moment ago, what they run, what their descriptors are.
 *
 * @module
 */
export { capabilityNames } from "./capabilities.ts";
export type { CapabilityName } from "./capabilities.ts";
export type { Described } from "./descriptors.ts";
export { TICK } from "./proc_texts.ts";
export type { ExecFacts, ExitFacts, Identity, ProcessFacts } from "./facts.ts";
export { Proc, type ProcFacts, type Seen, type SeenArguments, type SeenLink } from "./proc.ts";
export { procFiles } from "./proc_files.ts";
export type { Parent, Process, Program } from "./process.ts";
export { ProcessTable } from "./table.ts";
