/**
 * What a call does to its caller, in the words of the table.
 *
 * @module
 */
import { AT_FDCWD, type Fault, isFault } from "../../syscalls/arguments/mod.ts";
import { type OpenFile, OpenSocket } from "../open_files.ts";
import { absolutePath } from "../paths.ts";
import type { Process } from "../process.ts";
import type { ProcessTable } from "../table.ts";

/** Who called, and what is known of it. */
export class Caller {
  readonly #process: Process;
  readonly #table: ProcessTable;

  constructor(process: Process, table: ProcessTable) {
    this.#process = process;
    this.#table = table;
  }

  /** @param file undefined: it is open, and the call doesn't say what it is. */
  opened(fd: number, file: OpenFile | string | undefined, closesOnExec = false): void {
    const open = typeof file === "string" ? { text: file } : file;
    this.#table.descriptors.opened(this.#process, fd, open, closesOnExec);
  }

  duplicated(from: number, to: number, closesOnExec = false): void {
    this.#table.descriptors.duplicated(this.#process, from, to, closesOnExec);
  }

  /** Descriptors in the order of their numbers, which have no sign: -1 is the last there can be. */
  closed(first: number, last = first): void {
    this.#table.descriptors.closedRange(this.#process, first >>> 0, last >>> 0);
  }

  setClosesOnExec(closesOnExec: boolean, first: number, last = first): void {
    const { descriptors } = this.#table;
    descriptors.setClosesOnExec(this.#process, first >>> 0, last >>> 0, closesOnExec);
  }

  moved(path: string | undefined): void {
    this.#table.moved(this.#process, path?.startsWith("/") ? path : undefined);
  }

  /** A path from the root where that can be said, the path that was given elsewhere; undefined of a fault. */
  path(path: string | Fault, dirfd = AT_FDCWD): string | undefined {
    if (isFault(path)) return undefined;
    return path.startsWith("/") ? path : absolutePath(path, this.directory(dirfd));
  }

  /** What a descriptor of a directory refers to. */
  directory(dirfd: number): string | undefined {
    const { descriptors } = this.#table;
    return dirfd === AT_FDCWD
      ? this.#process.cwd
      : descriptors.describe(this.#process, dirfd)?.text;
  }

  /** The socket behind a descriptor, if calls told of it. */
  socket(fd: number): OpenSocket | undefined {
    const file = this.#table.descriptors.told(this.#process, fd);
    return file instanceof OpenSocket ? file : undefined;
  }

  /** One of a socket's ends is known; undefined: it is none any more. */
  connected(fd: number, end: "local" | "peer", address: string | undefined): void {
    const known = this.socket(fd);
    if (known !== undefined) known[end] = address;
    else if (address !== undefined) {
      const socket = new OpenSocket("socket");
      socket[end] = address;
      // Whether an exec closes it nobody told. If it doesn't, /proc says after it what it is.
      this.opened(fd, socket, true);
    }
  }
}
