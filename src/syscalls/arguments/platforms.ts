/**
 * Calls whose arguments are others on some platforms, and calls that only 32-bit code has.
 *
 * 32-bit code passes a 64-bit number in two registers, has calls that 64-bit code never had, and has had
 * second versions of many: of ids of 32 bits (`getuid32`), of times of 64 bits (`futex_time64`).
 *
 * @module
 */
import { call, type Row, type Rows } from "./call.ts";
import { descriptorFlags, fileSystemFlags, processFlags } from "./kinds/flag_words.ts";
import { offsetAt } from "./kinds/files.ts";
import { optional, out, unlessZero } from "./kinds/kind.ts";
import { cloneFlags, pidOut } from "./kinds/processes.ts";
import { signal, waitStatus } from "./kinds/signals.ts";
import { messageFlags } from "./kinds/sockets.ts";
import { buffer, path } from "./kinds/text.ts";
import { dirfd, fd, hex, int, longHex, pid, pointer, size } from "./kinds/words.ts";
import { rows } from "./rows.ts";

/** A table of numbers, as src/syscalls/ has them: x86-64's and arm64's own, and their 32-bit code's. */
export type Numbering = "x86_64" | "aarch64" | "i386" | "arm" | "x32";

/** kernel/fork.c: CONFIG_CLONE_BACKWARDS, which all but x86-64 have. */
const clone = call(
  {
    flags: cloneFlags,
    stack: pointer,
    parent_tid: optional(pidOut),
    tls: longHex,
    child_tid: pointer,
  },
  pid,
);

/** Where an offset that 32-bit code can't be given in a register goes. */
const offsetOut = out(offsetAt);

/** Two halves of a number, low first. */
const halves = { offset_low: hex, offset_high: hex };

/** Calls of 32-bit code that have one form on i386 and on arm. */
const compat: Rows = {
  clone,
  _llseek: call(
    { fd, offset_high: hex, offset_low: hex, offset: offsetOut, whence: descriptorFlags.seek },
    int,
  ),
  fallocate: call(
    { fd, mode: fileSystemFlags.fallocate, ...halves, length_low: hex, length_high: hex },
    int,
  ),
  fanotify_mark: call(
    {
      fd,
      flags: fileSystemFlags.fanotifyMark,
      mask: fileSystemFlags.fanotifyEvents,
      mask_high: hex,
      dirfd,
      path: optional(path),
    },
    int,
  ),
  getgroups: call({ count: int, groups: pointer }, int),
  setgroups: call({ count: int, groups: pointer }, int),
  getresuid: call({ ruid: pointer, euid: pointer, suid: pointer }, int),
  getresgid: call({ rgid: pointer, egid: pointer, sgid: pointer }, int),
  stat64: call({ path, stat: pointer }, int),
  lstat64: call({ path, stat: pointer }, int),
  fstat64: call({ fd, stat: pointer }, int),
  fstatat64: call({ dirfd, path, stat: pointer, flags: fileSystemFlags.at }, int),
  statfs64: call({ path, size, statfs: pointer }, int),
  fstatfs64: call({ fd, size, statfs: pointer }, int),
  waitpid: call({ pid, status: optional(unlessZero(waitStatus)), options: processFlags.wait }, pid),
  socketcall: call({ call: int, arguments: pointer }, int),
  ipc: call({ call: int, first: hex, second: hex, third: hex, address: pointer, fifth: hex }, int),
  nice: call({ increment: int }, int),
  stime: call({ time: pointer }, int),
  sigaction: call({ signal, action: pointer, old: pointer }, int),
  sigpending: call({ mask: pointer }, int),
  sigprocmask: call({ how: int, mask: pointer, old: pointer }, int),
  sigsuspend: call({ unused: int, other: int, mask: hex }, int),
  sigreturn: call({}, int),
  set_tls: call({ address: pointer }, int),
  get_tls: call({}, pointer),
  cacheflush: call({ start: pointer, end: pointer, flags: hex }, int),
  breakpoint: call({}, int),
};

