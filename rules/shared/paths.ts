/**
 * Which file a call means, however its name is written: `/etc//shadow`, `../etc/shadow`, `shadow` in `/etc`,
 * `/proc/self/root/etc/shadow` and `/dev/fd/3` are one.
 *
 * Links of the container's own are not followed: who sees only the name can't know them.
 *
 * @module
 */
import { type Fault, isFault, type RuleEvent } from "tallyman";

/** linux/fcntl.h */
const AT_FDCWD = -100;

/** Of an event, what says where a relative path begins. */
export type Place = Pick<RuleEvent, "describe"> & {
  readonly process: Pick<RuleEvent["process"], "cwd">;
};

/** Something in a path that isn't a plain name. */
const NOT_PLAIN = /\/\/|\/\.\.?(?:\/|$)|^\.\.?(?:\/|$)|.\/$|^\/proc\/|^\/dev\/fd\//;

/** Links of proc(5) that lead out of it, and of /dev to them. */
const MAGIC =
  /^\/proc\/(?:self|thread-self|\d+)(?:\/task\/\d+)?\/(root|cwd)$|^\/(?:proc\/(?:self|thread-self)|dev)\/fd\/(\d+)$/;

/** Where a link of proc(5) leads; undefined: it is none, or nobody knows. */
function magicTarget(path: string, place: Place): string | undefined {
  const found = MAGIC.exec(path);
  if (found === null) return undefined;
  const [, link, fd] = found;
  if (link === "root") return "/";
  const target = link === "cwd" ? place.process.cwd : place.describe(Number(fd))?.text;
  return target?.startsWith("/") ? target : undefined;
}

function cleaned(path: string, place: Place): string {
  if (!NOT_PLAIN.test(path)) return path;
  const isAbsolute = path.startsWith("/");
  let parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (isAbsolute || (parts.length > 0 && parts.at(-1) !== "..")) parts.pop();
      else parts.push(part);
      continue;
    }
    parts.push(part);
    if (parts[0] !== "proc" && parts[0] !== "dev") continue;
    const target = magicTarget(`/${parts.join("/")}`, place);
    if (target !== undefined) parts = target.split("/").filter(Boolean);
  }
  return isAbsolute ? `/${parts.join("/")}` : parts.join("/");
}

/** Where a relative path begins. */
function baseOf(place: Place, dirfd: number): string | undefined {
  return dirfd === AT_FDCWD ? place.process.cwd : place.describe(dirfd)?.text;
}

/**
 * A path from the root, without `..`, `//` and the like.
 *
 * @param dirfd The descriptor that a relative path begins at; where the process is, if none is given.
 * @returns A relative path if nobody knows where it begins; undefined if it could not be read.
 */
export function pathOf(
  place: Place,
  path: string | Fault,
  dirfd: number = AT_FDCWD,
): string | undefined {
  if (isFault(path)) return undefined;
  if (path.startsWith("/")) return cleaned(path, place);
  const base = baseOf(place, dirfd);
  return cleaned(base?.startsWith("/") ? `${base}/${path}` : path, place);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function expression(pattern: string): string {
  const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const [start, rest] = pattern.startsWith("~/")
    ? ["(?:/root|/home/[^/]+)", pattern.slice(1)]
    : ["", pattern];
  const body = rest.split("**").map((part) => part.split("*").map(literal).join("[^/]*"))
    .join(".*");
  return `${start}${body}${pattern.endsWith("/") ? ".+" : ""}`;
}

const compiled = new WeakMap<readonly string[], RegExp>();

/**
 * Whether a path is among some. Each is a path, or a folder and all below it if it ends with `/`; `*` stands
 * for a part of a name, `**` for any part of a path, `~/` for anybody's home.
 */
export function isAmong(path: string | undefined, patterns: readonly string[]): path is string {
  if (path === undefined) return false;
  let test = compiled.get(patterns);
  if (test === undefined) {
    test = new RegExp(`^(?:${patterns.map(expression).join("|") || "(?!)"})$`, "s");
    compiled.set(patterns, test);
  }
  return test.test(path);
}
