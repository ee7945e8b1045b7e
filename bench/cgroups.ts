/**
 * Cgroups of the benchmark's own.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { Cgroups } from "../src/containers/mod.ts";
import type { CgroupKey, V1Controller } from "../src/kernel/mod.ts";

/** One of them. */
export interface BenchCgroup {
  readonly folder: string;
  readonly key: CgroupKey;
  /** What a process writes to, to move itself here. */
  readonly procs: string;
}

/** Makes cgroups that the monitor takes for containers, and removes them when it is disposed of. */
export class BenchCgroups implements AsyncDisposable {
  readonly #cgroups = Cgroups.read();
  readonly #made: string[] = [];

  /** The v1 controller that the monitor would choose, if there is any. */
  get v1Controller(): V1Controller | undefined {
    return this.#cgroups.chooseController([], () => false);
  }

  /**
   * @param v1Controller In its hierarchy, not in v2.
   * @throws {Error} if that hierarchy is not mounted.
   */
  make(name: string, v1Controller?: V1Controller): BenchCgroup {
    const parent = `/tallyman-${Deno.pid}`;
    const folder = this.#cgroups.folder(`${parent}/${name}`, v1Controller);
    if (folder === undefined) throw new Error(`no cgroup hierarchy ${v1Controller ?? "v2"}`);
    const parentFolder = folder.slice(0, -name.length - 1);
    for (const path of [parentFolder, folder]) {
      if (this.#made.includes(path)) continue;
      Deno.mkdirSync(path);
      this.#made.push(path);
    }
    const id = BigInt(Deno.statSync(folder).ino ?? 0);
    const key = { id, nested: false, v1: v1Controller !== undefined };
    return { folder, key, procs: `${folder}/cgroup.procs` };
  }

  /** Processes that have been killed leave their cgroup a moment later. */
  async [Symbol.asyncDispose](): Promise<void> {
    const patience = performance.now() + 5000;
    for (const folder of this.#made.splice(0).reverse()) {
      for (;;) {
        try {
          Deno.removeSync(folder);
          break;
        } catch (error) {
          if (performance.now() > patience) throw error;
          await delay(10);
        }
      }
    }
  }
}
