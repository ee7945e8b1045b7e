/**
 * Kinds of files: what stat(2) and its like tell, how openat2(2) opens, locks, descriptors that are waited for.
 */
import * as descriptor from "../tables/descriptor.ts";
import * as file from "../tables/file.ts";
import { filesystem } from "../tables/system.ts";
import type { RawCall } from "../contract.ts";
import { byValue, choice, flags, flagsOf } from "./flags.ts";
import {
  type Fault,
  type Kind,
  memory,
  out,
  perArchitecture,
  type Slot,
  type Word,
  word,
  wordOf,
} from "./kind.ts";
import { arrayOf, pointerTo, scalar, several, struct, viewOf } from "./layout.ts";
import {
  fd,
  gid,
  hex,
  i64,
  int,
  longHex,
  octal,
  offset,
  pid,
  pointer,
  size,
  uid,
  uint,
} from "./words.ts";
import * as words from "./words.ts";

const openParts = [{ mask: 3, names: file.openAccess }] as const;
/** The flags of open(2), by each architecture's own numbers. */
export const openFlags = flagsOf(
  { x86_64: file.openFlags as OpenNames, aarch64: file.openFlagsArm64 as OpenNames },
  { parts: openParts },
);
/** The same without what is opened for: pipe2(2), dup3(2). */
export const descriptorFlags = flagsOf(
  { x86_64: file.openFlags as OpenNames, aarch64: file.openFlagsArm64 as OpenNames },
);
type OpenNames = { readonly [Name in keyof typeof file.openFlags]: number };

/** struct open_how, first version */
function openHow(openNames: OpenNames) {
  return pointerTo(
    struct(24, {
      flags: [0, scalar("u64", flags(openNames, { parts: openParts, bits: 64 }))],
      mode: [8, scalar("u64", words.mode)],
      resolve: [16, scalar("u64", flags(file.resolve))],
    }),
    { name: "openHow" },
  );
}
/** How openat2(2) opens. */
export const open_how = perArchitecture({
  x86_64: openHow(file.openFlags),
  aarch64: openHow(file.openFlagsArm64),
});

const kinds = byValue(file.fileMode);

/** A file's type and permissions. */
export interface FileMode {
  /** `S_IFREG`, `S_IFDIR`, …; undefined if the word says none. */
  readonly type: string | undefined;
  /** Permission bits and set-user-id, set-group-id and sticky. */
  readonly permissions: number;
}

const S_IFMT = 0o170000;
const special = [[0o4000, "S_ISUID"], [0o2000, "S_ISGID"], [0o1000, "S_ISVTX"]] as const;

/** What stat(2) tells and mknod(2) makes. */
export const fileMode: Word<FileMode> = word("fileMode", {
  of: (value) => ({
    type: kinds.get(value & BigInt(S_IFMT)),
    permissions: Number(value & 0o7777n),
  }),
  text: (value) => {
    const bits = Number(value & 0xffffn);
    const type = kinds.get(value & BigInt(S_IFMT));
    const names = special.filter(([bit]) => bits & bit).map(([, name]) => name);
    if (type === undefined && (bits & S_IFMT) !== 0) return octal(bits);
    return [...(type === undefined ? [] : [type]), ...names, octal(bits & 0o777)].join("|");
  },
  json: (value) => {
    const type = kinds.get(value & BigInt(S_IFMT));
    const permissions = octal(Number(value & 0o7777n));
    return type === undefined ? { permissions } : { type, permissions };
  },
});

const u64 = scalar("u64", size);
const u32 = scalar("u32", uint);
const s64 = scalar("i64", i64);
const dev = scalar("u64", words.device);
const owner = scalar("u32", uid);
const group = scalar("u32", gid);
const statTimes = {
  st_atime: [72, s64],
  st_atime_nsec: [80, s64],
  st_mtime: [88, s64],
  st_mtime_nsec: [96, s64],
  st_ctime: [104, s64],
  st_ctime_nsec: [112, s64],
} as const;

/** Whether the mode at some offset is a device's. */
function isDevice(at: number) {
  return (view: DataView, base: number) => {
    const type = view.getUint32(base + at, true) & S_IFMT;
    return type === file.fileMode.S_IFCHR || type === file.fileMode.S_IFBLK;
  };
}

function not(is: ReturnType<typeof isDevice>): ReturnType<typeof isDevice> {
  return (view, base) => !is(view, base);
}

