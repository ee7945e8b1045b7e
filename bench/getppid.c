// SPDX-License-Identifier: MIT
/*
 * Calls getppid(2), which hardly does anything, so that what is hooked to every call shows.
 *
 *   getppid CPU CALLS [CGROUP.PROCS...]
 *
 * Joins the cgroups, stays on the CPU and says "ready". Then, for each line on standard input: as many
 * calls, and a line with the nanoseconds that they took. Nobody else gets the CPU meanwhile.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void join(const char *procs)
{
	int file = open(procs, O_WRONLY);

	if (file < 0 || write(file, "0", 1) != 1) {
		perror(procs);
		exit(1);
	}
	close(file);
}

int main(int argc, char **argv)
{
	long calls;
	cpu_set_t cpus;
	char line[16];

	if (argc < 3)
		return 2;
	for (int i = 3; i < argc; i++)
		join(argv[i]);
	CPU_ZERO(&cpus);
	CPU_SET(atoi(argv[1]), &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("sched_setaffinity");
		return 1;
	}
	if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 })) {
		perror("sched_setscheduler");
		return 1;
	}
	calls = atol(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 4096);
	puts("ready");
	while (fgets(line, sizeof(line), stdin)) {
		long long start = now();

		for (long i = 0; i < calls; i++)
			syscall(SYS_getppid);
		printf("%lld\n", now() - start);
	}
	return 0;
}
