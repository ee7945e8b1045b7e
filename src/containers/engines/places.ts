/**
 * Where engines are to be found: sockets and folders, those of other users among them.
 *
 * @module
 */
import type { Identity } from "../container.ts";
import { readFolder, readText } from "./files.ts";

/** A socket, or a folder of state. */
export interface Place {
  readonly path: string;
  /** Whose it is, where a user has an engine of their own: it is heard about that user's containers only. */
  readonly uid?: number;
}

/** The user that a path names where its pattern has a star, and their home. */
interface User {
  readonly uid: number;
  readonly home: string;
}

async function users(): Promise<User[]> {
  const lines = (await readText("/etc/passwd", { follow: true }).catch(() => undefined) ?? "")
    .split("\n");
  return lines.flatMap((line) => {
    const [, , uid, , , home] = line.split(":");
    return home?.startsWith("/") && /^[1-9]\d*$/.test(uid ?? "")
      ? [{ uid: Number(uid), home }]
      : [];
  });
}

/**
 * The places that a pattern stands for, whether or not anything is there. A star after `/run/user` is each
 * user who is logged in, one after `~` each user but root who has a home. Other patterns stand for themselves.
 */
export async function expand(pattern: string): Promise<Place[]> {
  if (pattern.startsWith("~*/")) {
    return (await users()).map(({ uid, home }) => ({ path: home + pattern.slice(2), uid }));
  }
  const star = pattern.indexOf("/*/");
  if (star === -1) return [{ path: pattern }];
  const names = await readFolder(pattern.slice(0, star)).catch(() => undefined) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).map((name) => ({
    path: pattern.replace("*", name),
    uid: Number(name),
  }));
}

/** All places of all patterns; what a first pattern names, a later one does not name again. */
export async function expandAll(patterns: readonly string[]): Promise<Place[]> {
  const places = (await Promise.all(patterns.map(expand))).flat();
  const paths = places.map(({ path }) => path);
  return places.filter(({ path }, i) => paths.indexOf(path) === i);
}

/** Whether a place may be asked of a container: a user must not name those of others. */
export function speaksFor(place: Place, container: Identity): boolean {
  const { uid } = place;
  if (uid === undefined || uid === 0) return true;
  const owners = [`user-${uid}.slice`, `user@${uid}.service`];
  return container.cgroup.split("/").some((part) => owners.includes(part));
}

/** The socket that `DOCKER_HOST` or `CONTAINER_HOST` names; undefined for none, or another machine's. */
export function socketIn(host: string | undefined): string | undefined {
  return host?.startsWith("unix:///") ? host.slice("unix://".length) : undefined;
}
