/**
 * The engines of this machine, for the commands that show names.
 *
 * @module
 */
import { type Engine, enginesFor, type Identity, openEngines } from "../containers/mod.ts";

/** Engines that are closed together. */
export interface Engines extends Disposable {
  readonly all: readonly Engine[];
  /** Those that may know a container, the likeliest first. */
  readonly for: (identity: Identity) => readonly Engine[];
}

/**
 * Opens all engines.
 *
 * @param events Whether to follow their events, for containers that are gone before they can be asked for.
 */
export function withEngines({ events }: { readonly events: boolean }): Engines {
  const all = openEngines({ events });
  return {
    all,
    for: (identity) => enginesFor(identity, all),
    [Symbol.dispose]() {
      for (const engine of all) engine[Symbol.dispose]();
    },
  };
}
