/**
 * Constants of system calls' arguments.
 * Made by ../generate.ts: don't change it by hand.
 *
 * @module
 */
/** Flags of open(2): <asm/fcntl.h> */
export const openFlags = {
  O_CREAT: 0x40,
  O_EXCL: 0x80,
  O_NOCTTY: 0x100,
  O_TRUNC: 0x200,
  O_APPEND: 0x400,
  O_NONBLOCK: 0x800,
  O_SYNC: 0x101000,
  O_DSYNC: 0x1000,
  O_DIRECT: 0x4000,
  O_LARGEFILE: 0x8000,
  O_NOFOLLOW: 0x20000,
  O_NOATIME: 0x40000,
  O_CLOEXEC: 0x80000,
  O_PATH: 0x200000,
  O_TMPFILE: 0x410000,
  O_DIRECTORY: 0x10000,
  FASYNC: 0x2000,
} as const;

/** What open(2) opens for: <asm/fcntl.h> */
export const openAccess = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_ACCMODE: 3,
} as const;

/** AT_* flags of most calls: <linux/fcntl.h> */
export const at = {
  AT_SYMLINK_NOFOLLOW: 0x100,
  AT_SYMLINK_FOLLOW: 0x400,
  AT_NO_AUTOMOUNT: 0x800,
  AT_EMPTY_PATH: 0x1000,
  AT_RECURSIVE: 0x8000,
  AT_EXECVE_CHECK: 0x10000,
} as const;

/** AT_* flags of statx(2): <linux/fcntl.h> */
export const atStat = {
  AT_STATX_SYNC_AS_STAT: 0,
  AT_STATX_FORCE_SYNC: 0x2000,
  AT_STATX_DONT_SYNC: 0x4000,
  AT_SYMLINK_NOFOLLOW: 0x100,
  AT_NO_AUTOMOUNT: 0x800,
  AT_EMPTY_PATH: 0x1000,
} as const;

/** Flags of unlinkat(2): <linux/fcntl.h> */
export const atUnlink = {
  AT_REMOVEDIR: 0x200,
} as const;

/** Flags of faccessat2(2): <linux/fcntl.h> */
export const atAccess = {
  AT_SYMLINK_NOFOLLOW: 0x100,
  AT_EACCESS: 0x200,
  AT_EMPTY_PATH: 0x1000,
} as const;

/** Flags of name_to_handle_at(2): <linux/fcntl.h> */
export const atHandle = {
  AT_HANDLE_FID: 0x200,
  AT_HANDLE_MNT_ID_UNIQUE: 1,
  AT_HANDLE_CONNECTABLE: 2,
  AT_SYMLINK_FOLLOW: 0x400,
  AT_EMPTY_PATH: 0x1000,
} as const;

/** Modes of access(2): <unistd.h> */
export const access = {
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
} as const;

/** Fields of statx(2): <linux/stat.h> */
export const statxMask = {
  STATX_TYPE: 1,
  STATX_MODE: 2,
  STATX_NLINK: 4,
  STATX_UID: 8,
  STATX_GID: 0x10,
  STATX_ATIME: 0x20,
  STATX_MTIME: 0x40,
  STATX_CTIME: 0x80,
  STATX_INO: 0x100,
  STATX_SIZE: 0x200,
  STATX_BLOCKS: 0x400,
  STATX_BASIC_STATS: 0x7ff,
  STATX_BTIME: 0x800,
  STATX_MNT_ID: 0x1000,
  STATX_DIOALIGN: 0x2000,
  STATX_MNT_ID_UNIQUE: 0x4000,
  STATX_SUBVOL: 0x8000,
  STATX_WRITE_ATOMIC: 0x10000,
  STATX_DIO_READ_ALIGN: 0x20000,
} as const;

/** Attributes of statx(2): <linux/stat.h> */
export const statxAttributes = {
  STATX_ATTR_COMPRESSED: 4,
  STATX_ATTR_IMMUTABLE: 0x10,
  STATX_ATTR_APPEND: 0x20,
  STATX_ATTR_NODUMP: 0x40,
  STATX_ATTR_ENCRYPTED: 0x800,
  STATX_ATTR_AUTOMOUNT: 0x1000,
  STATX_ATTR_MOUNT_ROOT: 0x2000,
  STATX_ATTR_VERITY: 0x100000,
  STATX_ATTR_DAX: 0x200000,
  STATX_ATTR_WRITE_ATOMIC: 0x400000,
} as const;

