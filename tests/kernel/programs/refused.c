/*
 * Calls of which seccomp answers some: refused N THREADS
 *
 * getsid(2) is answered with EPERM, mount(2) with EACCES. Each of the threads, and a child that each forks,
 * calls getsid N times, getpgid(-1), which fails by itself, N times, and mount once. With "blocked" instead of
 * N: it waits in nanosleep(2) until SIGUSR1 interrupts it, and then calls getsid twice.
 */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void refuse(void)
{
	struct sock_filter instructions[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 13),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof(instructions) / sizeof(instructions[0]), instructions };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) {
		perror("seccomp");
		exit(1);
	}
}

static long calls;

static void make(void)
{
	/* Written, so that they are in memory: nothing loads them for a call that never begins. */
	char source[] = "none", target[] = "/nowhere/at/all", type[] = "tmpfs";

	for (long i = 0; i < calls; i++) {
		syscall(SYS_getsid, 7);
		syscall(SYS_getpgid, -1);
	}
	syscall(SYS_mount, source, target, type, 0, NULL);
}

static void *work(void *argument)
{
	pid_t child = fork();

	make();
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	return argument;
}

static void nothing(int signal)
{
	(void)signal;
}

static int blocked(void)
{
	struct timespec long_time = { 1000, 0 };

	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = nothing }, NULL);
	syscall(SYS_nanosleep, &long_time, NULL);
	syscall(SYS_getsid, 7);
	syscall(SYS_getsid, 7);
	return 0;
}

int main(int argc, char **argv)
{
	pthread_t threads[16];
	int count = argc > 2 ? atoi(argv[2]) : 0;

	if (argc < 2 || count > 16)
		return 2;
	refuse();
	if (!strcmp(argv[1], "blocked"))
		return blocked();
	calls = atol(argv[1]);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			return 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
