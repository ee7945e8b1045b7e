/** Calls that take a file's name. Their manuals: open(2), rename(2), mount(2), … */
import { type Arguments, call, type Row } from "../call.ts";
import { fileSystemFlags as flag } from "../kinds/flag_words.ts";
import * as file from "../kinds/files.ts";
import { given, type Kind, optional, out, within } from "../kinds/kind.ts";
import { intOut } from "../kinds/processes.ts";
import { buffer, nameList, path, string, strings, textBuffer } from "../kinds/text.ts";
import * as time from "../kinds/time.ts";
import * as words from "../kinds/words.ts";

const { dirfd, fd, gid, int, longHex, mode, offset, pointer, size, uid, uint } = words;
const { openFlags } = file;

/** fcntl.h: O_CREAT | __O_TMPFILE, the same on x86-64 and arm64. With neither, nobody reads the mode. */
const CREATES = 0o20000100n;

/** The mode of a file that may be made. */
const modeIfMade = given("flags", (word) => (word & CREATES) !== 0n, mode);
/** The number of a device that is made: S_IFCHR, S_IFBLK. */
const deviceIfMade = given(
  "mode",
  (word) => (word & 0o170000n) === 0o020000n || (word & 0o170000n) === 0o060000n,
  words.device,
);

function extended<P extends string, K>(name: P, kind: Kind<K>) {
  const of = { [name]: kind } as Record<P, Kind<K>>;
  return {
    set: call(
      { ...of, name: string, value: buffer({ length: "length" }), length: size, flags: flag.xattr },
      int,
    ),
    get: call({ ...of, name: string, value: within("length", buffer()), length: size }, size),
    list: call({ ...of, list: within("length", nameList()), length: size }, size),
    remove: call({ ...of, name: string }, int),
  };
}

const byPath = extended("path", path);
const byLink = extended("path", path);
const byFd = extended("fd", fd);

/** What statfs(2) and stat(2) read. */
function about<A extends Arguments>(which: A) {
  return {
    stat: call({ ...which, stat: file.stat }, int),
    statfs: call({ ...which, statfs: file.statfs }, int),
  };
}

