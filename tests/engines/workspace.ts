/**
 * A folder that a private engine lives in, and what is left of the engine when the folder goes.
 *
 * @module
 */

/** How long a command may take, in ms. */
const patience = 180_000;

/** What a command said. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether another exit status than 0 is an answer too. */
  readonly anyStatus?: boolean;
}

/**
 * Runs a command to its end, with nothing on its standard input. After three minutes its end is SIGKILL.
 *
 * @throws {Error} with what it said, unless it exits with 0.
 */
export async function command(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<Output> {
  const [program = "", ...args] = argv;
  // Into files: a pipe would stay open for as long as what the command has left behind runs.
  const folder = await Deno.makeTempDir({ prefix: "tm-out-" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const script = `exec "$@" >${folder}/1 2>${folder}/2 </dev/null`;
    const child = new Deno.Command("sh", {
      args: ["-c", script, "sh", program, ...args],
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    timer = setTimeout(() => child.kill("SIGKILL"), patience);
    const { code } = await child.status;
    const [stdout, stderr] = await Promise.all([
      Deno.readTextFile(`${folder}/1`),
      Deno.readTextFile(`${folder}/2`),
    ]);
    if (code !== 0 && !options.anyStatus) {
      throw new Error(`${argv.join(" ")}: exit status ${code}: ${stderr}${stdout}`);
    }
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    await Deno.remove(folder, { recursive: true });
  }
}

/** A process that runs until it is told to end. */
export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  /** Ends it: by SIGTERM, and SIGKILL 10 s later. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Starts a daemon; what it says goes to a file. */
export function startDaemon(
  argv: readonly string[],
  log: string,
  options: CommandOptions = {},
): Daemon {
  const child = new Deno.Command("sh", {
    args: ["-c", `exec "$@" >>${log} 2>&1 </dev/null`, "sh", ...argv],
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = child.status.then(() => ended = true);
  const stop = async (signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
    if (ended) return;
    child.kill(signal);
    const timer = setTimeout(() => {
      if (!ended) child.kill("SIGKILL");
    }, 10_000);
    await status;
    clearTimeout(timer);
  };
  return { pid: child.pid, stop, [Symbol.asyncDispose]: () => stop() };
}

/**
 * Waits until something is so.
 *
 * @param log Whose end is told when it does not come to be.
 */
export async function until(
  what: string,
  so: () => boolean | Promise<boolean>,
  log?: string,
  milliseconds = 120_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!await so()) {
    if (Date.now() > end) {
      const said = log === undefined ? "" : `: ${(await Deno.readTextFile(log)).slice(-2_000)}`;
      throw new Error(`${what}: not within ${milliseconds} ms${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Gone, or dead and not yet waited for. */
export async function isOver(pid: number): Promise<boolean> {
  try {
    return /^State:\s+Z/m.test(await Deno.readTextFile(`/proc/${pid}/status`));
  } catch {
    return true;
  }
}

/** The text of /proc/PID/cgroup: one line a hierarchy. Empty if there is no such process any more. */
export async function cgroupsOf(pid: number): Promise<string> {
  try {
    return await Deno.readTextFile(`/proc/${pid}/cgroup`);
  } catch {
    return "";
  }
}

/** Path of the cgroup in the v2 hierarchy, or in v1's if that is the root: what an identity calls `cgroup`. */
export function cgroupIn(text: string): string {
  const paths = text.split("\n").flatMap((line) => /^\d+:[^:]*:(\/.*)$/.exec(line)?.[1] ?? []);
  const unified = /^0::(\/.*)$/m.exec(text)?.[1];
  return unified !== undefined && unified !== "/"
    ? unified
    : paths.find((path) => path !== "/") ?? "/";
}

/** Whether cgroup v2 is all that the machine has. */
export function isUnified(): boolean {
  try {
    Deno.statSync("/sys/fs/cgroup/cgroup.controllers");
    return true;
  } catch {
    return false;
  }
}

/** Where the cgroup hierarchies are mounted. */
export function hierarchies(): string[] {
  return Deno.readTextFileSync("/proc/self/mountinfo").split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    return after.startsWith("cgroup") ? before.split(" ")[4] ?? [] : [];
  });
}

/**
 * A folder with a short path, since those of unix sockets end at 107 bytes. When it goes, so does every process
 * that names it, everything that is mounted in it, and the cgroups that were noted.
 */
export interface Workspace extends AsyncDisposable {
  readonly path: string;
  /** Notes a cgroup that was made: a path from the root of every hierarchy. One that this process is in is not. */
  note(cgroup: string): void;
}

export async function makeWorkspace(): Promise<Workspace> {
  const path = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "tm-" });
  const cgroups = new Set<string>();
  return {
    path,
    note(cgroup) {
      const own = Deno.readTextFileSync("/proc/self/cgroup").split("\n");
      const isOwn = own.some((line) =>
        `${line.replace(/^\d+:[^:]*:/, "")}/`.startsWith(`${cgroup}/`)
      );
      if (cgroup !== "/" && !isOwn) cgroups.add(cgroup);
    },
    async [Symbol.asyncDispose]() {
      for (const pid of processesNaming(path)) kill(pid);
      for (const cgroup of cgroups) await removeCgroup(cgroup);
      // Twice: some are seen only when others have gone.
      for (let i = 0; i < 2; i++) {
        for (const mount of mountsBelow(path)) {
          await command(["umount", "-l", mount], { anyStatus: true });
        }
      }
      await command(["rm", "-rf", "--one-file-system", path]);
    },
  };
}

/** Processes with that path in their arguments, this one and its parents excepted. */
function processesNaming(path: string): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    if (!Number.isInteger(pid) || pid === Deno.pid || pid === Deno.ppid) return false;
    try {
      return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes(path);
    } catch {
      return false;
    }
  });
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function mountsBelow(path: string): string[] {
  return Deno.readTextFileSync("/proc/self/mountinfo").split("\n")
    .flatMap((line) => line.split(" ")[4] ?? [])
    .filter((mount) => mount.startsWith(`${path}/`))
    .toReversed();
}

/** Kills what is in a cgroup, and removes it and the empty ones above it, in every hierarchy. */
async function removeCgroup(cgroup: string): Promise<void> {
  for (const root of hierarchies()) {
    for (const pid of pidsIn(`${root}${cgroup}`)) kill(pid);
    for (let path = cgroup; path.length > 1; path = path.slice(0, path.lastIndexOf("/"))) {
      // The dead leave a cgroup a moment after they have gone.
      if (!await removeFolder(`${root}${path}`, path === cgroup ? 20 : 1)) break;
    }
  }
}

function pidsIn(path: string): number[] {
  try {
    return Deno.readTextFileSync(`${path}/cgroup.procs`).split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Whether the folder is gone. */
async function removeFolder(path: string, tries: number): Promise<boolean> {
  for (let i = 0; i < tries; i++) {
    try {
      // rmdir(2): what looks like files in a cgroup goes with it.
      await Deno.remove(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}
