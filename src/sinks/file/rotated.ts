/**
 * Files that a file has been rotated to: `FILE.20261122T210501.123Z`, and `.gz` behind that.
 *
 * A rotated file gets its name once and keeps it: readers that know files by their names need not be told, and the
 * names are in the order of time.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";

const stamp = /^\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z(?:\.gz)?$/;

/** @param time ms since 1970. */
export function rotatedName(path: string, time: number): string {
  return `${path}.${new Date(time).toISOString().replaceAll(/[-:]/g, "")}`;
}

/** The rotated files of a file, the oldest first. */
export function rotatedFiles(path: string): string[] {
  const [folder, name] = [dirname(path), basename(path)];
  return [...Deno.readDirSync(folder)]
    .filter((entry) => entry.isFile && entry.name.startsWith(name))
    .map((entry) => entry.name)
    .filter((entry) => stamp.test(entry.slice(name.length)))
    .sort()
    .map((entry) => join(folder, entry));
}

/**
 * When a file is said to have been rotated that is rotated now: behind all others, wherever the clock has been set
 * to. Else what is newest would be the first that is removed, and be read before what was there already.
 *
 * @param now ms since 1970.
 */
export function rotationTime(path: string, now: number): number {
  const newest = basename(rotatedFiles(path).at(-1) ?? "").slice(basename(path).length);
  const [, year, month, day, hour, minute, second] = stamp.exec(newest) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return time >= now ? time + 1 : now;
}
