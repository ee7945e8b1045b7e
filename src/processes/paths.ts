/**
 * Paths that begin somewhere.
 *
 * @module
 */

/**
 * A path from the root. `..` stays as it is: what it leads to is the file system's to say, where links are.
 *
 * @param base The directory that `path` begins in; undefined or no path (`socket:[1]`) if nobody knows it.
 * @returns `path` itself if it is absolute, or nobody knows where it begins.
 */
export function absolutePath(path: string, base: string | undefined): string {
  if (path.startsWith("/") || base === undefined || !base.startsWith("/")) return path;
  const below = path.replace(/^(?:\.\/+)+/, "");
  if (below === "" || below === ".") return base;
  return base.endsWith("/") ? `${base}${below}` : `${base}/${below}`;
}
