/**
 * Writing to a pipe without waiting for its reader.
 *
 * @module
 */
import { LibraryError } from "./errors.ts";

// open and fcntl are variadic: without floating point that is called as any other, on x86-64 and on arm64.
const symbols = {
  // int open(const char *path, int flags)
  open: { parameters: ["buffer", "i32"], result: "i32" },
  // int fcntl(int fd, int cmd, int arg)
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // ssize_t write(int fd, const void *buf, size_t count)
  write: { parameters: ["i32", "buffer", "usize"], result: "i64" },
  // int close(int fd)
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** <fcntl.h>: the same on x86-64 and on arm64. */
const O_WRONLY = 1;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const F_SETPIPE_SZ = 1031;

/** A pipe's end that takes bytes at once, or says that it can't. */
export class Pipe implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof symbols>;
  readonly #fd: number;

  private constructor(library: Deno.DynamicLibrary<typeof symbols>, fd: number) {
    this.#library = library;
    this.#fd = fd;
  }

  /**
   * Opens a pipe by a path, as `/proc/self/fd/1`. Nobody who has it open already notices.
   *
   * @param size Bytes that it is to hold, where that is allowed.
   * @returns undefined if it can't be opened.
   * @throws {LibraryError} if there is no libc.so.6, as with musl.
   */
  static open(path: string, size: number): Pipe | undefined {
    let library;
    try {
      library = Deno.dlopen("libc.so.6", symbols);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotCapable) throw cause;
      throw new LibraryError("libc.so.6", { cause });
    }
    const { open, fcntl } = library.symbols;
    const fd = open(new TextEncoder().encode(`${path}\0`), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
      library.close();
      return undefined;
    }
    fcntl(fd, F_SETPIPE_SZ, size);
    return new Pipe(library, fd);
  }

  /** @returns how many bytes it took; 0 if it is full, or nobody reads any more. */
  write(bytes: Uint8Array<ArrayBuffer>): number {
    const written = this.#library.symbols.write(this.#fd, bytes, BigInt(bytes.length));
    return Math.max(0, Number(written));
  }

  [Symbol.dispose](): void {
    this.#library.symbols.close(this.#fd);
    this.#library.close();
  }
}
