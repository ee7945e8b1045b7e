/**
 * The containers that run now, as the processes that there are tell.
 *
 * @module
 */
import type { V1Controller } from "../kernel/mod.ts";
import { type Cgroups, processes } from "./cgroups.ts";
import { findContainers, type Found } from "./containers.ts";
import { identify } from "./patterns.ts";

/** What a look at all processes found. */
export interface Scan {
  readonly found: readonly Found[];
  /** It tells containers apart where v2 does not. */
  readonly v1Controller: V1Controller | undefined;
}

/** Looks for the containers that run now. */
export function scan(cgroups: Cgroups): Scan {
  const all = [...processes()];
  const v1Controller = cgroups.chooseController(
    all.map((process) => process.cgroups),
    (path) => identify(path, false) !== undefined,
  );
  return { found: findContainers(all, v1Controller), v1Controller };
}
