/**
 * The files below /proc/PID, read as they are.
 *
 * @module
 */
import { decodeText } from "../text/mod.ts";

/** Files that are read. */
export type ProcFile = "stat" | "status" | "loginuid" | "cmdline";

/** Where /proc is read: a test can stand in its place. Nothing here throws. */
export interface ProcReader {
  /**
   * The bytes of a file below /proc/PID.
   *
   * @param most How many bytes to read, at most; all by default.
   * @returns undefined where it can't be read, mostly because the process is gone.
   */
  file(pid: number, name: ProcFile, most?: number): Uint8Array | undefined;
  /** Where a link below /proc/PID leads, as the kernel words it: `exe`, `cwd`, `fd/3`. */
  link(pid: number, name: string): string | undefined;
  /** The processes that there are. */
  pids(): number[];
}

const encoder = new TextEncoder();

/** Rust's escapes in what it prints of a path, but for `\xFF` and `\u{1b}`. */
const escapes: Readonly<Record<string, string>> = {
  t: "\t",
  r: "\r",
  n: "\n",
  "0": "\0",
};

/**
 * The path that Deno refuses to give because it is no UTF-8, out of the error that says so: nothing else has
 * it, and a program must not hide by a byte in its path.
 *
 * @returns undefined if the error is another one.
 */
export function pathInError(error: unknown): string | undefined {
  if (!(error instanceof Deno.errors.InvalidData)) return undefined;
  const quoted = /^File name or path "(.*)" is not valid UTF-8/s.exec(error.message)?.[1];
  if (quoted === undefined) return undefined;
  const bytes: number[] = [];
  for (
    const [plain, escape] of quoted.matchAll(/\\(x[0-9A-F]{2}|u\{[0-9a-f]+\}|.)|[^\\]+/gs)
  ) {
    if (escape === undefined) bytes.push(...encoder.encode(plain));
    else if (/^x../.test(escape)) bytes.push(parseInt(escape.slice(1), 16));
    else if (/^u./.test(escape)) {
      bytes.push(...encoder.encode(String.fromCodePoint(parseInt(escape.slice(2), 16))));
    } else bytes.push(...encoder.encode(escapes[escape] ?? escape));
  }
  return decodeText(Uint8Array.from(bytes));
}

/** A buffer's worth of a file, from its beginning. */
function readBeginning(path: string, most: number): Uint8Array {
  using file = Deno.openSync(path);
  const buffer = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const read = file.readSync(buffer.subarray(length));
    if (read === null) break;
    length += read;
  }
  return buffer.slice(0, length);
}

/** This machine's /proc. */
export const procFiles: ProcReader = {
  file(pid, name, most) {
    const path = `/proc/${pid}/${name}`;
    try {
      return most === undefined ? Deno.readFileSync(path) : readBeginning(path, most);
    } catch (error) {
      // Gone, going, hidden, or no descriptor left to read it by: to its reader it is all the same.
      if (error instanceof Error) return undefined;
      throw error;
    }
  },
  link(pid, name) {
    try {
      return Deno.readLinkSync(`/proc/${pid}/${name}`);
    } catch (error) {
      if (error instanceof Error) return pathInError(error);
      throw error;
    }
  },
  pids() {
    return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(Number.isInteger);
  },
};
