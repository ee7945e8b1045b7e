/* Calls that strace 6.1 knows by their numbers alone. What is to be said of each is in the log. */
#include "call.h"
#include <time.h>

enum {
	NR_uretprobe = 335, NR_uprobe, NR_cachestat = 451, NR_fchmodat2, NR_map_shadow_stack, NR_futex_wake, NR_futex_wait,
	NR_futex_requeue, NR_statmount, NR_listmount, NR_lsm_get_self_attr, NR_lsm_set_self_attr, NR_lsm_list_modules, NR_mseal,
	NR_setxattrat, NR_getxattrat, NR_listxattrat, NR_removexattrat, NR_open_tree_attr, NR_file_getattr, NR_file_setattr,
	NR_listns, NR_rseq_slice_yield, NR_fchroot, NR_none = 500,
};

static char buffer[4096];

/* A result as a line ends with it. */
static const char *ending(long result)
{
	static char text[128];

	if (result < 0 && result >= -4095)
		snprintf(text, sizeof(text), ") = -1 %s (%s)", strerrorname_np(-result), strerror(-result));
	else
		snprintf(text, sizeof(text), ") = %ld", result);
	return text;
}

static void files(void)
{
	struct { unsigned size, namespace_fd; unsigned long id, param; } request = { 24, 0, -1, 2 };
	struct { unsigned long value; unsigned size, flags; } attribute = { P("value"), 5, 1 };
	struct { unsigned long set, clear, propagation, user; } mount = { 1, 0x70, 1 << 18, 9 };
	struct { unsigned long flags; unsigned extent, extents, project, cow; } file = { 0x10, 0, 0, 7, 0 };
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	long result;

	result = CALL(NR_cachestat, fd, P(buffer), P(buffer + 100), 0);
	expect("cachestat(%d, %#lx, %#lx, 0%s", fd, P(buffer), P(buffer + 100), ending(result));
	result = CALL(NR_fchmodat2, AT_FDCWD, P("file"), 01755, AT_SYMLINK_NOFOLLOW);
	expect("fchmodat2(AT_FDCWD, \"file\", 01755, AT_SYMLINK_NOFOLLOW%s", ending(result));
	result = CALL(NR_fchmodat2, fd, P(""), 0, AT_EMPTY_PATH | 1);
	expect("fchmodat2(%d, \"\", 000, AT_EMPTY_PATH|0x1%s", fd, ending(result));
	result = CALL(NR_statmount, P(&request), P(buffer), 512, 0);
	expect("statmount({size=24, mnt_ns_fd=0, mnt_id=0xffffffffffffffff, param=0x2}, %#lx, 512, 0%s", P(buffer),
	       ending(result));
	result = CALL(NR_listmount, P(&request), P(buffer), 16, 1);
	expect("listmount({size=24, mnt_ns_fd=0, mnt_id=0xffffffffffffffff, param=0x2}, %#lx, 16, 0x1%s", P(buffer),
	       ending(result));
	result = CALL(NR_setxattrat, AT_FDCWD, P("file"), AT_SYMLINK_NOFOLLOW, P("trusted.x"), P(&attribute), 16);
	expect("setxattrat(AT_FDCWD, \"file\", AT_SYMLINK_NOFOLLOW, \"trusted.x\", "
	       "{value=%#lx, size=5, flags=XATTR_CREATE}, 16%s", attribute.value, ending(result));
	attribute.value = P(buffer);
	attribute.flags = 0;
	result = CALL(NR_getxattrat, AT_FDCWD, P("file"), 0, P("trusted.x"), P(&attribute), 16);
	expect("getxattrat(AT_FDCWD, \"file\", 0, \"trusted.x\", {value=%#lx, size=5, flags=0}, 16%s", attribute.value,
	       ending(result));
	result = CALL(NR_listxattrat, AT_FDCWD, P("file"), AT_SYMLINK_NOFOLLOW, P(buffer), sizeof(buffer));
	if (result > 0)
		expect("listxattrat(AT_FDCWD, \"file\", AT_SYMLINK_NOFOLLOW, \"trusted.x\\0\", 4096%s", ending(result));
	else
		expect("listxattrat(AT_FDCWD, \"file\", AT_SYMLINK_NOFOLLOW, %#lx, 4096%s", P(buffer), ending(result));
	result = CALL(NR_listxattrat, AT_FDCWD, P("nowhere"), 0, P(buffer), 0);
	expect("listxattrat(AT_FDCWD, \"nowhere\", 0, %#lx, 0%s", P(buffer), ending(result));
	result = CALL(NR_removexattrat, AT_FDCWD, P("file"), 0, P("trusted.x"));
	expect("removexattrat(AT_FDCWD, \"file\", 0, \"trusted.x\"%s", ending(result));
	result = CALL(NR_open_tree_attr, AT_FDCWD, P("."), 1 | O_CLOEXEC, P(&mount), sizeof(mount));
	expect("open_tree_attr(AT_FDCWD, \".\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC, {attr_set=MOUNT_ATTR_RDONLY, "
	       "attr_clr=MOUNT_ATTR_NOATIME|MOUNT_ATTR_STRICTATIME|0x40, propagation=MS_PRIVATE, userns_fd=9}, 32%s",
	       ending(result));
	result = CALL(NR_open_tree_attr, fd, P(""), AT_EMPTY_PATH, 0, 0);
	expect("open_tree_attr(%d, \"\", AT_EMPTY_PATH, NULL, 0%s", fd, ending(result));
	result = CALL(NR_file_setattr, AT_FDCWD, P("file"), P(&file), sizeof(file), AT_SYMLINK_NOFOLLOW);
	expect("file_setattr(AT_FDCWD, \"file\", {fa_xflags=0x10, fa_extsize=0, fa_nextents=0, fa_projid=7, "
	       "fa_cowextsize=0}, 24, AT_SYMLINK_NOFOLLOW%s", ending(result));
	memset(&file, 0, sizeof(file));
	result = CALL(NR_file_getattr, AT_FDCWD, P("file"), P(&file), sizeof(file), 0);
	if (result == 0)
		expect("file_getattr(AT_FDCWD, \"file\", {fa_xflags=%s%lx, fa_extsize=%u, fa_nextents=%u, fa_projid=%u, "
		       "fa_cowextsize=%u}, 24, 0%s", file.flags ? "0x" : "", file.flags, file.extent, file.extents,
		       file.project, file.cow, ending(result));
	else
		expect("file_getattr(AT_FDCWD, \"file\", %#lx, 24, 0%s", P(&file), ending(result));
	result = CALL(NR_fchroot, -1, 0);
	expect("fchroot(-1, 0%s", ending(result));
}