export const fileCalls = {
  open: call({ path, flags: openFlags, mode: modeIfMade }, fd),
  openat: call({ dirfd, path, flags: openFlags, mode: modeIfMade }, fd),
  openat2: call({ dirfd, path, how: file.open_how, size }, fd),
  creat: call({ path, mode }, fd),
  name_to_handle_at: call(
    { dirfd, path, handle: file.fileHandle, mount_id: optional(intOut), flags: flag.atHandle },
    int,
  ),
  open_by_handle_at: call({ dirfd, handle: file.fileHandle, flags: openFlags }, fd),

  access: call({ path, access: flag.access }, int),
  faccessat: call({ dirfd, path, access: flag.access }, int),
  faccessat2: call({ dirfd, path, access: flag.access, flags: flag.atAccess }, int),
  chmod: call({ path, mode }, int),
  fchmod: call({ fd, mode }, int),
  fchmodat: call({ dirfd, path, mode }, int),
  fchmodat2: call({ dirfd, path, mode, flags: flag.at }, int),
  chown: call({ path, uid, gid }, int),
  lchown: call({ path, uid, gid }, int),
  fchown: call({ fd, uid, gid }, int),
  fchownat: call({ dirfd, path, uid, gid, flags: flag.at }, int),
  utime: call({ path, times: optional(time.utimbuf) }, int),
  utimes: call({ path, times: optional(time.timevals) }, int),
  futimesat: call({ dirfd, path: optional(path), times: optional(time.timevals) }, int),
  utimensat: call(
    { dirfd, path: optional(path), times: optional(time.timespecs), flags: flag.at },
    int,
  ),
  file_getattr: call(
    { dirfd, path, attributes: out(file.fileAttributes), size, flags: flag.at },
    int,
  ),
  file_setattr: call({ dirfd, path, attributes: file.fileAttributes, size, flags: flag.at }, int),

  stat: about({ path }).stat,
  lstat: about({ path }).stat,
  fstat: about({ fd }).stat,
  newfstatat: call({ dirfd, path, stat: file.stat, flags: flag.at }, int),
  statx: call(
    {
      dirfd,
      path: optional(path),
      flags: flag.atStat,
      mask: flag.statxMask,
      statx: file.statx,
    },
    int,
  ),
  statfs: about({ path }).statfs,
  fstatfs: about({ fd }).statfs,
  ustat: call({ device: words.device, ustat: pointer }, int),

  truncate: call({ path, length: offset }, int),
  ftruncate: call({ fd, length: offset }, int),
  mkdir: call({ path, mode }, int),
  mkdirat: call({ dirfd, path, mode }, int),
  rmdir: call({ path }, int),
  mknod: call({ path, mode: file.fileMode, device: deviceIfMade }, int),
  mknodat: call({ dirfd, path, mode: file.fileMode, device: deviceIfMade }, int),
  unlink: call({ path }, int),
  unlinkat: call({ dirfd, path, flags: flag.atUnlink }, int),
  link: call({ oldpath: path, newpath: path }, int),
  linkat: call(
    { olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path, flags: flag.at },
    int,
  ),
  symlink: call({ target: path, newpath: path }, int),
  symlinkat: call({ target: path, newdirfd: dirfd, newpath: path }, int),
  readlink: call({ path, target: textBuffer({ max: 4096 }), length: size }, size),
  readlinkat: call({ dirfd, path, target: textBuffer({ max: 4096 }), length: size }, size),
  rename: call({ oldpath: path, newpath: path }, int),
  renameat: call({ olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path }, int),
  renameat2: call(
    { olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path, flags: flag.rename },
    int,
  ),
  chdir: call({ path }, int),
  fchdir: call({ fd }, int),
  getcwd: call({ path: textBuffer({ max: 4096 }), length: size }, size),
  chroot: call({ path }, int),
  fchroot: call({ fd, flags: words.hex }, int),
  pivot_root: call({ newpath: path, oldpath: path }, int),

  setxattr: byPath.set,
  lsetxattr: byLink.set,
  fsetxattr: byFd.set,
  getxattr: byPath.get,
  lgetxattr: byLink.get,
  fgetxattr: byFd.get,
  listxattr: byPath.list,
  llistxattr: byLink.list,
  flistxattr: byFd.list,
  removexattr: byPath.remove,
  lremovexattr: byLink.remove,
  fremovexattr: byFd.remove,
  setxattrat: call(
    { dirfd, path, flags: flag.at, name: string, arguments: file.xattrArguments, size },
    int,
  ),
  getxattrat: call(
    { dirfd, path, flags: flag.at, name: string, arguments: file.xattrArguments, size },
    size,
  ),
  listxattrat: call({
    dirfd,
    path,
    flags: flag.at,
    list: within("length", nameList()),
    length: size,
  }, size),
  removexattrat: call({ dirfd, path, flags: flag.at, name: string }, int),

  mount: call(
    {
      source: optional(string),
      target: path,
      type: optional(string),
      flags: flag.mount,
      data: optional(string),
    },
    int,
  ),
  umount2: call({ target: path, flags: flag.umount }, int),
  fsopen: call({ type: string, flags: flag.fsopen }, fd),
  fspick: call({ dirfd, path, flags: flag.fspick }, fd),
  fsconfig: call(
    { fd, cmd: flag.fsconfig, key: optional(string), value: optional(string), aux: int },
    int,
  ),
  fsmount: call({ fd, flags: flag.fsmount, attributes: flag.mountAttributes }, fd),
  move_mount: call(
    { olddirfd: dirfd, oldpath: path, newdirfd: dirfd, newpath: path, flags: flag.moveMount },
    int,
  ),
  open_tree: call({ dirfd, path, flags: flag.openTree }, fd),
  open_tree_attr: call(
    { dirfd, path, flags: flag.openTree, attributes: optional(file.mountAttributes), size },
    fd,
  ),
  mount_setattr: call(
    { dirfd, path, flags: flag.at, attributes: file.mountAttributes, size },
    int,
  ),
  statmount: call(
    { request: file.mountRequest, buffer: pointer, length: size, flags: words.hex },
    int,
  ),
  listmount: call(
    { request: file.mountRequest, ids: pointer, count: size, flags: words.hex },
    size,
  ),

  swapon: call({ path, flags: flag.swapon }, int),
  swapoff: call({ path }, int),
  acct: call({ path: optional(path) }, int),
  quotactl: call({ cmd: flag.quota, path: optional(path), id: uint, address: pointer }, int),
  uselib: call({ path }, int),

  inotify_add_watch: call({ fd, path, mask: flag.inotify }, int),
  fanotify_mark: call(
    {
      fd,
      flags: flag.fanotifyMark,
      mask: flag.fanotifyEvents,
      dirfd,
      path: optional(path),
    },
    int,
  ),

  execve: call({ path, argv: strings, envp: strings }, int),
  execveat: call({ dirfd, path, argv: strings, envp: strings, flags: flag.at }, int),
  sysfs: call({ option: int, arg1: longHex, arg2: longHex }, int),
} satisfies Readonly<Record<string, Row>>;
