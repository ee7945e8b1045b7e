/**
 * What a process has taken of the machine.
 *
 * @module
 */

/**
 * Nanoseconds that all threads of a process have run: the first field of /proc/PID/task/TID/schedstat, which
 * unlike /proc/PID/stat does not count in hundredths of a second. Those of threads that have ended are gone.
 */
export function cpuTime(pid: number): number {
  let time = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    try {
      time += Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound) && !isGone(error)) throw error;
    }
  }
  return time;
}

/** ESRCH: the thread ended while it was looked at. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