/** open_how.resolve: <linux/openat2.h> */
export const resolve = {
  RESOLVE_NO_XDEV: 1,
  RESOLVE_NO_MAGICLINKS: 2,
  RESOLVE_NO_SYMLINKS: 4,
  RESOLVE_BENEATH: 8,
  RESOLVE_IN_ROOT: 0x10,
  RESOLVE_CACHED: 0x20,
} as const;

/** Flags of renameat2(2): <linux/fs.h> */
export const rename = {
  RENAME_NOREPLACE: 1,
  RENAME_EXCHANGE: 2,
  RENAME_WHITEOUT: 4,
} as const;

/** Modes of fallocate(2): <linux/falloc.h> */
export const fallocate = {
  FALLOC_FL_ALLOCATE_RANGE: 0,
  FALLOC_FL_KEEP_SIZE: 1,
  FALLOC_FL_PUNCH_HOLE: 2,
  FALLOC_FL_NO_HIDE_STALE: 4,
  FALLOC_FL_COLLAPSE_RANGE: 8,
  FALLOC_FL_ZERO_RANGE: 0x10,
  FALLOC_FL_INSERT_RANGE: 0x20,
  FALLOC_FL_UNSHARE_RANGE: 0x40,
  FALLOC_FL_WRITE_ZEROES: 0x80,
} as const;

/** Flags of setxattr(2): <linux/xattr.h> */
export const xattr = {
  XATTR_CREATE: 1,
  XATTR_REPLACE: 2,
} as const;

/** Events of inotify(7): <linux/inotify.h> */
export const inotify = {
  IN_ACCESS: 1,
  IN_MODIFY: 2,
  IN_ATTRIB: 4,
  IN_CLOSE_WRITE: 8,
  IN_CLOSE_NOWRITE: 0x10,
  IN_OPEN: 0x20,
  IN_MOVED_FROM: 0x40,
  IN_MOVED_TO: 0x80,
  IN_CREATE: 0x100,
  IN_DELETE: 0x200,
  IN_DELETE_SELF: 0x400,
  IN_MOVE_SELF: 0x800,
  IN_UNMOUNT: 0x2000,
  IN_Q_OVERFLOW: 0x4000,
  IN_IGNORED: 0x8000,
  IN_ONLYDIR: 0x1000000,
  IN_DONT_FOLLOW: 0x2000000,
  IN_EXCL_UNLINK: 0x4000000,
  IN_MASK_CREATE: 0x10000000,
  IN_MASK_ADD: 0x20000000,
  IN_ISDIR: 0x40000000,
  IN_ONESHOT: 0x80000000,
} as const;

/** Flags of inotify_init1(2): <sys/inotify.h> */
export const inotifyInit = {
  IN_NONBLOCK: 0x800,
  IN_CLOEXEC: 0x80000,
} as const;

/** Flags of fanotify_init(2): <linux/fanotify.h> */
export const fanotifyInit = {
  FAN_CLASS_NOTIF: 0,
  FAN_CLOEXEC: 1,
  FAN_NONBLOCK: 2,
  FAN_CLASS_CONTENT: 4,
  FAN_CLASS_PRE_CONTENT: 8,
  FAN_UNLIMITED_QUEUE: 0x10,
  FAN_UNLIMITED_MARKS: 0x20,
  FAN_ENABLE_AUDIT: 0x40,
  FAN_REPORT_PIDFD: 0x80,
  FAN_REPORT_TID: 0x100,
  FAN_REPORT_FID: 0x200,
  FAN_REPORT_DIR_FID: 0x400,
  FAN_REPORT_NAME: 0x800,
  FAN_REPORT_TARGET_FID: 0x1000,
  FAN_REPORT_FD_ERROR: 0x2000,
  FAN_REPORT_MNT: 0x4000,
} as const;

/** Flags of fanotify_mark(2): <linux/fanotify.h> */
export const fanotifyMark = {
  FAN_MARK_INODE: 0,
  FAN_MARK_ADD: 1,
  FAN_MARK_REMOVE: 2,
  FAN_MARK_DONT_FOLLOW: 4,
  FAN_MARK_ONLYDIR: 8,
  FAN_MARK_MOUNT: 0x10,
  FAN_MARK_IGNORED_MASK: 0x20,
  FAN_MARK_IGNORED_SURV_MODIFY: 0x40,
  FAN_MARK_FLUSH: 0x80,
  FAN_MARK_FILESYSTEM: 0x100,
  FAN_MARK_MNTNS: 0x110,
  FAN_MARK_EVICTABLE: 0x200,
  FAN_MARK_IGNORE: 0x400,
} as const;

