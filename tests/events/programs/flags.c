/*
 * Each flag and each value that a call's arguments have names for, and those beside them that have none. All of
 * these calls fail, or ask only: of a descriptor, a name or an address that is not there.
 */
#include "call.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#define BAD -1

static const char nowhere[] = "/nowhere/at/all";
static char buffer[4096];

static void files(void)
{
	EACH_BIT(SYS_openat, 2, 32, BAD, P("x"), 0);
	EACH_BIT(SYS_openat, 2, 32, BAD, P("x"), 3);
	EACH_BIT(SYS_dup3, 2, 32, BAD, BAD);
	EACH_BIT(SYS_access, 1, 8, P(nowhere), 0);
	EACH_BIT(SYS_faccessat2, 3, 32, BAD, P("x"), 0);
	EACH_BIT(SYS_newfstatat, 3, 32, BAD, P("x"), NOWHERE);
	EACH_BIT(SYS_statx, 2, 32, BAD, P("x"), 0, 0, NOWHERE);
	EACH_BIT(SYS_statx, 3, 32, BAD, P("x"), 0, 0, NOWHERE);
	EACH_BIT(SYS_fchownat, 4, 32, BAD, P("x"), 0, 0);
	EACH_BIT(SYS_linkat, 4, 32, BAD, P("x"), BAD, P("y"));
	EACH_BIT(SYS_unlinkat, 2, 32, BAD, P("x"));
	EACH_BIT(SYS_renameat2, 4, 32, BAD, P("x"), BAD, P("y"));
	EACH_BIT(SYS_execveat, 4, 32, BAD, P("x"), 0, 0);
	EACH_BIT(SYS_utimensat, 3, 32, BAD, P("x"), NOWHERE);
	EACH_BIT(SYS_name_to_handle_at, 4, 32, BAD, P("x"), NOWHERE, 0);
	EACH_BIT(SYS_mknodat, 2, 16, BAD, P("x"), 0, 0);
	EACH_VALUE(SYS_mknodat, 2, 0, 0, BAD, P("x"));
	for (int type = 0; type < 16; type++)
		CALL(SYS_mknodat, BAD, P("x"), type << 12 | 0640, 0x103);
	EACH_BIT(SYS_fallocate, 1, 32, BAD, 0, 1, 2);
	EACH_BIT(SYS_setxattr, 4, 8, P(nowhere), P("user.x"), P("v"), 1);
	EACH_BIT(SYS_inotify_add_watch, 2, 32, BAD, P("x"), 0);
	EACH_BIT(SYS_inotify_init1, 0, 32, 0x40000000);
	EACH_BIT(SYS_fanotify_init, 0, 32, 0x80000000, 0);
	EACH_BIT(SYS_fanotify_init, 1, 32, 0x80000000, 0);
	EACH_BIT(SYS_fanotify_mark, 1, 32, BAD, 0, 0, AT_FDCWD, 0);
	EACH_BIT(SYS_fanotify_mark, 2, 64, BAD, 1, 0, AT_FDCWD, 0);
	EACH_BIT(SYS_mount, 3, 32, 0, P(nowhere), 0);
	EACH_BIT(SYS_umount2, 1, 32, P(nowhere));
	EACH_BIT(SYS_fsopen, 1, 8, P("nothing"));
	EACH_BIT(SYS_fspick, 2, 8, BAD, P("x"));
	EACH_BIT(SYS_fsmount, 1, 8, BAD);
	EACH_BIT(SYS_fsmount, 2, 32, BAD, 0);
	EACH_VALUE(SYS_fsconfig, 1, 0, 12, BAD, 0, P("key"));
	EACH_BIT(SYS_move_mount, 4, 16, BAD, P("x"), BAD, P("y"));
	EACH_BIT(SYS_open_tree, 2, 32, BAD, P("x"));
	EACH_BIT(SYS_mount_setattr, 2, 32, BAD, P("x"), 0, 0, 0);
	EACH_BIT(SYS_swapon, 1, 24, P(nowhere));
	EACH_BIT(SYS_sync_file_range, 3, 8, BAD, 0, 0);
	for (int command = 0; command < 16; command++)
		CALL(SYS_quotactl, (0x800000 | command) << 8 | (command & 3), P(nowhere), 0, 0);
}

