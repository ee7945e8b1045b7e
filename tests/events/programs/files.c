/* Calls that take a file's name, and those on what a name says: each with arguments that are known. */
#include "call.h"
#include <linux/mount.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <utime.h>

static struct stat status;
static struct statx extended;
static struct statfs file_system;
static char text[8192];

static void opening(void)
{
	struct open_how how = { .flags = O_RDWR | O_CREAT | O_CLOEXEC, .mode = 0640, .resolve = RESOLVE_BENEATH };
	struct { unsigned bytes, type; char handle[128]; } handle = { .bytes = sizeof(handle.handle) };
	int mount_id, fd;

	CALL(SYS_open, P("a"), O_RDWR | O_CREAT | O_EXCL, 0644);
	CALL(SYS_open, P("a"), O_RDWR | O_CREAT | O_EXCL, 0644);
	CALL(SYS_open, P("a"), O_RDONLY, 0123456);
	CALL(SYS_openat, AT_FDCWD, P("nowhere"), O_RDONLY | O_NOFOLLOW);
	CALL(SYS_openat, 3, P("b"), O_WRONLY | O_TRUNC | O_CREAT, 07777);
	CALL(SYS_openat, AT_FDCWD, P("."), O_RDWR | O_TMPFILE, 0600);
	CALL(SYS_openat, AT_FDCWD, P(""), O_PATH | O_DIRECTORY);
	CALL(SYS_openat2, AT_FDCWD, P("c"), P(&how), sizeof(how));
	how.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_IN_ROOT | RESOLVE_CACHED;
	how.flags = 0xdead00000000ffff;
	CALL(SYS_openat2, AT_FDCWD, P("../c"), P(&how), sizeof(how));
	CALL(SYS_openat2, AT_FDCWD, P("c"), P(&how), 8);
	CALL(SYS_creat, P("d"), 0);
	CALL(SYS_creat, P("e"), 04755);
	fd = open(".", O_RDONLY | O_DIRECTORY);
	CALL(SYS_name_to_handle_at, AT_FDCWD, P("a"), P(&handle), P(&mount_id), 0);
	CALL(SYS_open_by_handle_at, fd, P(&handle), O_RDONLY);
	CALL(SYS_name_to_handle_at, fd, P(""), P(&handle), P(&mount_id), AT_EMPTY_PATH | AT_SYMLINK_FOLLOW);
	handle.bytes = 0;
	CALL(SYS_name_to_handle_at, fd, P("a"), P(&handle), 0, 0);
	CALL(SYS_open_by_handle_at, fd, P(&handle), O_RDWR);
	CALL(SYS_openat, 0x123456789abcdef0, P("f"), 0xffffffff00000000);
	close_range(3, 100, 0);
}