/** Events of fanotify_mark(2): <linux/fanotify.h> */
export const fanotifyEvents = {
  FAN_ACCESS: 1,
  FAN_MODIFY: 2,
  FAN_ATTRIB: 4,
  FAN_CLOSE_WRITE: 8,
  FAN_CLOSE_NOWRITE: 0x10,
  FAN_OPEN: 0x20,
  FAN_MOVED_FROM: 0x40,
  FAN_MOVED_TO: 0x80,
  FAN_CREATE: 0x100,
  FAN_DELETE: 0x200,
  FAN_DELETE_SELF: 0x400,
  FAN_MOVE_SELF: 0x800,
  FAN_OPEN_EXEC: 0x1000,
  FAN_Q_OVERFLOW: 0x4000,
  FAN_FS_ERROR: 0x8000,
  FAN_OPEN_PERM: 0x10000,
  FAN_ACCESS_PERM: 0x20000,
  FAN_OPEN_EXEC_PERM: 0x40000,
  FAN_PRE_ACCESS: 0x100000,
  FAN_MNT_ATTACH: 0x1000000,
  FAN_MNT_DETACH: 0x2000000,
  FAN_EVENT_ON_CHILD: 0x8000000,
  FAN_RENAME: 0x10000000,
  FAN_ONDIR: 0x40000000,
} as const;

/** Flags of mount(2): <linux/mount.h> */
export const mount = {
  MS_RDONLY: 1,
  MS_NOSUID: 2,
  MS_NODEV: 4,
  MS_NOEXEC: 8,
  MS_SYNCHRONOUS: 0x10,
  MS_REMOUNT: 0x20,
  MS_MANDLOCK: 0x40,
  MS_DIRSYNC: 0x80,
  MS_NOSYMFOLLOW: 0x100,
  MS_NOATIME: 0x400,
  MS_NODIRATIME: 0x800,
  MS_BIND: 0x1000,
  MS_MOVE: 0x2000,
  MS_REC: 0x4000,
  MS_SILENT: 0x8000,
  MS_POSIXACL: 0x10000,
  MS_UNBINDABLE: 0x20000,
  MS_PRIVATE: 0x40000,
  MS_SLAVE: 0x80000,
  MS_SHARED: 0x100000,
  MS_RELATIME: 0x200000,
  MS_KERNMOUNT: 0x400000,
  MS_STRICTATIME: 0x1000000,
  MS_LAZYTIME: 0x2000000,
} as const;

/** Flags of umount2(2): <sys/mount.h> */
export const umount = {
  MNT_FORCE: 1,
  MNT_DETACH: 2,
  MNT_EXPIRE: 4,
  UMOUNT_NOFOLLOW: 8,
} as const;

/** Flags of fsopen(2): <linux/mount.h> */
export const fsopen = {
  FSOPEN_CLOEXEC: 1,
} as const;

/** Flags of fspick(2): <linux/mount.h> */
export const fspick = {
  FSPICK_CLOEXEC: 1,
  FSPICK_SYMLINK_NOFOLLOW: 2,
  FSPICK_NO_AUTOMOUNT: 4,
  FSPICK_EMPTY_PATH: 8,
} as const;

/** Flags of fsmount(2): <linux/mount.h> */
export const fsmount = {
  FSMOUNT_CLOEXEC: 1,
  FSMOUNT_NAMESPACE: 2,
} as const;

/** MOUNT_ATTR_*: <linux/mount.h> */
export const mountAttributes = {
  MOUNT_ATTR_RELATIME: 0,
  MOUNT_ATTR_RDONLY: 1,
  MOUNT_ATTR_NOSUID: 2,
  MOUNT_ATTR_NODEV: 4,
  MOUNT_ATTR_NOEXEC: 8,
  MOUNT_ATTR_NOATIME: 0x10,
  MOUNT_ATTR_STRICTATIME: 0x20,
  MOUNT_ATTR_NODIRATIME: 0x80,
  MOUNT_ATTR_IDMAP: 0x100000,
  MOUNT_ATTR_NOSYMFOLLOW: 0x200000,
} as const;

