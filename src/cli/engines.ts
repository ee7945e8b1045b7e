/**
 * The engines of this machine, for the commands that show names.
 *
 * @module
 */
import type { Engine, Identity } from "../containers/mod.ts";

/** Engines that are closed together. */
export interface Engines extends Disposable {
  readonly all: readonly Engine[];
  /** Those that may know a container, the likeliest first. */
  readonly for: (identity: Identity) => readonly Engine[];
}

/** Opens all engines; none is contacted before something is asked. */
export function withEngines(): Engines {
  const all: Engine[] = [];
  return {
    all,
    for: () => all,
    [Symbol.dispose]() {
      for (const engine of all) engine[Symbol.dispose]();
    },
  };
}
