/**
 * The few calls of the C library that Deno has no API for.
 *
 * @module
 */
import { CallError, Errno, LibraryError } from "./errors.ts";

const symbols = {
  // int *__errno_location(void)
  __errno_location: { parameters: [], result: "pointer" },
  // char *strerror(int errnum)
  strerror: { parameters: ["i32"], result: "pointer" },
  // long sysconf(int name)
  sysconf: { parameters: ["i32"], result: "i64" },
  // int poll(struct pollfd *fds, nfds_t nfds, int timeout)
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
  // ssize_t read(int fd, void *buf, size_t count)
  read: { parameters: ["i32", "buffer", "usize"], result: "i64" },
  // int close(int fd)
  close: { parameters: ["i32"], result: "i32" },
  // int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *buf): glibc 2.28
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
  // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
  mmap: { parameters: ["pointer", "usize", "i32", "i32", "i32", "i64"], result: "pointer" },
  // int munmap(void *addr, size_t length)
  munmap: { parameters: ["pointer", "usize"], result: "i32" },
  // int clock_gettime(clockid_t clockid, struct timespec *tp)
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  // int adjtimex(struct timex *buf)
  adjtimex: { parameters: ["buffer"], result: "i32" },
  // int prlimit(pid_t pid, enum __rlimit_resource resource, const struct rlimit *new_limit,
  //             struct rlimit *old_limit)
  prlimit: { parameters: ["i32", "i32", "buffer", "pointer"], result: "i32" },
  // int vsnprintf(char *str, size_t size, const char *format, va_list ap)
  // va_list is passed as a pointer on x86-64 (System V ABI 3.5.7) and on arm64 (AAPCS64 6.8.2, rule B.4)
  vsnprintf: { parameters: ["buffer", "usize", "pointer", "pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** <bits/confname.h> */
const SC_PAGESIZE = 30;
/** <poll.h> */
const POLLIN = 1;
const PROT_READ = 1;
const PROT_WRITE = 2;
const protections = { read: PROT_READ, write: PROT_READ | PROT_WRITE } as const;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_FIXED = 16;
const MAP_ANONYMOUS = 32;
const MAP_FAILED = 2n ** 64n - 1n;

/** clockid_t: include/uapi/linux/time.h */
const clocks = { realtime: 0, boottime: 7 } as const;

/** adjtimex(2): the return value of a clock that nothing keeps right, and room for a struct timex. */
const TIME_ERROR = 5;
const TIMEX_SIZE = 256;

/** <sys/resource.h> */
const RLIMIT_DATA = 2;

/** statx(2): include/uapi/linux/stat.h, include/uapi/linux/fcntl.h */
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_INO = 0x100;
const STATX = { size: 256, ino: 32 } as const;

/** A part of a file descriptor's memory, in bytes. */
export interface Part {
  readonly offset: number;
  readonly size: number;
}

/** Memory shared with the kernel, unmapped when it is disposed of; its buffer is not to be touched after. */
export interface Mapping extends Disposable {
  readonly buffer: ArrayBuffer;
}

/** What a mapping is for. */
export type Access = keyof typeof protections;

/** A buffer of which parts show the memory of descriptors, to be read; the others are zeros, and take no memory. */
export interface Room extends Mapping {
  /**
   * @param at Where in the buffer.
   * @throws {CallError} with the errno of mmap(2).
   */
  map(at: number, fd: number, part: Part): void;
  /** Makes zeros of a part again. */
  clear(at: number, size: number): void;
}

/** An open C library. */
export class Libc implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof symbols>;

  private constructor(library: Deno.DynamicLibrary<typeof symbols>) {
    this.#library = library;
  }

  /** @throws {LibraryError} if there is no libc.so.6, as with musl. */
  static open(): Libc {
    try {
      return new Libc(Deno.dlopen("libc.so.6", symbols));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotCapable) throw cause;
      throw new LibraryError("libc.so.6", { cause });
    }
  }

  /** Bytes of a page of memory: 4,096 on x86-64, up to 65,536 on arm64. */
  get pageSize(): number {
    return Number(this.#library.symbols.sysconf(SC_PAGESIZE));
  }

  /** Waits, without blocking anybody, until the descriptor can be read or some ms have passed. */
  async readable(fd: number, timeout: number): Promise<void> {
    // struct pollfd { int fd; short events; short revents; }
    const waiting = new Int32Array([fd, POLLIN]);
    await this.#library.symbols.poll(waiting, 1n, timeout);
  }

  /**
   * The inode number of what has a name, also of one that Deno can't open: it takes UTF-8 alone.
   *
   * @param path Without NUL.
   * @returns undefined if there is nothing, or nothing that we may see.
   */
  inode(path: Uint8Array): bigint | undefined {
    const name = new Uint8Array(path.length + 1);
    name.set(path);
    const stat = new Uint8Array(STATX.size);
    const { statx } = this.#library.symbols;
    if (statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, STATX_INO, stat) !== 0) return undefined;
    return new DataView(stat.buffer).getBigUint64(STATX.ino, true);
  }

  /** errno as the last call by FFI from this thread left it. Asynchronous calls leave theirs elsewhere. */
  errno(): number {
    const location = this.#library.symbols.__errno_location();
    return location === null ? 0 : new Deno.UnsafePointerView(location).getInt32();
  }

  /** What the C library says of an errno: `Permission denied`. */
  reason(errno: number): string {
    const text = this.#library.symbols.strerror(errno);
    return text === null ? `errno ${errno}` : Deno.UnsafePointerView.getCString(text);
  }

  /** An error for a call that has just failed, from errno or the errno given. */
  error(call: string, errno: number = this.errno()): CallError {
    return new CallError(call, errno, this.reason(errno));
  }

  /**
   * Maps a part of a file descriptor's memory, shared.
   *
   * @param part Whole pages.
   * @throws {CallError} with the errno of mmap(2).
   */
  map(call: string, fd: number, access: Access, { offset, size }: Part): Mapping {
    const { mmap, munmap } = this.#library.symbols;
    const at = BigInt(offset);
    const address = this.#mapped(
      call,
      mmap(null, BigInt(size), protections[access], MAP_SHARED, fd, at),
    );
    return {
      buffer: Deno.UnsafePointerView.getArrayBuffer(address, size),
      [Symbol.dispose]: () => void munmap(address, BigInt(size)),
    };
  }

  /**
   * Room for several mappings, in one buffer.
   *
   * @param size Bytes, whole pages.
   * @throws {CallError} with the errno of mmap(2).
   */
  room(call: string, size: number): Room {
    const { mmap, munmap } = this.#library.symbols;
    const free = MAP_PRIVATE | MAP_ANONYMOUS;
    const address = this.#mapped(call, mmap(null, BigInt(size), PROT_READ, free, -1, 0n));
    const place = (at: number, size: number, flags: number, fd: number, offset: number) => {
      const to = Deno.UnsafePointer.offset(address, at);
      const fixed = flags | MAP_FIXED;
      this.#mapped(call, mmap(to, BigInt(size), PROT_READ, fixed, fd, BigInt(offset)));
    };
    return {
      buffer: Deno.UnsafePointerView.getArrayBuffer(address, size),
      map: (at, fd, { offset, size }) => place(at, size, MAP_SHARED, fd, offset),
      clear: (at, size) => place(at, size, free, -1, 0),
      [Symbol.dispose]: () => void munmap(address, BigInt(size)),
    };
  }

  #mapped(call: string, address: Deno.PointerValue): Deno.PointerObject {
    if (address !== null && Deno.UnsafePointer.value(address) !== MAP_FAILED) return address;
    throw this.error(call);
  }

  /**
   * Reads all that a descriptor has, and closes it.
   *
   * @throws {CallError} with the errno of read(2).
   */
  readAll(call: string, fd: number): Uint8Array<ArrayBuffer> {
    const { read, close } = this.#library.symbols;
    let bytes = new Uint8Array(1 << 16);
    let length = 0;
    try {
      for (;;) {
        const room = bytes.subarray(length);
        const count = Number(read(fd, room, BigInt(room.length)));
        if (count === 0) return bytes.subarray(0, length);
        if (count < 0) {
          const errno = this.errno();
          if (errno === Errno.EINTR || errno === Errno.EAGAIN) continue;
          throw this.error(call, errno);
        }
        length += count;
        if (length === bytes.length) {
          const larger = new Uint8Array(2 * length);
          larger.set(bytes);
          bytes = larger;
        }
      }
    } finally {
      close(fd);
    }
  }

  /** Nanoseconds of a clock: clock_gettime(2). */
  now(clock: keyof typeof clocks): bigint {
    const time = new BigInt64Array(2);
    if (this.#library.symbols.clock_gettime(clocks[clock], time) !== 0) {
      throw this.error(`reading the ${clock} clock`);
    }
    const [seconds = 0n, nanoseconds = 0n] = time;
    return seconds * 1_000_000_000n + nanoseconds;
  }

  /** Whether something (NTP, the hypervisor) keeps the clock right: adjtimex(2). */
  isClockSynchronised(): boolean {
    return this.#library.symbols.adjtimex(new Uint8Array(TIMEX_SIZE)) !== TIME_ERROR;
  }

  /**
   * Limits what a process may have in memory of its own that it can write to, whether it does or not: RLIMIT_DATA.
   *
   * @throws {CallError} with the errno of prlimit(2).
   */
  limitData(pid: number, bytes: number): void {
    // struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; }
    const limit = new BigUint64Array(2).fill(BigInt(bytes));
    if (this.#library.symbols.prlimit(pid, RLIMIT_DATA, limit, null) === 0) return;
    throw this.error(`limiting the memory of process ${pid}`);
  }

  /** Formats as vprintf(3) does, cut at 64 KiB. */
  format(format: Deno.PointerValue, args: Deno.PointerValue): string {
    const buffer = new Uint8Array(65536);
    const length = this.#library.symbols.vsnprintf(buffer, BigInt(buffer.length), format, args);
    return new TextDecoder().decode(buffer.subarray(0, Math.min(length, buffer.length - 1)));
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}
