/**
 * Which container a cgroup belongs to, and what its engine says of it.
 *
 * @module
 */
export { Cgroups, processes } from "./cgroups.ts";
export type { Description, Identity, Metadata, Runtime } from "./container.ts";
export { type Container, Containers, type Found } from "./containers.ts";
export type { Engine } from "./engine.ts";
export { MetadataFinder } from "./metadata.ts";
export { scan } from "./scan.ts";
export { Workload } from "./workload.ts";
export { enginesFor, openEngines } from "./engines/mod.ts";