/** Where a platform's arguments differ from x86-64's. */
export const overrides: Readonly<Record<Numbering, Rows>> = {
  x86_64: {},
  aarch64: { clone },
  x32: {},
  i386: {
    ...compat,
    mmap: call({ arguments: pointer }, pointer),
    select: call({ arguments: pointer }, int),
    pread64: call({ fd, buffer: buffer(), length: size, ...halves }, size),
    pwrite64: call({ fd, buffer: buffer({ length: "length" }), length: size, ...halves }, size),
    lookup_dcookie: call(
      { cookie_low: hex, cookie_high: hex, path: pointer, length: size },
      size,
    ),
    readahead: call({ fd, ...halves, length: size }, size),
    truncate64: call({ path, length_low: hex, length_high: hex }, int),
    ftruncate64: call({ fd, length_low: hex, length_high: hex }, int),
    fadvise64: call({ fd, ...halves, length: size, advice: descriptorFlags.advice }, int),
    fadvise64_64: call(
      { fd, ...halves, length_low: hex, length_high: hex, advice: descriptorFlags.advice },
      int,
    ),
    sync_file_range: call(
      { fd, ...halves, length_low: hex, length_high: hex, flags: fileSystemFlags.syncFileRange },
      int,
    ),
    oldstat: call({ path, stat: pointer }, int),
    oldlstat: call({ path, stat: pointer }, int),
    oldfstat: call({ fd, stat: pointer }, int),
    umount: call({ target: path }, int),
    signal: call({ signal, handler: pointer }, pointer),
    sgetmask: call({}, hex),
    ssetmask: call({ mask: hex }, hex),
    olduname: call({ name: pointer }, int),
    oldolduname: call({ name: pointer }, int),
    readdir: call({ fd, entry: pointer, count: int }, int),
    vm86: call({ function: int, argument: pointer }, int),
    vm86old: call({ argument: pointer }, int),
    bdflush: call({ function: int, data: hex }, int),
  },
  arm: {
    ...compat,
    // A number of two registers begins at an even one.
    pread64: call({ fd, buffer: buffer(), length: size, unused: hex, ...halves }, size),
    pwrite64: call(
      { fd, buffer: buffer({ length: "length" }), length: size, unused: hex, ...halves },
      size,
    ),
    readahead: call({ fd, unused: hex, ...halves, length: size }, size),
    truncate64: call({ path, unused: hex, length_low: hex, length_high: hex }, int),
    ftruncate64: call({ fd, unused: hex, length_low: hex, length_high: hex }, int),
    send: call(
      { fd, buffer: buffer({ length: "length" }), length: size, flags: messageFlags },
      size,
    ),
    recv: call({ fd, buffer: buffer(), length: size, flags: messageFlags }, size),
    arm_fadvise64_64: call(
      { fd, advice: descriptorFlags.advice, ...halves, length_low: hex, length_high: hex },
      int,
    ),
    arm_sync_file_range: call(
      { fd, flags: fileSystemFlags.syncFileRange, ...halves, length_low: hex, length_high: hex },
      int,
    ),
  },
};

/** Names of 32-bit code for calls that 64-bit code has under another, with what 32-bit code passes. */
const aliases: Readonly<Record<string, keyof typeof rows>> = {
  _newselect: "select",
  fcntl64: "fcntl",
  mmap2: "mmap",
  sendfile64: "sendfile",
  ugetrlimit: "getrlimit",
};

/** Ends of names of second versions: what they pass is laid out as 64-bit code's is. */
const wide = /^(\w+?)(?:_time64|64)$/;

/** What 32-bit code has under a name, and whether its structs are those of 64-bit code. */
export function compatRow(name: string): { row: Row; wide: boolean } | undefined {
  const known: Rows = rows;
  const alias = aliases[name] ?? name;
  if (alias in known) return { row: known[alias]!, wide: false };
  const ids = /^(\w+)32$/.exec(name)?.[1];
  if (ids !== undefined && ids in known) return { row: known[ids]!, wide: true };
  const times = wide.exec(name)?.[1];
  if (times !== undefined && times in known) return { row: known[times]!, wide: true };
  return undefined;
}

/** What a number without a row has: six registers. */
export const unknownRow = call(
  { arg1: longHex, arg2: longHex, arg3: longHex, arg4: longHex, arg5: longHex, arg6: longHex },
  longHex,
);