/** struct stat: arch/x86/include/uapi/asm/stat.h, asm-generic/stat.h */
export const stat = out(perArchitecture({
  x86_64: pointerTo(
    struct(144, {
      st_dev: [0, dev],
      st_ino: [8, u64],
      st_mode: [24, scalar("u32", fileMode)],
      st_nlink: [16, u64],
      st_uid: [28, owner],
      st_gid: [32, group],
      st_blksize: [56, s64],
      st_blocks: [64, s64],
      st_size: [48, s64, not(isDevice(24))],
      st_rdev: [40, dev, isDevice(24)],
      ...statTimes,
    }),
    { name: "stat", compat: pointer },
  ),
  aarch64: pointerTo(
    struct(128, {
      st_dev: [0, dev],
      st_ino: [8, u64],
      st_mode: [16, scalar("u32", fileMode)],
      st_nlink: [20, u32],
      st_uid: [24, owner],
      st_gid: [28, group],
      st_blksize: [56, scalar("i32", int)],
      st_blocks: [64, s64],
      st_size: [48, s64, not(isDevice(16))],
      st_rdev: [32, dev, isDevice(16)],
      ...statTimes,
    }),
    { name: "stat", compat: pointer },
  ),
}));

const statxTime = struct(16, { tv_sec: [0, s64], tv_nsec: [8, u32] });

/** struct statx: linux/stat.h */
export const statx = pointerTo(
  struct(256, {
    stx_mask: [0, scalar("u32", flags(file.statxMask))],
    stx_blksize: [4, u32],
    stx_attributes: [8, scalar("u64", flags(file.statxAttributes, { bits: 64 }))],
    stx_nlink: [16, u32],
    stx_uid: [20, owner],
    stx_gid: [24, group],
    stx_mode: [28, scalar("u16", fileMode)],
    stx_ino: [32, u64],
    stx_size: [40, u64],
    stx_blocks: [48, u64],
    stx_attributes_mask: [56, scalar("u64", flags(file.statxAttributes, { bits: 64 }))],
    stx_atime: [64, statxTime],
    stx_btime: [
      80,
      statxTime,
      (view, at) => (view.getUint32(at, true) & file.statxMask.STATX_BTIME) !== 0,
    ],
    stx_ctime: [96, statxTime],
    stx_mtime: [112, statxTime],
    stx_rdev_major: [128, u32],
    stx_rdev_minor: [132, u32],
    stx_dev_major: [136, u32],
    stx_dev_minor: [140, u32],
    stx_mnt_id: [144, u64],
  }),
  { name: "statx", when: "exit" },
);

/** struct statfs: asm-generic/statfs.h */
export const statfs = pointerTo(
  struct(120, {
    f_type: [0, scalar("u64", choice(filesystem, { bits: 64 }))],
    f_bsize: [8, s64],
    f_blocks: [16, u64],
    f_bfree: [24, u64],
    f_bavail: [32, u64],
    f_files: [40, u64],
    f_ffree: [48, u64],
    f_fsid: [56, struct(8, { val: [0, several(2, scalar("i32", hex))] })],
    f_namelen: [64, s64],
    f_frsize: [72, s64],
    f_flags: [80, scalar("u64", flags({ ST_VALID: 0x20, ...file.statfs }))],
  }),
  { name: "statfs", when: "exit", compat: pointer },
);

const lockFields = {
  l_type: [0, scalar("u16", choice(descriptor.lockType))],
  l_whence: [2, scalar("u16", choice(descriptor.seek))],
  l_start: [8, scalar("i64", offset)],
  l_len: [16, scalar("i64", offset)],
} as const;
/** struct flock of 64-bit code, without what only an answer has. */
export const lock = pointerTo(struct(32, lockFields), { name: "flock", compat: pointer });
/** Whose lock is in the way: F_GETLK's answer. */
export const lockFound = pointerTo(
  struct(32, { ...lockFields, l_pid: [24, scalar("i32", pid)] }),
  { name: "flockFound", when: "exit", compat: pointer },
);

/** Two descriptors, which the kernel fills in: pipe(2), socketpair(2). */
export const pair = pointerTo(several(2, scalar("i32", fd)), { name: "pair", when: "exit" });

/** A position that the kernel moves on: copy_file_range(2)'s, as it was before. */
export const offsetAt = pointerTo(several(1, scalar("i64", i64)), { name: "offset" });

/** union epoll_data, which only its owner knows how to read. */
const epollData: Word<number> = word("epollData", {
  of: (value) => Number(value),
  text: (value) => `{u32=${value & 0xffff_ffffn}, u64=${value}}`,
  json: (value) => `0x${value.toString(16)}`,
});

