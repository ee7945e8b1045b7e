/**
 * The cgroup hierarchies of this machine: which there are, where they are mounted, who is in them.
 *
 * @module
 */
import { type CgroupKey, Libc, type V1Controller } from "../kernel/mod.ts";
import { decodeText, encodeText, isUtf8 } from "../text/mod.ts";

/** A process's cgroup in each hierarchy, from /proc/PID/cgroup: cgroups(7). */
export interface CgroupPaths {
  /** In the v2 hierarchy; `/` where there is none. */
  readonly v2: string;
  /** By controller name, in the v1 hierarchies. */
  readonly v1: ReadonlyMap<string, string>;
}

/** Lines are `number:controllers:path`; number 0 is v2, `name=…` a v1 hierarchy without controllers. */
export function parseCgroupFile(text: string): CgroupPaths {
  const v1 = new Map<string, string>();
  let v2 = "/";
  for (const line of text.split("\n")) {
    // `.` is any character: a cgroup may be called \u2028.
    const match = /^(\d+):([^:]*):(.*)$/s.exec(line);
    if (match === null) continue;
    const [, number, controllers = "", path = "/"] = match;
    if (number === "0") v2 = path;
    else for (const controller of controllers.split(",")) v1.set(controller, path);
  }
  return { v2, v1 };
}

/** Where the hierarchies are mounted. */
export interface CgroupMounts {
  readonly v2: string | undefined;
  /** By controller name. */
  readonly v1: ReadonlyMap<string, string>;
}

/** Reads the fields of /proc/PID/mountinfo that tell of cgroups: proc_pid_mountinfo(5). */
export function parseMountinfo(text: string): CgroupMounts {
  const v1 = new Map<string, string>();
  let v2: string | undefined;
  for (const line of text.split("\n")) {
    const [left = "", right = ""] = line.split(" - ");
    const mountPoint = (left.split(" ")[4] ?? "").replace(
      /\\([0-7]{3})/g,
      (_, octal: string) => String.fromCharCode(parseInt(octal, 8)),
    );
    const [type, , options = ""] = right.split(" ");
    if (type === "cgroup2") v2 ??= mountPoint;
    if (type !== "cgroup") continue;
    for (const option of options.split(",")) if (!v1.has(option)) v1.set(option, mountPoint);
  }
  return { v2, v1 };
}

/** v2 alone, v2 beside v1 controllers (systemd's hybrid layout), or v1 alone. */
export type CgroupLayout = "v2" | "hybrid" | "v1" | "none";

/** Controllers that can name containers, the likeliest first. */
const candidates: readonly V1Controller[] = [
  "memory",
  "pids",
  "devices",
  "freezer",
  "cpu",
  "cpuset",
];

/** The hierarchies, as they are looked at. */
export class Cgroups {
  readonly mounts: CgroupMounts;

  constructor(mounts: CgroupMounts) {
    this.mounts = mounts;
  }

  static read(): Cgroups {
    return new Cgroups(parseMountinfo(Deno.readTextFileSync("/proc/self/mountinfo")));
  }

  get layout(): CgroupLayout {
    const hasV1 = candidates.some((controller) => this.mounts.v1.has(controller));
    if (this.mounts.v2 === undefined) return hasV1 ? "v1" : "none";
    return hasV1 ? "hybrid" : "v2";
  }

  /**
   * The v1 controller that tells containers apart where their v2 cgroup is the root: the one in which the
   * most processes are in a container, by `isContainer`; the likeliest where there are none yet.
   */
  chooseController(
    processes: Iterable<CgroupPaths>,
    isContainer: (path: string) => boolean,
  ): V1Controller | undefined {
    const votes = new Map<V1Controller, number>();
    for (const controller of candidates) {
      if (this.mounts.v1.has(controller)) votes.set(controller, 0);
    }
    if (votes.size === 0) return undefined;
    for (const { v2, v1 } of processes) {
      if (v2 !== "/") continue;
      for (const [controller, count] of votes) {
        const path = v1.get(controller);
        if (path !== undefined && isContainer(path)) votes.set(controller, count + 1);
      }
    }
    return [...votes].reduce((best, each) => each[1] > best[1] ? each : best)[0];
  }

  /** The folder of a cgroup; undefined if its hierarchy is not mounted. */
  folder(path: string, v1Controller?: V1Controller): string | undefined {
    const mount = v1Controller === undefined ? this.mounts.v2 : this.mounts.v1.get(v1Controller);
    return mount === undefined ? undefined : `${mount}${path === "/" ? "" : path}`;
  }

  /** The id by which the kernel knows a cgroup: its folder's inode number. undefined if it is gone. */
  id(path: string, v1Controller?: V1Controller): bigint | undefined {
    const folder = this.folder(path, v1Controller);
    if (folder === undefined) return undefined;
    // Whoever may make a cgroup may name it so.
    if (!isUtf8(folder)) return inodeOf(encodeText(folder));
    try {
      const { ino } = Deno.lstatSync(folder);
      return ino === null ? undefined : BigInt(ino);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Every cgroup of a hierarchy, by path and key, the root among them; not those that Deno can't name. */
  *walk(v1Controller?: V1Controller): Generator<{ path: string; key: CgroupKey }> {
    const v1 = v1Controller !== undefined;
    const pending = ["/"];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const id = this.id(path, v1Controller);
      if (id === undefined) continue;
      yield { path, key: { id, nested: false, v1 } };
      const folder = this.folder(path, v1Controller);
      if (folder === undefined) continue;
      try {
        for (const entry of Deno.readDirSync(folder)) {
          if (entry.isDirectory) pending.push(`${path === "/" ? "" : path}/${entry.name}`);
        }
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }
}

function inodeOf(path: Uint8Array): bigint | undefined {
  using libc = Libc.open();
  return libc.inode(path);
}

/**
 * A process's cgroups.
 *
 * @throws if it has ended.
 */
export function cgroupsOf(pid: number | string): CgroupPaths {
  return parseCgroupFile(decodeText(Deno.readFileSync(`/proc/${pid}/cgroup`)));
}

/** A process as the search for containers sees it. */
export interface ProcessInCgroup {
  readonly pid: number;
  readonly cgroups: CgroupPaths;
  /** In a child pid namespace. */
  readonly nested: boolean;
}

/** All processes; those that end meanwhile are left out. */
export function* processes(): Generator<ProcessInCgroup> {
  const own = Deno.readLinkSync("/proc/self/ns/pid");
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      yield { pid: Number(name), cgroups: cgroupsOf(name), nested: isNested(name, own) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || isGone(error)) continue;
      throw error;
    }
  }
}

function isNested(pid: string, own: string): boolean {
  try {
    return Deno.readLinkSync(`/proc/${pid}/ns/pid`) !== own;
  } catch (error) {
    // A kernel thread has none to show, and a process that ends shows none any more.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return false;
    }
    throw error;
  }
}

/** ESRCH: reading of a process that has ended meanwhile. Deno has neither a class nor a code for it. */
function isGone(error: unknown): boolean {
  return error instanceof Error && error.message.includes("(os error 3)");
}
