/*
 * Makes system calls in exact numbers: the oracle of the tests. Static, so that nothing is called that does
 * not stand here, but for what the C library does at start and end.
 *
 *   calls getppid N THREADS    N calls of getppid, from so many threads together
 *   calls number NR N          N calls of any number
 *   calls distinct FIRST N     one call of each of N numbers
 *   calls compat N             N calls of getppid by int 0x80, which is number 64 of the i386 table
 *   calls fail N THREADS       N calls of close(-1), which fail with EBADF, from so many threads together
 *   calls sleep N NS           N calls of clock_nanosleep
 *   calls fault                writes, to descriptor 99, what is nowhere
 *   calls forks K N            K children, one after the other, each N calls of getppid
 *   calls exec N PROGRAM       N calls of getppid, then execs PROGRAM getppid N 1
 *   calls move DIR N           N calls of getppid, moves to the cgroup DIR, N calls of getppid
 *   calls pause PROGRAM…       waits for SIGUSR1, then goes on as above
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void repeat(long nr, long n)
{
	while (n-- > 0)
		syscall(nr);
}

/* The argument is -1, in case the call takes one. */
struct share {
	long nr, n;
};

static void *thread(void *of)
{
	struct share *share = of;

	for (long n = share->n; n > 0; n--)
		syscall(share->nr, -1L);
	return NULL;
}

static void together(long nr, long n, long threads)
{
	pthread_t others[64];
	struct share others_share = { nr, n / threads }, own = { nr, n - n / threads * (threads - 1) };

	for (long i = 1; i < threads; i++)
		pthread_create(&others[i], NULL, thread, &others_share);
	thread(&own);
	for (long i = 1; i < threads; i++)
		pthread_join(others[i], NULL);
}

static void compat(long n)
{
#ifdef __x86_64__
	while (n-- > 0) {
		long nr = 64; /* arch/x86/entry/syscalls/syscall_32.tbl: getppid */
		__asm__ volatile("int $0x80" : "+a"(nr) : : "memory", "r8", "r9", "r10", "r11");
	}
#else
	exit(77);
#endif
}

static void enter(const char *folder)
{
	char path[4096];
	int file;

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	file = open(path, O_WRONLY);
	if (file < 0 || write(file, "0", 1) != 1) {
		perror(path);
		exit(1);
	}
	close(file);
}

static int is(const char *what, char **argv)
{
	return argv[1] && !strcmp(argv[1], what);
}

static long at(char **argv, int i)
{
	return argv[i] ? atol(argv[i]) : 1;
}

int main(int argc, char **argv)
{
	if (is("pause", argv)) {
		sigset_t set;
		int number;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, NULL);
		sigwait(&set, &number);
		argv++;
	}
	if (is("getppid", argv)) {
		together(SYS_getppid, at(argv, 2), at(argv, 3));
	} else if (is("fail", argv)) {
		together(SYS_close, at(argv, 2), at(argv, 3));
	} else if (is("sleep", argv)) {
		struct timespec time = { .tv_nsec = at(argv, 3) };

		for (long n = at(argv, 2); n > 0; n--)
			syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL);
	} else if (is("number", argv)) {
		repeat(at(argv, 2), at(argv, 3));
	} else if (is("distinct", argv)) {
		for (long i = 0; i < at(argv, 3); i++)
			syscall(at(argv, 2) + i);
	} else if (is("compat", argv)) {
		compat(at(argv, 2));
	} else if (is("fault", argv)) {
		syscall(SYS_write, 99, 0x1000, 10);
	} else if (is("forks", argv)) {
		for (long i = 0; i < at(argv, 2); i++) {
			if (!fork()) {
				repeat(SYS_getppid, at(argv, 3));
				_exit(0);
			}
			wait(NULL);
		}
	} else if (is("exec", argv)) {
		repeat(SYS_getppid, at(argv, 2));
		execl(argv[3], argv[3], "getppid", argv[2], "1", NULL);
		return 1;
	} else if (is("move", argv)) {
		repeat(SYS_getppid, at(argv, 3));
		enter(argv[2]);
		repeat(SYS_getppid, at(argv, 3));
	} else {
		fprintf(stderr, "calls: what?\n");
		return 2;
	}
	return 0;
}