/** struct epoll_event, without padding on x86: linux/eventpoll.h */
function epollEvent(length: number, at: number) {
  return struct(length, {
    events: [0, scalar("u32", flags(descriptor.epoll))],
    data: [at, scalar("u64", epollData)],
  });
}
const packed = epollEvent(12, 4);
const padded = epollEvent(16, 8);

/** What to wait for. */
export const epoll_event = perArchitecture({
  x86_64: pointerTo(packed, { name: "epollEvent" }),
  aarch64: pointerTo(padded, { name: "epollEvent" }),
});

/** What happened: as many as the result says. */
export const epollEvents = perArchitecture({
  x86_64: epollArray(packed),
  aarch64: epollArray(padded),
});

function epollArray(layout: typeof packed) {
  return arrayOf(layout, {
    name: "epollEvents",
    when: "exit",
    count: "length",
    upToResult: true,
  });
}

const pollEvents = scalar("u16", flags(descriptor.poll, { bits: 16 }));
/** struct pollfd, as it was before the call */
export const pollfds = arrayOf(
  // A negative descriptor is one that is left out: its events are whatever they were.
  struct(8, {
    fd: [0, scalar("i32", fd)],
    events: [4, pollEvents, (view, at) => view.getInt32(at, true) >= 0],
  }),
  { name: "pollfds", count: "length" },
);

/** struct pollfd after the call: those for which something came. */
export const readyFds = arrayOf(
  struct(8, { fd: [0, scalar("i32", int)], revents: [6, pollEvents] }),
  {
    name: "readyFds",
    when: "exit",
    count: "length",
    only: (view, at) => view.getUint16(at + 6, true) !== 0,
  },
);

/** posix_types.h: __FD_SETSIZE */
const SET_SIZE = 1024;

function setOf(view: DataView, call: RawCall, slot: Slot): number[] {
  const nfds = Math.min(Number(BigInt.asIntN(32, wordOf(call, slot, "nfds"))), SET_SIZE);
  const members: number[] = [];
  for (let i = 0; i < nfds; i++) if (view.getUint8(i >> 3) & (1 << (i & 7))) members.push(i);
  return members;
}

/** One of select(2)'s sets. */
export const fdSet: Kind<readonly number[] | Fault> = memory(
  "fdSet",
  { op: "bytes", arg: "", when: "enter", size: SET_SIZE / 8 },
  {
    least: SET_SIZE / 8,
    decode: (piece, call, slot) => setOf(viewOf(piece), call, slot),
    text: (piece, call, slot, options) =>
      `[${
        setOf(viewOf(piece), call, slot).map((each) => fd.text(BigInt(each), options)).join(" ")
      }]`,
    json: (piece, call, slot) => setOf(viewOf(piece), call, slot),
  },
);

/** struct mount_attr */
export const mountAttributes = pointerTo(
  struct(32, {
    attr_set: [0, scalar("u64", flags(file.mountAttributes, { bits: 64 }))],
    attr_clr: [8, scalar("u64", flags(file.mountAttributes, { bits: 64 }))],
    propagation: [16, scalar("u64", flags(file.mount))],
    userns_fd: [24, scalar("u64", fd)],
  }),
  { name: "mountAttributes" },
);

/** struct file_handle, its beginning */
export const fileHandle = pointerTo(
  struct(8, { handle_bytes: [0, u32], handle_type: [4, scalar("i32", hex)] }),
  { name: "fileHandle" },
);

/** struct mnt_id_req, first version */
export const mountRequest = pointerTo(
  struct(24, {
    size: [0, u32],
    mnt_ns_fd: [4, scalar("u32", fd)],
    mnt_id: [8, scalar("u64", longHex)],
    param: [16, scalar("u64", longHex)],
  }),
  { name: "mountRequest" },
);

/** struct xattr_args */
export const xattrArguments = pointerTo(
  struct(16, {
    value: [0, scalar("u64", pointer)],
    size: [8, u32],
    flags: [12, scalar("u32", flags(file.xattr))],
  }),
  { name: "xattrArguments" },
);

/** struct file_attr */
export const fileAttributes = pointerTo(
  struct(24, {
    fa_xflags: [0, scalar("u64", longHex)],
    fa_extsize: [8, u32],
    fa_nextents: [12, u32],
    fa_projid: [16, u32],
    fa_cowextsize: [20, u32],
  }),
  { name: "fileAttributes" },
);
