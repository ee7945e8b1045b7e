/**
 * What a monitor has made on the machine, and should take away again.
 *
 * @module
 */
import { Cgroups, processes } from "../../src/containers/mod.ts";

/** The cgroups of the workloads that the monitor with this pid has started, in whichever hierarchies. */
export function cgroupsOf(monitor: number): string[] {
  const { v2, v1 } = Cgroups.read().mounts;
  const mounts = new Set([...(v2 === undefined ? [] : [v2]), ...v1.values()]);
  return [...mounts].map((mount) => `${mount}/tallyman-${monitor}`).filter((folder) => {
    try {
      return Deno.statSync(folder).isDirectory;
    } catch {
      return false;
    }
  });
}

/** The processes in these cgroups, without those that have ended and wait for init to take note of it. */
export function processesOf(monitor: number): number[] {
  const isOurs = (path: string) => path.startsWith(`/tallyman-${monitor}/`);
  return [...processes()].filter(({ cgroups }) =>
    isOurs(cgroups.v2) || [...cgroups.v1.values()].some(isOurs)
  ).map(({ pid }) => pid).filter((pid) => !isZombie(pid));
}

/** State Z or X in proc_pid_stat(5). */
function isZombie(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return true;
  }
}