static void permissions(void)
{
	CALL(SYS_access, P("a"), F_OK);
	CALL(SYS_access, P("a"), R_OK | W_OK | X_OK);
	CALL(SYS_faccessat, AT_FDCWD, P("a"), X_OK);
	CALL(SYS_faccessat2, AT_FDCWD, P("a"), R_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	CALL(SYS_chmod, P("a"), 0);
	CALL(SYS_chmod, P("a"), 07);
	CALL(SYS_chmod, P("a"), 022);
	CALL(SYS_chmod, P("a"), 06755);
	CALL(SYS_fchmod, -1, 0777);
	CALL(SYS_fchmodat, AT_FDCWD, P("a"), 01600);
	CALL(SYS_chown, P("a"), 1, 2);
	CALL(SYS_chown, P("a"), -1, -1);
	CALL(SYS_lchown, P("a"), 0xffffffff, 4000000000);
	CALL(SYS_fchown, 99, 1, -1);
	CALL(SYS_fchownat, AT_FDCWD, P("a"), 0, 0, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
	CALL(SYS_umask, 0);
	CALL(SYS_umask, 027);
	CALL(SYS_umask, 0777);
	CALL(SYS_umask, 022);
}

static void times(void)
{
	struct utimbuf seconds = { .actime = 1, .modtime = 1234567890 };
	struct timeval micro[2] = { { 1, 2 }, { -3, 999999 } };
	struct timespec nano[2] = { { 1, 2 }, { 1234567890, 999999999 } };
	struct timespec odd[2] = { { 7, UTIME_OMIT }, { 0, UTIME_NOW } };

	CALL(SYS_utime, P("a"), P(&seconds));
	CALL(SYS_utime, P("a"), 0);
	CALL(SYS_utimes, P("a"), P(micro));
	CALL(SYS_utimes, P("a"), NOWHERE);
	CALL(SYS_futimesat, AT_FDCWD, P("a"), P(micro));
	CALL(SYS_futimesat, AT_FDCWD, 0, 0);
	CALL(SYS_utimensat, AT_FDCWD, P("a"), P(nano), AT_SYMLINK_NOFOLLOW);
	CALL(SYS_utimensat, AT_FDCWD, P("a"), P(odd), 0);
	CALL(SYS_utimensat, 0, 0, 0, 0);
}

static void telling(void)
{
	int fd = open("a", O_RDONLY);

	CALL(SYS_stat, P("a"), P(&status));
	CALL(SYS_stat, P("/dev/null"), P(&status));
	CALL(SYS_stat, P("nowhere"), P(&status));
	CALL(SYS_stat, P("a"), NOWHERE);
	CALL(SYS_lstat, P("/proc/self/exe"), P(&status));
	CALL(SYS_fstat, fd, P(&status));
	CALL(SYS_newfstatat, fd, P(""), P(&status), AT_EMPTY_PATH | AT_NO_AUTOMOUNT);
	CALL(SYS_statx, AT_FDCWD, P("a"), AT_STATX_FORCE_SYNC, 0xfff, P(&extended));
	CALL(SYS_statx, AT_FDCWD, P("/dev/null"), AT_STATX_DONT_SYNC, 0x17ff, P(&extended));
	CALL(SYS_statx, fd, 0, AT_EMPTY_PATH | 0x80000000, 0x80000000, P(&extended));
	CALL(SYS_statfs, P("/proc"), P(&file_system));
	CALL(SYS_statfs, P("."), P(&file_system));
	CALL(SYS_statfs, P("/"), P(&file_system));
	CALL(SYS_statfs, P("/nowhere"), P(&file_system));
	CALL(SYS_fstatfs, fd, P(&file_system));
	CALL(SYS_ustat, 0x803, P(text));
	close(fd);
}

static void changing(void)
{
	CALL(SYS_truncate, P("a"), 4096);
	CALL(SYS_truncate, P("a"), -1);
	CALL(SYS_mkdir, P("dir"), 0755);
	CALL(SYS_mkdirat, AT_FDCWD, P("dir/dir"), 01777);
	CALL(SYS_rmdir, P("dir/dir"));
	CALL(SYS_mknod, P("pipe"), S_IFIFO | 0600);
	CALL(SYS_mknod, P("null"), S_IFCHR | 0666, 0x103);
	CALL(SYS_mknod, P("disk"), S_IFBLK | S_ISUID | 0600, 0x12345678);
	CALL(SYS_mknod, P("file"), 0644, 0x103);
	CALL(SYS_mknodat, AT_FDCWD, P("socket"), S_IFSOCK | 0700, 0);
	CALL(SYS_mknodat, AT_FDCWD, P("odd"), 0170000 | 0777, 7);
	CALL(SYS_link, P("a"), P("a2"));
	CALL(SYS_linkat, AT_FDCWD, P("a"), AT_FDCWD, P("a3"), AT_SYMLINK_FOLLOW);
	CALL(SYS_symlink, P("../a\nb"), P("link"));
	CALL(SYS_symlinkat, P("a"), AT_FDCWD, P("link2"));
	CALL(SYS_readlink, P("link"), P(text), 4);
	CALL(SYS_readlink, P("link"), P(text), sizeof(text));
	CALL(SYS_readlinkat, AT_FDCWD, P("link2"), P(text), 100);
	CALL(SYS_readlinkat, AT_FDCWD, P("a"), P(text), 100);
	CALL(SYS_rename, P("a2"), P("a4"));
	CALL(SYS_renameat, AT_FDCWD, P("a4"), AT_FDCWD, P("a5"));
	CALL(SYS_renameat2, AT_FDCWD, P("a5"), AT_FDCWD, P("a"), 1);
	CALL(SYS_renameat2, AT_FDCWD, P("a5"), AT_FDCWD, P("a"), 2);
	CALL(SYS_unlink, P("a5"));
	CALL(SYS_unlinkat, AT_FDCWD, P("dir"), AT_REMOVEDIR);
	CALL(SYS_unlinkat, AT_FDCWD, P("nowhere"), 0);
}

static void going(void)
{
	int fd = open(".", O_RDONLY);

	CALL(SYS_getcwd, P(text), sizeof(text));
	CALL(SYS_getcwd, P(text), 1);
	CALL(SYS_chdir, P("/proc"));
	CALL(SYS_fchdir, fd);
	CALL(SYS_fchdir, -1);
	CALL(SYS_chroot, P("/nowhere"));
	CALL(SYS_pivot_root, P("/nowhere"), P("/nowhere/old"));
	close(fd);
}

static void attributes(void)
{
	int fd = open("a", O_RDWR);

	CALL(SYS_setxattr, P("a"), P("trusted.x"), P("value\0\377"), 7, 1);
	CALL(SYS_setxattr, P("a"), P("trusted.x"), P("value"), 5, 1);
	CALL(SYS_lsetxattr, P("a"), P("trusted.y"), P(""), 0, 2);
	CALL(SYS_lsetxattr, P("a"), P("trusted.y"), 0, 0, 0);
	CALL(SYS_fsetxattr, fd, P("trusted.z"), P("z"), 1, 3);
	CALL(SYS_getxattr, P("a"), P("trusted.x"), P(text), sizeof(text));
	CALL(SYS_getxattr, P("a"), P("trusted.x"), P(text), 0);
	CALL(SYS_getxattr, P("a"), P("trusted.x"), P(text), 2);
	CALL(SYS_getxattr, P("a"), P("trusted.y"), P(text), 10);
	CALL(SYS_lgetxattr, P("a"), P("trusted.none"), P(text), 100);
	CALL(SYS_fgetxattr, fd, P("trusted.x"), 0, 0);
	CALL(SYS_listxattr, P("a"), P(text), sizeof(text));
	CALL(SYS_listxattr, P("a"), P(text), 0);
	CALL(SYS_llistxattr, P("a"), P(text), 3);
	CALL(SYS_flistxattr, fd, 0, 0);
	CALL(SYS_flistxattr, open("b", O_RDONLY), P(text), 10);
	CALL(SYS_removexattr, P("a"), P("trusted.x"));
	CALL(SYS_lremovexattr, P("a"), P("trusted.y"));
	CALL(SYS_fremovexattr, fd, P("trusted.none"));
	close_range(3, 100, 0);
}

static void mounting(void)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, .attr_clr = 1,
					 .propagation = MS_PRIVATE, .userns_fd = 7 };
	int fs;

	CALL(SYS_mkdir, P("m"), 0700);
	CALL(SYS_mkdir, P("n"), 0700);
	CALL(SYS_mount, P("none"), P("m"), P("tmpfs"), MS_NOSUID | MS_NODEV, P("size=64k,mode=700"));
	CALL(SYS_mount, P("m"), P("n"), 0, MS_BIND | MS_REC, 0);
	CALL(SYS_mount, P("m"), P("n"), P("ignored"), MS_BIND, P("ignored"));
	CALL(SYS_mount, P("none"), P("m"), 0, MS_REMOUNT | MS_RDONLY, 0);
	CALL(SYS_mount, P("none"), P("m"), 0, MS_PRIVATE, 0);
	CALL(SYS_mount, P("none"), P("m"), P("none"), MS_MGC_VAL | MS_NOEXEC | MS_LAZYTIME, P(""));
	CALL(SYS_umount2, P("n"), UMOUNT_NOFOLLOW);
	CALL(SYS_umount2, P("n"), MNT_DETACH);
	CALL(SYS_umount2, P("m"), MNT_FORCE | MNT_EXPIRE);
	fs = CALL(SYS_fsopen, P("tmpfs"), 1);
	CALL(SYS_fsopen, P("nowhere"), 0);
	CALL(SYS_fsconfig, fs, 0, P("ro"), 0, 0);
	CALL(SYS_fsconfig, fs, 1, P("size"), P("4k"), 0);
	CALL(SYS_fsconfig, fs, 2, P("x"), P("\1\2\3"), 3);
	CALL(SYS_fsconfig, fs, 3, P("p"), P("path"), AT_FDCWD);
	CALL(SYS_fsconfig, fs, 5, P("f"), 0, 1);
	CALL(SYS_fsconfig, fs, 6, 0, 0, 0);
	CALL(SYS_fsconfig, fs, 7, 0, 0, 0);
	CALL(SYS_fsmount, fs, 1, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME);
	CALL(SYS_move_mount, fs + 1, P(""), AT_FDCWD, P("n"), 4);
	CALL(SYS_move_mount, -1, P("x"), AT_FDCWD, P("y"), 0x11 | 0x44);
	CALL(SYS_fspick, AT_FDCWD, P("n"), 1 | 2);
	CALL(SYS_open_tree, AT_FDCWD, P("n"), 1 | O_CLOEXEC | AT_RECURSIVE);
	CALL(SYS_mount_setattr, AT_FDCWD, P("nowhere"), AT_RECURSIVE, P(&attributes), sizeof(attributes));
	CALL(SYS_mount_setattr, AT_FDCWD, P("n"), 0, P(&attributes), 4);
	close_range(3, 100, 0);
}