static void descriptors(void)
{
	struct { int fd; short events, revents; } poll;
	struct epoll_event event;
	struct flock lock = { 0 };

	EACH_VALUE(SYS_lseek, 2, 0, 8, BAD, 0);
	EACH_VALUE(SYS_fcntl, 1, 0, 40, BAD, 0, 0x20);
	EACH_VALUE(SYS_fcntl, 1, 1020, 1042, BAD, 0, 0x20);
	EACH_BIT(SYS_fcntl, 2, 8, BAD, F_SETFD);
	EACH_BIT(SYS_fcntl, 2, 32, BAD, F_SETFL);
	EACH_BIT(SYS_fcntl, 2, 16, BAD, 1033);
	EACH_BIT(SYS_fcntl, 2, 32, BAD, 1026);
	for (int type = 0; type < 5; type++) {
		lock.l_type = type;
		lock.l_whence = type;
		CALL(SYS_fcntl, BAD, F_SETLK, P(&lock));
	}
	EACH_BIT(SYS_flock, 1, 16, BAD);
	EACH_VALUE(SYS_fadvise64, 3, 0, 8, BAD, 0, 0);
	for (int bit = 0; bit < 16; bit++) {
		poll = (typeof(poll)){ 99, 1 << bit, 0 };
		CALL(SYS_poll, P(&poll), 1, 0);
	}
	for (int bit = 0; bit < 32; bit++) {
		event = (struct epoll_event){ .events = 1U << bit };
		CALL(SYS_epoll_ctl, BAD, EPOLL_CTL_ADD, 5, P(&event));
	}
	EACH_VALUE(SYS_epoll_ctl, 1, 0, 5, BAD, 0, 5, 0);
	EACH_BIT(SYS_epoll_create1, 0, 32, 0x40000000);
	EACH_BIT(SYS_eventfd2, 1, 32, 0, 0x40000000);
	EACH_BIT(SYS_signalfd4, 3, 32, BAD, NOWHERE, 8, 0x40000000);
	EACH_BIT(SYS_timerfd_create, 1, 32, 0, 0x40000000);
	EACH_BIT(SYS_timerfd_settime, 1, 8, BAD, 0, NOWHERE);
	EACH_BIT(SYS_close_range, 2, 8, 10, 5);
	EACH_BIT(SYS_userfaultfd, 0, 32, 0x40000000);
	EACH_BIT(SYS_splice, 5, 8, BAD, 0, BAD, 0, 1);
	EACH_BIT(SYS_preadv2, 5, 12, BAD, 0, 0, 0, 0);
	EACH_BIT(SYS_io_uring_enter, 3, 12, BAD, 0, 0);
	EACH_VALUE(SYS_io_uring_register, 1, 0, 40, BAD, 0, 0);
	EACH_BIT(SYS_copy_file_range, 5, 4, BAD, 0, BAD, 0, 1);
	EACH_BIT(SYS_memfd_secret, 0, 32, 0x40000000);
	for (int bit = 0; bit < 32; bit++) {
		unsigned params[30] = { 0, 0, 1U << bit };

		CALL(SYS_io_uring_setup, 0, P(params));
	}
}

