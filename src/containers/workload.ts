/**
 * A command in a cgroup of its own, which makes it a container to the monitor: nothing that it calls is
 * counted with anything else, from its execve on.
 *
 * @module
 */
import { Cgroups } from "./cgroups.ts";
import { folderOf, isAlive, isBusy, removeLeftovers, state } from "./leftovers.ts";

/** v1 hierarchies in which a new cgroup can be entered as it is; cpuset's would have to be filled first. */
const controllers = ["memory", "pids", "devices", "freezer", "cpu"] as const;

/** What to run. */
export interface WorkloadOptions {
  /** Names the container. */
  readonly name: string;
  /** Path of the program, and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly stdin: "inherit" | "null";
  readonly stdout: "inherit" | "null";
}

/** How a command ended. */
export interface WorkloadStatus {
  /** As a shell has it: the exit code, or 128 and the signal's number. */
  readonly code: number;
  readonly signal: Deno.Signal | null;
  /** Processes that it left behind, which go on outside of the cgroup. */
  readonly left: number;
}

/** A shell that stops itself, so that it can be put in its cgroup before it becomes the command. */
const launcher = 'kill -STOP $$; exec "$@"';

/** A command that has been started and waits in its cgroup for {@linkcode resume}. */
export class Workload implements Disposable {
  readonly #cgroups: Cgroups;
  /** Its cgroup's folders: one in v2, or one in each v1 hierarchy. */
  readonly folders: readonly string[];
  readonly #child: Deno.ChildProcess;
  #ended = false;

  private constructor(cgroups: Cgroups, folders: readonly string[], child: Deno.ChildProcess) {
    this.#cgroups = cgroups;
    this.folders = folders;
    this.#child = child;
  }

  /**
   * Starts a command, stopped. Its cgroup is `/tallyman-<our pid>/<name>`.
   *
   * @throws {Deno.errors.PermissionDenied} if we may not make cgroups.
   */
  static async start({ name, command, stdin, stdout }: WorkloadOptions): Promise<Workload> {
    const cgroups = Cgroups.read();
    const mounts = cgroups.mounts.v2 === undefined
      ? controllers.map((each) => cgroups.mounts.v1.get(each)).filter((each) => each !== undefined)
      : [cgroups.mounts.v2];
    for (const mount of new Set(mounts)) removeLeftovers(mount);
    const folders = [...new Set(mounts)].map((mount) => `${folderOf(mount, Deno.pid)}/${name}`);
    for (const folder of folders) Deno.mkdirSync(folder, { recursive: true });
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", launcher, "sh", ...command],
      stdin,
      stdout,
      stderr: "inherit",
    }).spawn();
    const workload = new Workload(cgroups, folders, child);
    try {
      await stopped(child.pid);
      for (const folder of folders) enter(folder, child.pid);
      return workload;
    } catch (error) {
      workload[Symbol.dispose]();
      throw error;
    }
  }

  /** The command's process, as we see it. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Lets the command run. */
  resume(): void {
    this.#child.kill("SIGCONT");
  }

  /** Passes a signal on, if the command still runs. */
  kill(signal: Deno.Signal): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  /** When the command ends. What it leaves behind is put where we are. */
  async status(): Promise<WorkloadStatus> {
    const { code, signal } = await this.#child.status;
    this.#ended = true;
    return { code, signal, left: this.#leave() };
  }

  /** Ends the command and everything it started, and removes the cgroup. */
  [Symbol.dispose](): void {
    if (!this.#ended) {
      this.#ended = true;
      for (const folder of this.folders) for (const pid of members(folder)) kill(pid);
      kill(this.#child.pid);
    }
    for (const folder of this.folders) remove(folder);
  }

  #leave(): number {
    const mount = this.#cgroups.mounts.v2;
    let left = 0;
    for (const folder of this.folders) {
      for (const pid of members(folder)) {
        // The hierarchy's root is the one cgroup that always takes a process.
        if (enterIfAlive(mount ?? folder.slice(0, folder.lastIndexOf("/tallyman-")), pid)) left++;
      }
    }
    return left;
  }
}

function enter(folder: string, pid: number): void {
  Deno.writeTextFileSync(`${folder}/cgroup.procs`, String(pid));
}

/** Of a process that may end meanwhile: whether it had not. */
function enterIfAlive(folder: string, pid: number): boolean {
  try {
    enter(folder, pid);
    return true;
  } catch (error) {
    // ESRCH, for which Deno has no name: of a process that has gone, and of one that nobody has waited for.
    if (isAlive(pid)) throw error;
    return false;
  }
}

function members(folder: string): number[] {
  try {
    return Deno.readTextFileSync(`${folder}/cgroup.procs`).split("\n").filter(Boolean).map(Number);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Removes a cgroup whose processes have been told to end, and its parent if that was the last. */
function remove(folder: string): void {
  for (let tries = 0; tries < 500; tries++) {
    try {
      Deno.removeSync(folder);
      break;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) break;
      if (!isBusy(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
  try {
    Deno.removeSync(folder.slice(0, folder.lastIndexOf("/")));
  } catch (error) {
    if (!isBusy(error) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Waits until a process has stopped itself: state T in proc_pid_stat(5). */
async function stopped(pid: number): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (state(pid).startsWith("T")) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`process ${pid} did not stop itself within 2 s: is /bin/sh a POSIX shell?`);
}