/** Flags of move_mount(2): <linux/mount.h> */
export const moveMount = {
  MOVE_MOUNT_F_SYMLINKS: 1,
  MOVE_MOUNT_F_AUTOMOUNTS: 2,
  MOVE_MOUNT_F_EMPTY_PATH: 4,
  MOVE_MOUNT_T_SYMLINKS: 0x10,
  MOVE_MOUNT_T_AUTOMOUNTS: 0x20,
  MOVE_MOUNT_T_EMPTY_PATH: 0x40,
  MOVE_MOUNT_SET_GROUP: 0x100,
  MOVE_MOUNT_BENEATH: 0x200,
} as const;

/** Flags of open_tree(2): <linux/mount.h>, <linux/fcntl.h> */
export const openTree = {
  OPEN_TREE_CLONE: 1,
  OPEN_TREE_CLOEXEC: 0x80000,
  AT_SYMLINK_NOFOLLOW: 0x100,
  AT_NO_AUTOMOUNT: 0x800,
  AT_EMPTY_PATH: 0x1000,
  AT_RECURSIVE: 0x8000,
} as const;

/** Flags of preadv2(2), pwritev2(2): <linux/fs.h> */
export const rwf = {
  RWF_HIPRI: 1,
  RWF_DSYNC: 2,
  RWF_SYNC: 4,
  RWF_NOWAIT: 8,
  RWF_APPEND: 0x10,
  RWF_NOAPPEND: 0x20,
  RWF_ATOMIC: 0x40,
  RWF_DONTCACHE: 0x80,
  RWF_NOSIGNAL: 0x100,
} as const;

/** Flags of sync_file_range(2): <linux/fs.h> */
export const syncFileRange = {
  SYNC_FILE_RANGE_WAIT_BEFORE: 1,
  SYNC_FILE_RANGE_WRITE: 2,
  SYNC_FILE_RANGE_WAIT_AFTER: 4,
} as const;

/** Flags of splice(2): <fcntl.h> */
export const splice = {
  SPLICE_F_MOVE: 1,
  SPLICE_F_NONBLOCK: 2,
  SPLICE_F_MORE: 4,
  SPLICE_F_GIFT: 8,
} as const;

/** statfs.f_flags: <sys/statvfs.h> */
export const statfs = {
  ST_RDONLY: 1,
  ST_NOSUID: 2,
  ST_NODEV: 4,
  ST_NOEXEC: 8,
  ST_SYNCHRONOUS: 0x10,
  ST_MANDLOCK: 0x40,
  ST_NOATIME: 0x400,
  ST_NODIRATIME: 0x800,
  ST_RELATIME: 0x1000,
} as const;

/** Flags of swapon(2): <sys/swap.h> */
export const swapon = {
  SWAP_FLAG_PREFER: 0x8000,
  SWAP_FLAG_DISCARD: 0x10000,
} as const;

/** What kind of file a mode says: <linux/stat.h> */
export const fileMode = {
  S_IFIFO: 0x1000,
  S_IFCHR: 0x2000,
  S_IFDIR: 0x4000,
  S_IFBLK: 0x6000,
  S_IFREG: 0x8000,
  S_IFLNK: 0xa000,
  S_IFSOCK: 0xc000,
} as const;

/** What kind of file a directory says: <dirent.h> */
export const directoryEntry = {
  DT_UNKNOWN: 0x0,
  DT_FIFO: 0x1,
  DT_CHR: 0x2,
  DT_DIR: 0x4,
  DT_BLK: 0x6,
  DT_REG: 0x8,
  DT_LNK: 0xa,
  DT_SOCK: 0xc,
  DT_WHT: 0xe,
} as const;

/** Flags of open(2): <asm/fcntl.h> of arm64 */
export const openFlagsArm64 = {
  O_CREAT: 0x40,
  O_EXCL: 0x80,
  O_NOCTTY: 0x100,
  O_TRUNC: 0x200,
  O_APPEND: 0x400,
  O_NONBLOCK: 0x800,
  O_SYNC: 0x101000,
  O_DSYNC: 0x1000,
  O_DIRECT: 0x10000,
  O_LARGEFILE: 0x20000,
  O_NOFOLLOW: 0x8000,
  O_NOATIME: 0x40000,
  O_CLOEXEC: 0x80000,
  O_PATH: 0x200000,
  O_TMPFILE: 0x404000,
  O_DIRECTORY: 0x4000,
  FASYNC: 0x2000,
} as const;