static void processes(void)
{
	char header[8] = { 0 };

	/* A thread without its memory shared is refused, whatever else is asked for. */
	EACH_BIT(SYS_clone, 0, 64, CLONE_THREAD, 0, 0, 0, 0);
	EACH_VALUE(SYS_clone, 0, CLONE_THREAD, CLONE_THREAD | 70, 0);
	for (int bit = 0; bit < 64; bit++) {
		unsigned long how[8] = { 1UL << bit | CLONE_THREAD };

		CALL(SYS_clone3, P(how), sizeof(how));
	}
	EACH_BIT(SYS_unshare, 0, 32, 1);
	EACH_BIT(SYS_setns, 1, 32, BAD);
	EACH_BIT(SYS_wait4, 2, 32, 99999, 0, 0x10000);
	EACH_BIT(SYS_waitid, 3, 32, 9, 99999, 0, 0x10000);
	EACH_VALUE(SYS_waitid, 0, 0, 5, 0, 99999, 0, 0x10000);
	EACH_BIT(SYS_pidfd_open, 1, 16, BAD);
	EACH_BIT(SYS_pidfd_send_signal, 3, 8, BAD, 0, 0);
	EACH_VALUE(SYS_kcmp, 2, 0, 10, 1, 99999);
	EACH_VALUE(SYS_getrlimit, 0, 0, 18, 0, NOWHERE);
	EACH_VALUE(SYS_getrusage, 0, -3, 4, 0, NOWHERE);
	EACH_VALUE(SYS_getpriority, 0, -1, 5, 0, 99999);
	EACH_VALUE(SYS_ioprio_get, 0, 0, 5, 0, 99999);
	EACH_VALUE(SYS_sched_setscheduler, 1, -1, 10, BAD, 0, 0);
	EACH_VALUE(SYS_sched_get_priority_max, 0, -1, 10);
	EACH_VALUE(SYS_prctl, 0, 0, 90, 0, 0x7ffffffff000, 0x7ffffffff001, 0x7ffffffff002, 0x7ffffffff003);
	EACH_VALUE(SYS_prctl, 1, 0, 66, 23);
	EACH_VALUE(SYS_arch_prctl, 0, 0x1000, 0x1030, 0, -1);
	EACH_VALUE(SYS_arch_prctl, 0, 0x2000, 0x2010, 0, -1);
	EACH_VALUE(SYS_arch_prctl, 0, 0x4000, 0x4004, 0, -1);
	EACH_VALUE(SYS_arch_prctl, 0, 0x5000, 0x5008, 0, -1);
	EACH_VALUE(SYS_ptrace, 0, 1, 40, 0, 99999, 1, 2);
	EACH_VALUE(SYS_ptrace, 0, 0x4200, 0x4218, 0, 99999, 1, 2);
	EACH_VALUE(SYS_seccomp, 0, 2, 6, 0, 0x80, 0);
	EACH_BIT(SYS_seccomp, 1, 12, 1, 0, 0);
	EACH_BIT(SYS_membarrier, 0, 10, 0);
	EACH_BIT(SYS_membarrier, 0, 16, 1 << 20);
	EACH_BIT(SYS_membarrier, 1, 4, 1 << 20);
	EACH_BIT(SYS_rseq, 2, 4, 0, 0);
	EACH_VALUE(SYS_futex, 1, 0, 15, NOWHERE, 0, 1, NOWHERE, NOWHERE, 5);
	EACH_VALUE(SYS_futex, 1, 0x80, 0x8f, NOWHERE, 0, 1, NOWHERE, NOWHERE, 5);
	EACH_VALUE(SYS_futex, 1, 0x180, 0x18f, NOWHERE, 0, 1, NOWHERE, NOWHERE, 5);
	for (int number = 0; number < 64; number++) {
		unsigned words[6] = { 0 };

		header[0] = 0x22;
		memcpy(header, &(int){ 0x20080522 }, 4);
		words[number < 32 ? 0 : 3] = 1U << (number & 31);
		memcpy(header + 4, &(int){ 99999 }, 4);
		CALL(SYS_capset, P(header), P(words));
	}
	for (int bit = 0; bit < 16; bit++) {
		unsigned long attributes[7] = { 56, 1UL << bit };

		((unsigned *)attributes)[1] = bit;
		CALL(SYS_sched_setattr, BAD, P(attributes), 0);
	}
	for (int bit = 0; bit < 10; bit++) {
		unsigned long waiter[3] = { 1, 2, 1UL << bit };

		CALL(SYS_futex_waitv, P(waiter), 1, 1, 0, 0);
	}
}

