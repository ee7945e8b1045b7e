// SPDX-License-Identifier: MIT
/*
 * Plays many containers: one process in each cgroup, in a pid namespace of its own.
 *
 *   containers PAUSE_MS CGROUP...
 *
 * Says "ready" when all are there. Then each makes some 60 different calls once for every line on standard
 * input, which is answered with "done"; and every PAUSE_MS, unless that is 0, it makes two calls. They end
 * with their parent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Harmless with -1 and nulls; every architecture has them. */
static const long calls[] = {
	SYS_read, SYS_write, SYS_close, SYS_fstat, SYS_lseek, SYS_mprotect, SYS_munmap, SYS_ioctl,
	SYS_pread64, SYS_pwrite64, SYS_readv, SYS_writev, SYS_sched_yield, SYS_madvise, SYS_dup,
	SYS_getitimer, SYS_getpid, SYS_sendfile, SYS_connect, SYS_accept, SYS_sendto, SYS_recvfrom,
	SYS_shutdown, SYS_bind, SYS_listen, SYS_getsockname, SYS_getpeername, SYS_setsockopt,
	SYS_getsockopt, SYS_uname, SYS_fcntl, SYS_flock, SYS_fsync, SYS_fdatasync, SYS_ftruncate,
	SYS_getcwd, SYS_fchdir, SYS_fchmod, SYS_fchown, SYS_gettimeofday, SYS_getrlimit, SYS_getrusage,
	SYS_sysinfo, SYS_times, SYS_getuid, SYS_getgid, SYS_geteuid, SYS_getegid, SYS_getppid,
	SYS_getgroups, SYS_getresuid, SYS_getresgid, SYS_getpgid, SYS_getsid, SYS_fstatfs,
	SYS_gettid, SYS_readahead, SYS_fsetxattr, SYS_openat, SYS_newfstatat,
};

/* Shared by all. */
struct shared {
	int round; /* what the children wait on */
	int done;  /* children that have finished the round */
};

static void make_calls(void)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		syscall(calls[i], -1, 0, 0, 0, 0, 0);
}

static void play(struct shared *shared, long pause_ms)
{
	struct timespec pause = { pause_ms / 1000, pause_ms % 1000 * 1000000 };
	int round = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	__atomic_add_fetch(&shared->done, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		int now;

		syscall(SYS_futex, &shared->round, FUTEX_WAIT, round, pause_ms ? &pause : NULL);
		now = __atomic_load_n(&shared->round, __ATOMIC_SEQ_CST);
		if (now == round) {
			syscall(SYS_getppid);
			continue;
		}
		make_calls();
		__atomic_add_fetch(&shared->done, 1, __ATOMIC_SEQ_CST);
		round = now;
	}
}

static void wait_for(struct shared *shared, int children)
{
	struct timespec moment = { 0, 200000 };

	while (__atomic_load_n(&shared->done, __ATOMIC_SEQ_CST) < children)
		nanosleep(&moment, NULL);
}

int main(int argc, char **argv)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int children = argc - 2;
	char line[16];

	if (argc < 3 || shared == MAP_FAILED)
		return 2;
	for (int i = 2; i < argc; i++) {
		struct clone_args args = { .flags = CLONE_INTO_CGROUP | CLONE_NEWPID, .exit_signal = SIGCHLD };
		int folder = open(argv[i], O_RDONLY | O_DIRECTORY);
		long pid;

		args.cgroup = folder;
		pid = folder < 0 ? -1 : syscall(SYS_clone3, &args, sizeof(args));
		if (pid < 0) {
			perror(argv[i]);
			return 1;
		}
		if (pid == 0)
			play(shared, atol(argv[1]));
		close(folder);
	}
	wait_for(shared, children);
	setvbuf(stdout, NULL, _IOLBF, 4096);
	puts("ready");
	while (fgets(line, sizeof(line), stdin)) {
		__atomic_store_n(&shared->done, 0, __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&shared->round, 1, __ATOMIC_SEQ_CST);
		syscall(SYS_futex, &shared->round, FUTEX_WAKE, children);
		wait_for(shared, children);
		puts("done");
	}
	return 0;
}
