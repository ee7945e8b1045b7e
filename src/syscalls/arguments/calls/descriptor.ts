/** Calls on descriptors: reading, writing, waiting, fcntl(2), ioctl(2). */
import { call, type Row } from "../call.ts";
import { fcntl, ioctl, ioUringSetup } from "../tables/descriptor.ts";
import { directoryEntries, directoryEntries64 } from "../kinds/directory.ts";
import { cases, valuesOf } from "../kinds/flags.ts";
import { descriptorFlags as flag, fileSystemFlags } from "../kinds/flag_words.ts";
import * as file from "../kinds/files.ts";
import { asBefore, decidedBy, given, type Kind, optional, out } from "../kinds/kind.ts";
import { arrayOf, pointerTo, scalar, several, struct } from "../kinds/layout.ts";
import { addressOut } from "../kinds/processes.ts";
import { signal, signalSet } from "../kinds/signals.ts";
import { buffer, iovec } from "../kinds/text.ts";
import * as time from "../kinds/time.ts";
import * as words from "../kinds/words.ts";

const { fd, hex, i64, int, longHex, milliseconds, offset, pid, pointer, readyCount, size, uint } =
  words;

const setSize = size;
const offsetAt = optional(file.offsetAt);
/** Where an offset is when so much has been copied. */
const moved = <Of extends string>(of: Of) => ({ of, kind: out(file.offsetAt) });
/** What is left of the time that was to be waited, as Linux alone says it. */
const spanLeft = { of: "timeout", kind: out(time.timespec), word: "left" } as const;
const timeLeft = { of: "timeout", kind: out(time.timeval), word: "left" } as const;
const ready = { of: "fds", kind: file.readyFds, word: "" } as const;
/** What select(2) leaves in its sets. */
const readySets = {
  read_ready: { of: "read", kind: out(file.fdSet), word: "in" },
  write_ready: { of: "write", kind: out(file.fdSet), word: "out" },
  except_ready: { of: "except", kind: out(file.fdSet), word: "except" },
} as const;
const { lock, lockFound } = file;

/** What fcntl(2)'s third argument is. */
const fcntlArgument: Kind<unknown> = decidedBy<unknown, number>(
  "cmd",
  cases<typeof fcntl, unknown>(fcntl, {
    F_DUPFD: fd,
    F_DUPFD_CLOEXEC: fd,
    F_DUPFD_QUERY: fd,
    F_SETFD: flag.descriptor,
    F_SETFL: file.openFlags,
    F_SETLK: asBefore(lock),
    F_SETLKW: asBefore(lock),
    F_GETLK: lockFound,
    F_OFD_SETLK: asBefore(lock),
    F_OFD_SETLKW: asBefore(lock),
    F_OFD_GETLK: lockFound,
    F_SETOWN: pid,
    F_SETSIG: signal,
    F_ADD_SEALS: flag.seals,
    F_NOTIFY: flag.dnotify,
    F_SETPIPE_SZ: uint,
  }),
  longHex,
  lockFound.memory,
  lock.memory,
);

const oneInt = pointerTo(several(1, scalar("i32", int)), { when: "exit" });
const oneProcess = pointerTo(several(1, scalar("i32", pid)), { when: "exit" });
/** struct winsize: asm-generic/termios.h */
const windowSize = pointerTo(
  struct(8, {
    ws_row: [0, scalar("u16", uint)],
    ws_col: [2, scalar("u16", uint)],
    ws_xpixel: [4, scalar("u16", uint)],
    ws_ypixel: [6, scalar("u16", uint)],
  }),
  { when: "exit" },
);

/** What ioctl(2)'s third argument is, where eight bytes behind it tell. */
const ioctlArgument: Kind<unknown> = decidedBy<unknown, number>(
  "request",
  cases<typeof ioctl, unknown>(ioctl, {
    TIOCGWINSZ: windowSize,
    TIOCSWINSZ: windowSize,
    TIOCGPGRP: oneProcess,
    TIOCSPGRP: oneProcess,
    TIOCGSID: oneProcess,
    FIONREAD: oneInt,
    FIONBIO: oneInt,
    FIOASYNC: oneInt,
    TIOCOUTQ: oneInt,
    TIOCGPTN: oneInt,
    TIOCSPTLCK: oneInt,
    FICLONE: fd,
  }),
  longHex,
  windowSize.memory,
);

/** Commands without a third argument: its register is whatever it was. */
const takesNone = valuesOf(
  fcntl,
  "F_GETFD",
  "F_GETFL",
  "F_GETOWN",
  "F_GETSIG",
  "F_GETLEASE",
  "F_GETPIPE_SZ",
  "F_GET_SEALS",
);
const needsNone = valuesOf(ioctl, "FIOCLEX", "FIONCLEX");