static void sockets(void)
{
	static const int levels[] = { 0, 1, 6, 17, 41, 263, 270 };
	static const int ethernet[] = {
		0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0x9, 0xc, 0xd, 0xe, 0x10, 0x11, 0x15, 0x16, 0x17, 0x18,
		0x19, 0x1a, 0x1b, 0x1c, 0x60, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfe, 0x200, 0x201, 0x600, 0x800,
		0x805, 0x806, 0x8ff, 0xa00, 0xa01, 0x22eb, 0x22f0, 0x4305, 0x6000, 0x6001, 0x6002, 0x6003, 0x6004,
		0x6005, 0x6006, 0x6007, 0x6558, 0x8035, 0x809b, 0x80f3, 0x8100, 0x8137, 0x86dd, 0x8808, 0x8809, 0x883e,
		0x8847, 0x8848, 0x884c, 0x8863, 0x8864, 0x886c, 0x8870, 0x8884, 0x888e, 0x8892, 0x8899, 0x88a2, 0x88a4,
		0x88a8, 0x88b5, 0x88be, 0x88c3, 0x88c7, 0x88ca, 0x88cc, 0x88e3, 0x88e5, 0x88e7, 0x88f5, 0x88f7, 0x88f8,
		0x88fb, 0x8902, 0x8906, 0x890d, 0x8914, 0x8915, 0x8917, 0x892f, 0x894f, 0x9000, 0x9100, 0x9200, 0x9300,
		0x9988, 0x9999, 0xdada, 0xdadb, 0xe001, 0xed3e, 0xfbfb, 0xfd3a,
	};

	EACH_VALUE(SYS_socket, 0, -1, 50, 0, 99, 0);
	EACH_VALUE(SYS_socket, 1, 0, 15, 99, 0, 0);
	EACH_BIT(SYS_socket, 1, 32, 99, 1, 0);
	EACH_VALUE(SYS_socket, 2, 0, 264, 2, 99, 0);
	EACH_VALUE(SYS_socket, 2, 0, 60, 10, 99, 0);
	EACH_VALUE(SYS_socket, 2, 0, 24, 16, 99, 0);
	EACH_BIT(SYS_sendto, 3, 32, BAD, 0, 0, 0, 0, 0);
	EACH_BIT(SYS_accept4, 3, 32, BAD, 0, 0);
	EACH_VALUE(SYS_shutdown, 1, 0, 4, BAD);
	EACH_VALUE(SYS_setsockopt, 1, 0, 300, BAD, 0, 1, 0, 0);
	EACH_VALUE(SYS_setsockopt, 2, 98, 106, BAD, IPPROTO_UDP, 0, 0, 0);
	for (unsigned i = 0; i < sizeof(ethernet) / sizeof(*ethernet); i++) {
		struct sockaddr_ll address = { AF_PACKET, htons(ethernet[i]) };

		CALL(SYS_socket, AF_PACKET, 99, htons(ethernet[i]));
		CALL(SYS_connect, BAD, P(&address), sizeof(address));
	}
	for (unsigned i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		EACH_VALUE(SYS_setsockopt, 2, 0, 90, BAD, levels[i], 0, 0, 0);
}

static void memories(void)
{
	EACH_BIT(SYS_mmap, 2, 32, 0, 0, 0, MAP_PRIVATE, BAD);
	EACH_BIT(SYS_mmap, 3, 32, 0, 0, 0, 0, BAD);
	EACH_VALUE(SYS_mmap, 3, 0, 16, 0, 0, 0, 0, BAD);
	EACH_BIT(SYS_mremap, 3, 8, 1, 0, 0);
	EACH_BIT(SYS_msync, 2, 8, 1, 0);
	EACH_VALUE(SYS_madvise, 2, 0, 110, 1, 0);
	EACH_BIT(SYS_mlock2, 2, 8, NOWHERE, 0, 0x80);
	EACH_BIT(SYS_mlockall, 0, 8, 0x80);
	EACH_BIT(SYS_memfd_create, 1, 32, NOWHERE);
	EACH_VALUE(SYS_set_mempolicy, 0, 0, 10, 0, NOWHERE, 64);
	EACH_BIT(SYS_set_mempolicy, 0, 16, 99, NOWHERE, 64);
	EACH_BIT(SYS_mbind, 5, 8, 1, 0, 0, 0, 0);
	EACH_BIT(SYS_get_mempolicy, 4, 8, 0, 0, 0, 1, 0x80);
	EACH_BIT(SYS_pkey_alloc, 1, 8, 1);
	EACH_BIT(SYS_shmget, 2, 32, 0x1234, 0);
	EACH_BIT(SYS_shmat, 2, 20, BAD, 0);
	EACH_BIT(SYS_msgrcv, 4, 20, BAD, 0, 0, 0);
	EACH_BIT(SYS_semget, 2, 20, 0x1234, BAD);
	EACH_VALUE(SYS_semctl, 2, 0, 24, BAD, 0, 0, 0);
	EACH_VALUE(SYS_shmctl, 1, 0, 18, BAD, 0, 0);
	EACH_VALUE(SYS_msgctl, 1, 0, 16, BAD, 0, 0);
	for (int bit = 0; bit < 16; bit++) {
		struct { unsigned short number; short operation; unsigned short flags; } operation = { 1, -1, 1 << bit };

		CALL(SYS_semop, BAD, P(&operation), 1);
	}
}

static void others(void)
{
	unsigned long set;

	EACH_VALUE(SYS_kill, 1, 0, 70, 99999);
	for (int signal = 0; signal < 64; signal++) {
		set = 1UL << signal;
		CALL(SYS_rt_sigprocmask, 7, P(&set), 0, 8);
		set = ~set;
		CALL(SYS_rt_sigprocmask, 7, P(&set), 0, 8);
	}
	EACH_VALUE(SYS_rt_sigprocmask, 0, 0, 5, 0, NOWHERE, 0, 8);
	for (int bit = 0; bit < 64; bit++) {
		unsigned long action[4] = { 0, 1UL << bit, 0x1234, 0 };

		CALL(SYS_rt_sigaction, SIGKILL, P(action), 0, 8);
	}
	for (int bit = 0; bit < 32; bit++) {
		unsigned long stack[3] = { 0, 1UL << bit | 2, 5 };

		CALL(SYS_sigaltstack, P(stack), NOWHERE);
	}
	EACH_VALUE(SYS_clock_gettime, 0, -8, 20, 0, NOWHERE);
	EACH_BIT(SYS_clock_nanosleep, 1, 4, 99, 0, NOWHERE);
	EACH_VALUE(SYS_setitimer, 0, 0, 4, 0, NOWHERE);
	for (int bit = 0; bit < 20; bit++) {
		unsigned timex[52] = { 1U << bit };

		CALL(SYS_clock_adjtime, 99, P(timex));
	}
	EACH_BIT(SYS_getrandom, 2, 8, NOWHERE, 1, 0x80);
	EACH_VALUE(SYS_bpf, 0, 0, 45, 0, NOWHERE, 8);
	EACH_BIT(SYS_perf_event_open, 4, 8, NOWHERE, 0, 0, BAD);
	for (int type = 0; type < 8; type++) {
		unsigned attributes[32] = { type, 64 };

		CALL(SYS_perf_event_open, P(attributes), BAD, BAD, BAD, 0x80);
	}
	/* Without KEYCTL_SESSION_TO_PARENT, which changes the parent's. */
	EACH_VALUE(SYS_keyctl, 0, 0, 17, 0, 1 << 30, 0, 0, 0);
	EACH_VALUE(SYS_keyctl, 0, 19, 40, 0, 1 << 30, 0, 0, 0);
	EACH_VALUE(SYS_add_key, 4, -10, 1, NOWHERE, NOWHERE, 0, 0);
	EACH_BIT(SYS_landlock_create_ruleset, 2, 4, 0, 0, 8);
	for (int bit = 0; bit < 20; bit++) {
		set = 1UL << bit;
		CALL(SYS_landlock_create_ruleset, P(&set), 8, 8);
	}
	EACH_VALUE(SYS_landlock_add_rule, 1, 0, 3, BAD, 0, 0, 0);
	EACH_BIT(SYS_landlock_restrict_self, 1, 6, BAD);
	EACH_BIT(SYS_finit_module, 2, 6, BAD, P(""));
	EACH_BIT(SYS_delete_module, 1, 20, P("no_such_module"), 0x80000000);
	EACH_BIT(SYS_kexec_load, 3, 6, 0, 1 << 20, NOWHERE);
	EACH_BIT(SYS_kexec_file_load, 4, 8, BAD, BAD, 0, 0);
}

/* Domains and flags of personality(2), which takes what it is given: in a child. */
static void personalities(void)
{
	EACH_VALUE(SYS_personality, 0, 0, 20);
	EACH_BIT(SYS_personality, 0, 32, 8);
}

/* Each request of ioctl(2) that may have a name. */
static void requests(void)
{
	static const struct { int from, to; } ranges[] = { { 0, 2 }, { 0x125d, 0x1280 }, { 0x2400, 0x240c }, { 0x4b2f, 0x4b73 },
							   { 0x4c00, 0x4c0a }, { 0x4c80, 0x4c82 }, { 0x5204, 0x5208 },
							   { 0x5400, 0x5462 }, { 0x5600, 0x560f }, { 0x8901, 0x89b1 } };
	/* Of consoles, KVM, namespaces, FUSE, perf, randomness, tun, disks, seccomp, file systems, userfaultfd. */
	static const unsigned single[] = {
		0x4bfa, 0x4bfb, 0x54e3, 0xae00, 0xae01, 0xae03, 0xae41, 0xae60, 0xae64, 0xae80, 0xb701, 0xb702, 0xb703,
		0xb704, 0xe503, 0x40042408, 0x40042409, 0x40045201, 0x40045436, 0x400454c8, 0x400454c9, 0x400454ca,
		0x400454cb, 0x400454cc, 0x400454cd, 0x400454ce, 0x400454d0, 0x400454d1, 0x400454d4, 0x400454d8,
		0x400454d9, 0x400454da, 0x400454dc, 0x400454de, 0x400454e2, 0x4004e502, 0x40081271, 0x40082102,
		0x40082404, 0x40082406, 0x4008240b, 0x40085203, 0x40086602, 0x40087602, 0x400c6615, 0x40101283,
		0x40101286, 0x40101287, 0x40101288, 0x401054d5, 0x401054d6, 0x40106614, 0x4010aa0a, 0x4010e501,
		0x40182103, 0x401c5820, 0x4020940d, 0x4020ae46, 0x402c542b, 0x402c542c, 0x402c542d, 0x4040ae77,
		0x40806685, 0x40a0ae49, 0x41009432, 0x80041284, 0x80041285, 0x80045200, 0x80045432, 0x80045438,
		0x80045439, 0x80045440, 0x800454cf, 0x800454d2, 0x800454d3, 0x800454d7, 0x800454dd, 0x800454df,
		0x800454e0, 0x800454e1, 0x8004587d, 0x8004b706, 0x8004b707, 0x8004b708, 0x8004b709, 0x8004e500,
		0x80081270, 0x80081272, 0x80081280, 0x80082407, 0x80085202, 0x80085610, 0x80086601, 0x80087601,
		0x8008b705, 0x8008b70d, 0x800c6613, 0x801054db, 0x8010661b, 0x8010aa01, 0x8010aa02, 0x80111500,
		0x801c581f, 0x80285442, 0x802c542a, 0x80811501, 0x81009431, 0xc0045877, 0xc0045878, 0xc0046686,
		0xc008240a, 0xc0096616, 0xc00caee0, 0xc0101282, 0xc010128e, 0xc0101502, 0xc0182101, 0xc0185879,
		0xc0189436, 0xc018aa06, 0xc018aa09, 0xc020660b, 0xc020aa00, 0xc020aa04, 0xc020aa07, 0xc020aa08,
		0xc0285443, 0xc0286687, 0xc028aa03, 0xc028aa05, 0xc0406618, 0xc0406619, 0xc0502100, 0xc0506617,
		0xc080661a,
	};

	for (unsigned i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		EACH_VALUE(SYS_ioctl, 1, ranges[i].from, ranges[i].to, BAD, 0, 0);
	for (unsigned i = 0; i < sizeof(single) / sizeof(*single); i++)
		CALL(SYS_ioctl, BAD, single[i], NOWHERE);
	for (unsigned direction = 1; direction < 4; direction++)
		for (unsigned number = 0; number < 0x100; number += 0x11)
			CALL(SYS_ioctl, BAD, direction << 30 | 0x1234 << 16 | 'z' << 8 | number, 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)buffer;
	files();
	descriptors();
	processes();
	sockets();
	memories();
	others();
	in_child(personalities);
	requests();
	return finish(argv[1]);
}
