/**
 * Cgroups of workloads whose monitor was killed and so could not remove them.
 *
 * @module
 */

/** Where a monitor's workloads are, in a hierarchy. */
export function folderOf(mount: string, monitor: number): string {
  return `${mount}/tallyman-${monitor}`;
}

const name = /^tallyman-(\d+)$/;

/** Removes the cgroups of monitors that run no more, unless somebody is in them. */
export function removeLeftovers(mount: string): void {
  for (const { name: own } of foldersIn(mount)) {
    const monitor = name.exec(own)?.[1];
    if (monitor !== undefined && !isAlive(Number(monitor))) removeEmpty(`${mount}/${own}`);
  }
}

function foldersIn(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** A cgroup and those below it, the lowest first: each that has no process and no cgroup in it. */
function removeEmpty(folder: string): void {
  for (const { name } of foldersIn(folder)) removeEmpty(`${folder}/${name}`);
  try {
    Deno.removeSync(folder);
  } catch (error) {
    if (!isBusy(error) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** EBUSY or ENOTEMPTY: there is somebody, or another cgroup, in it. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    (error.code === "EBUSY" || error.code === "ENOTEMPTY");
}

/** Whether a process runs: proc_pid_stat(5). One that has ended and was not waited for doesn't. */
export function isAlive(pid: number): boolean {
  try {
    return !/^[ZXx]/.test(state(pid));
  } catch {
    return false;
  }
}

/** A process's state, a letter and what follows. */
export function state(pid: number): string {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2);
}