static void memories(void)
{
	static unsigned word = 5;
	struct { unsigned long value, address; unsigned flags, reserved; } waiters[2] = { { 5, P(&word), 2, 0 },
											    { 6, P(&word), 2, 0 } };
	struct timespec soon = { 1, 2 };
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long result;

	result = CALL(NR_map_shadow_stack, 0, 4096, 3);
	if (result < 0 && result >= -4095)
		expect("map_shadow_stack(NULL, 4096, 0x3%s", ending(result));
	result = CALL(NR_futex_wake, P(&word), 0xffffffff, 1, 2 | 128);
	expect("futex_wake(%#lx, 0xffffffff, 1, FUTEX2_SIZE_U32|FUTEX2_PRIVATE%s", P(&word), ending(result));
	result = CALL(NR_futex_wait, P(&word), 4, 0xffffffff, 2, P(&soon), CLOCK_MONOTONIC);
	expect("futex_wait(%#lx, 0x4, 0xffffffff, FUTEX2_SIZE_U32, {tv_sec=1, tv_nsec=2}, CLOCK_MONOTONIC%s", P(&word),
	       ending(result));
	result = CALL(NR_futex_wait, P(&word), 4, 0, 0x40, 0, 99);
	expect("futex_wait(%#lx, 0x4, 0, 0x40, NULL, 0x63%s", P(&word), ending(result));
	result = CALL(NR_futex_requeue, P(waiters), 0, 1, -2);
	expect("futex_requeue(%#lx, 0, 1, -2%s", P(waiters), ending(result));
	result = CALL(NR_mseal, P(page), 4096, 0);
	expect("mseal(%#lx, 4096, 0%s", P(page), ending(result));
	result = CALL(NR_mseal, 1, 2, 3);
	expect("mseal(0x1, 2, 0x3%s", ending(result));
}

static void others(void)
{
	static const struct { int number; const char *name; } attributes[] = {
		{ 0, "LSM_ATTR_UNDEF" }, { 1, "1" }, { 99, "0x63" }, { 102, "LSM_ATTR_FSCREATE" },
		{ 103, "LSM_ATTR_KEYCREATE" }, { 104, "LSM_ATTR_PREV" }, { 105, "LSM_ATTR_SOCKCREATE" }, { 106, "0x6a" },
	};
	unsigned size = sizeof(buffer);
	long result;

	result = CALL(NR_lsm_get_self_attr, 100, P(buffer), P(&size), 1);
	if (result < 0)
		expect("lsm_get_self_attr(LSM_ATTR_CURRENT, %#lx, %#lx, LSM_FLAG_SINGLE%s", P(buffer), P(&size), ending(result));
	for (unsigned i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		result = CALL(NR_lsm_set_self_attr, attributes[i].number, 0, 0, 0);
		expect("lsm_set_self_attr(%s, NULL, 0, 0%s", attributes[i].name, ending(result));
	}
	result = CALL(NR_lsm_set_self_attr, 101, P(buffer), 5, 0);
	expect("lsm_set_self_attr(LSM_ATTR_EXEC, %#lx, 5, 0%s", P(buffer), ending(result));
	size = sizeof(buffer);
	result = CALL(NR_lsm_list_modules, P(buffer), P(&size), 0);
	if (result >= 0)
		expect("lsm_list_modules(%#lx, [%u], 0%s", P(buffer), size, ending(result));
	result = CALL(NR_lsm_list_modules, P(buffer), P(&size), 7);
	expect("lsm_list_modules(%#lx, %#lx, 0x7%s", P(buffer), P(&size), ending(result));
	result = CALL(NR_listns, P(buffer), P(buffer), 0, 1);
	expect("listns(%#lx, %#lx, 0, 0x1%s", P(buffer), P(buffer), ending(result));
	result = CALL(NR_rseq_slice_yield);
	expect("rseq_slice_yield(%s", ending(result));
	result = CALL(NR_uprobe);
	expect("uprobe(%s", ending(result));
	result = CALL(NR_none, 0, 1, 0x10, 0xdeadbeef, -1, 0x123456789abcdef);
	expect("sys_500(0, 0x1, 0x10, 0xdeadbeef, 0xffffffffffffffff, 0x123456789abcdef%s", ending(result));
}

/* Called from anywhere but its trampoline, it ends its caller. */
static void uretprobe(void)
{
	CALL(NR_uretprobe);
}

int main(int argc, char **argv)
{
	(void)argc;
	files();
	memories();
	others();
	in_child(uretprobe);
	return finish(argv[1]);
}