/** struct io_event: linux/aio_abi.h */
const ioEvents = arrayOf(
  struct(32, {
    data: [0, scalar("u64", longHex)],
    obj: [8, scalar("u64", pointer)],
    res: [16, scalar("i64", i64)],
    res2: [24, scalar("i64", i64)],
  }),
  { when: "exit", count: "count", upToResult: true },
);

/** linux/io_uring.h: struct io_uring_params has another ring's descriptor with this flag. */
function attachesQueue(view: DataView, at: number): boolean {
  return (view.getUint32(at + 8, true) & ioUringSetup.IORING_SETUP_ATTACH_WQ) !== 0;
}

/** The upper half of an offset, which 64-bit kernels leave alone. */
const upperHalf: Kind<number | undefined> = {
  ...given("offset", () => false, longHex),
  on: ({ abi }) => abi === "compat" ? hex : undefined,
};

export const descriptorCalls = {
  read: call({ fd, buffer: buffer(), length: size }, size),
  write: call({ fd, buffer: buffer({ length: "length" }), length: size }, size),
  pread64: call({ fd, buffer: buffer(), length: size, offset }, size),
  pwrite64: call({ fd, buffer: buffer({ length: "length" }), length: size, offset }, size),
  readv: call({ fd, buffers: iovec("count", "exit"), count: size }, size),
  writev: call({ fd, buffers: iovec("count", "enter"), count: size }, size),
  // The kernel puts the two halves together, which on 64 bits leaves the lower alone.
  preadv: call(
    { fd, buffers: iovec("count", "exit"), count: size, offset, offset_high: upperHalf },
    size,
  ),
  pwritev: call(
    { fd, buffers: iovec("count", "enter"), count: size, offset, offset_high: upperHalf },
    size,
  ),
  preadv2: call(
    {
      fd,
      buffers: iovec("count", "exit"),
      count: size,
      offset,
      offset_high: upperHalf,
      flags: fileSystemFlags.rwf,
    },
    size,
  ),
  pwritev2: call(
    {
      fd,
      buffers: iovec("count", "enter"),
      count: size,
      offset,
      offset_high: upperHalf,
      flags: fileSystemFlags.rwf,
    },
    size,
  ),
  lseek: call({ fd, offset, whence: flag.seek }, offset),
  close: call({ fd }, int),
  close_range: call({ first: fd, last: uint, flags: flag.closeRange }, int),
  dup: call({ fd }, fd),
  dup2: call({ fd, newfd: fd }, fd),
  dup3: call({ fd, newfd: fd, flags: file.descriptorFlags }, fd),
  pipe: call({ fds: file.pair }, int),
  pipe2: call({ fds: file.pair, flags: file.descriptorFlags }, int),
  fcntl: call({
    fd,
    cmd: flag.fcntl,
    argument: given("cmd", (word) => !takesNone(word), fcntlArgument),
  }, int),
  flock: call({ fd, operation: flag.flock }, int),
  ioctl: call({
    fd,
    request: flag.ioctl,
    argument: given("request", (word) => !needsNone(word), ioctlArgument),
  }, int),
  fsync: call({ fd }, int),
  fdatasync: call({ fd }, int),
  syncfs: call({ fd }, int),
  sync_file_range: call(
    { fd, offset, length: offset, flags: fileSystemFlags.syncFileRange },
    int,
  ),
  fallocate: call({ fd, mode: fileSystemFlags.fallocate, offset, length: offset }, int),
  fadvise64: call({ fd, offset, length: size, advice: flag.advice }, int),
  readahead: call({ fd, offset, length: size }, size),
  getdents: call({ fd, entries: directoryEntries, length: size }, size),
  getdents64: call({ fd, entries: directoryEntries64, length: size }, size),
  sendfile: call(
    { out_fd: fd, in_fd: fd, offset: offsetAt, length: size },
    size,
    { offset_after: moved("offset") },
  ),
  splice: call(
    {
      in_fd: fd,
      in_offset: offsetAt,
      out_fd: fd,
      out_offset: offsetAt,
      length: size,
      flags: fileSystemFlags.splice,
    },
    size,
    { in_offset_after: moved("in_offset"), out_offset_after: moved("out_offset") },
  ),
  tee: call({ in_fd: fd, out_fd: fd, length: size, flags: fileSystemFlags.splice }, size),
  vmsplice: call(
    { fd, buffers: iovec("count", "enter"), count: size, flags: fileSystemFlags.splice },
    size,
  ),
  copy_file_range: call(
    {
      in_fd: fd,
      in_offset: offsetAt,
      out_fd: fd,
      out_offset: offsetAt,
      length: size,
      flags: hex,
    },
    size,
    { in_offset_after: moved("in_offset"), out_offset_after: moved("out_offset") },
  ),
  cachestat: call({ fd, range: pointer, cachestat: pointer, flags: hex }, int),

  poll: call({ fds: file.pollfds, length: uint, timeout: milliseconds }, readyCount, { ready }),
  ppoll: call(
    {
      fds: file.pollfds,
      length: uint,
      timeout: optional(time.timespec),
      mask: optional(signalSet),
      mask_size: setSize,
    },
    readyCount,
    { ready, left: spanLeft },
  ),
  select: call(
    {
      nfds: int,
      read: optional(file.fdSet),
      write: optional(file.fdSet),
      except: optional(file.fdSet),
      timeout: optional(time.timeval),
    },
    readyCount,
    { ...readySets, left: timeLeft },
  ),
  pselect6: call(
    {
      nfds: int,
      read: optional(file.fdSet),
      write: optional(file.fdSet),
      except: optional(file.fdSet),
      timeout: optional(time.timespec),
      mask: pointer,
    },
    readyCount,
    { ...readySets, left: spanLeft },
  ),
  epoll_create: call({ size: int }, fd),
  epoll_create1: call({ flags: flag.epollCreate }, fd),
  epoll_ctl: call(
    { epfd: fd, operation: flag.epollControl, fd, event: optional(file.epoll_event) },
    int,
  ),
  epoll_wait: call(
    { epfd: fd, events: file.epollEvents, length: int, timeout: milliseconds },
    int,
  ),
  epoll_pwait: call(
    {
      epfd: fd,
      events: file.epollEvents,
      length: int,
      timeout: milliseconds,
      mask: optional(signalSet),
      mask_size: setSize,
    },
    int,
  ),
  epoll_pwait2: call(
    {
      epfd: fd,
      events: file.epollEvents,
      length: int,
      timeout: optional(time.timespec),
      mask: optional(signalSet),
      mask_size: setSize,
    },
    int,
  ),
  eventfd: call({ count: uint }, fd),
  eventfd2: call({ count: uint, flags: flag.eventfd }, fd),
  signalfd: call({ fd, mask: signalSet, mask_size: setSize }, fd),
  signalfd4: call({ fd, mask: signalSet, mask_size: setSize, flags: flag.signalfd }, fd),
  timerfd_create: call({ clock: time.clock, flags: flag.timerfdCreate }, fd),
  timerfd_settime: call(
    {
      fd,
      flags: flag.timerfdSet,
      value: time.itimerspec,
      old: optional(out(time.itimerspec)),
    },
    int,
  ),
  timerfd_gettime: call({ fd, value: out(time.itimerspec) }, int),
  inotify_init: call({}, fd),
  inotify_init1: call({ flags: fileSystemFlags.inotifyInit }, fd),
  inotify_rm_watch: call({ fd, watch: int }, int),
  fanotify_init: call({ flags: fileSystemFlags.fanotifyInit, event_flags: file.openFlags }, fd),
  userfaultfd: call({ flags: flag.userfaultfd }, fd),
  quotactl_fd: call({ fd, cmd: fileSystemFlags.quota, id: uint, address: pointer }, int),
  io_uring_setup: call(
    {
      entries: uint,
      params: pointerTo(
        struct(120, {
          flags: [8, scalar("u32", flag.ioUringSetup)],
          sq_thread_cpu: [12, scalar("u32", hex)],
          sq_thread_idle: [16, scalar("u32", uint)],
          wq_fd: [24, scalar("u32", fd), attachesQueue],
        }),
      ),
    },
    fd,
  ),
  io_uring_enter: call(
    {
      fd,
      submit: uint,
      complete: uint,
      flags: flag.ioUringEnter,
      argument: pointer,
      size,
    },
    int,
  ),
  io_uring_register: call(
    { fd, operation: flag.ioUringRegister, argument: pointer, count: uint },
    int,
  ),
  io_setup: call({ events: uint, context: addressOut }, int),
  io_destroy: call({ context: longHex }, int),
  io_submit: call({ context: longHex, count: words.long, requests: pointer }, int),
  io_cancel: call({ context: longHex, request: pointer, result: pointer }, int),
  io_getevents: call(
    {
      context: longHex,
      least: words.long,
      count: words.long,
      events: ioEvents,
      timeout: optional(time.timespec),
    },
    int,
  ),
  io_pgetevents: call(
    {
      context: longHex,
      least: words.long,
      count: words.long,
      events: ioEvents,
      timeout: optional(time.timespec),
      mask: pointer,
    },
    int,
  ),
  pidfd_getfd: call({ pidfd: fd, fd, flags: hex }, fd),
  memfd_secret: call({ flags: flag.memfdSecret }, fd),
  lookup_dcookie: call({ cookie: longHex, path: pointer, length: size }, size),
} satisfies Readonly<Record<string, Row>>;