static void machine(void)
{
	CALL(SYS_swapon, P("/nowhere"), 0x8000 | 5);
	CALL(SYS_swapon, P("/nowhere"), 0x10000);
	CALL(SYS_swapoff, P("/nowhere"));
	CALL(SYS_acct, P("/nowhere"));
	CALL(SYS_quotactl, 0x80000400 | 1 << 8, P("/nowhere"), 7, P(text));
	CALL(SYS_quotactl, 0x80000700 | 1, P("/nowhere"), 7, P(text));
	CALL(SYS_quotactl, 0x80000200 | 2, 0, 7, P("file"));
	CALL(SYS_uselib, P("/nowhere"));
	CALL(SYS_sysfs, 3, 0, 0);
	CALL(SYS_sysfs, 1, P("ext4"), 0);
}

static void watching(void)
{
	int fd = CALL(SYS_inotify_init);
	int fan;

	CALL(SYS_inotify_add_watch, fd, P("a"), 0x1 | 0x100 | 0x02000000);
	CALL(SYS_inotify_add_watch, fd, P("nowhere"), 0xfff);
	CALL(SYS_inotify_rm_watch, fd, 1);
	CALL(SYS_inotify_rm_watch, fd, -1);
	CALL(SYS_inotify_init1, O_CLOEXEC | O_NONBLOCK);
	fan = CALL(SYS_fanotify_init, 1 | 2, O_RDONLY | O_CLOEXEC);
	CALL(SYS_fanotify_init, 4 | 0x10 | 0x20, O_RDWR | O_LARGEFILE);
	CALL(SYS_fanotify_mark, fan, 1, 0x8 | 0x40000000, AT_FDCWD, P("."));
	CALL(SYS_fanotify_mark, fan, 2 | 4, 0x08000001, -1, P("a"));
	CALL(SYS_fanotify_mark, fan, 0x80, 0, AT_FDCWD, 0);
	close_range(3, 100, 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	opening();
	permissions();
	times();
	telling();
	changing();
	going();
	attributes();
	mounting();
	machine();
	watching();
	return finish(argv[1]);
}
