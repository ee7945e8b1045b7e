/**
 * The archive that the kernel unpacks into its first root: cpio in the "newc" format, of
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 *
 * @module
 */

/** A folder has no content. */
export interface CpioEntry {
  /** Without a leading `/`; the folder that it is in comes first. */
  readonly path: string;
  readonly content?: Uint8Array;
  readonly executable?: boolean;
}

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;
const TRAILER = "TRAILER!!!";

const encoder = new TextEncoder();

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

function record(inode: number, mode: number, path: string, content: Uint8Array): Uint8Array[] {
  const name = `${path}\0`;
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = fields.map((value) => value.toString(16).padStart(8, "0")).join("");
  return [padded(encoder.encode(`070701${header}${name}`)), padded(content)];
}

/** Packs them in their order; all belong to root. Paths are ASCII. */
export function cpio(entries: readonly CpioEntry[]): Uint8Array<ArrayBuffer> {
  const parts = entries.flatMap(({ path, content, executable = false }, index) => {
    const mode = content === undefined ? FOLDER : executable ? PROGRAM : FILE;
    return record(index + 1, mode, path, content ?? new Uint8Array());
  });
  parts.push(...record(0, 0, TRAILER, new Uint8Array()));
  const archive = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += part.length;
  }
  return archive;
}
