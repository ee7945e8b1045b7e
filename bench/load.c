// SPDX-License-Identifier: MIT
/*
 * Calls getppid(2), which hardly does anything, and says exactly how often.
 *
 *   load [CGROUP.PROCS...]
 *
 * Joins the cgroups and says "ready". Then, for each line `RATE MILLISECONDS THREADS` on standard input: the
 * threads together make RATE calls a second for so long, or as many as they can if RATE is 0, each on a CPU of
 * its own, the last ones first. A rate is a number of calls, evenly by milliseconds: who is late makes them
 * nevertheless, and takes longer. Or `burst CALLS CPU`: so many at once on that CPU, which nobody else gets
 * meanwhile, so that what is hooked to every call shows. The answer is `CALLS BEGAN ENDED`, by CLOCK_BOOTTIME.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 64, UNTHROTTLED_CHUNK = 64 };

#define MILLISECOND 1000000LL

struct job {
	pthread_t thread;
	int cpu;
	long long rate; /* of this thread; 0: unthrottled */
	long long milliseconds;
	long long began; /* CLOCK_MONOTONIC */
	long long calls;
};

static long long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
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

static void sleep_until(long long moment)
{
	struct timespec time = { moment / 1000000000, moment % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

static void make(struct job *job, long long calls)
{
	for (long long i = 0; i < calls; i++)
		syscall(SYS_getppid);
	job->calls += calls;
}

static void stay_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus)) {
		perror("sched_setaffinity");
		exit(1);
	}
}

static void schedule(int policy, int priority)
{
	if (sched_setscheduler(0, policy, &(struct sched_param){ .sched_priority = priority })) {
		perror("sched_setscheduler");
		exit(1);
	}
}

static void *work(void *argument)
{
	struct job *job = argument;

	stay_on(job->cpu);
	if (!job->rate) {
		while (now(CLOCK_MONOTONIC) < job->began + job->milliseconds * MILLISECOND)
			make(job, UNTHROTTLED_CHUNK);
		return NULL;
	}
	for (long long i = 0; i < job->milliseconds; i++) {
		sleep_until(job->began + i * MILLISECOND);
		make(job, (i + 1) * job->rate / 1000 - job->calls);
	}
	return NULL;
}

static void run(long long rate, long long milliseconds, int threads)
{
	static struct job jobs[THREADS_MAX];
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	long long began = now(CLOCK_BOOTTIME), calls = 0;

	for (int i = 0; i < threads; i++) {
		jobs[i] = (struct job){
			.cpu = cpus - 1 - i % cpus,
			.rate = rate * (i + 1) / threads - rate * i / threads,
			.milliseconds = milliseconds,
			.began = now(CLOCK_MONOTONIC),
		};
		if (pthread_create(&jobs[i].thread, NULL, work, &jobs[i])) {
			fprintf(stderr, "no thread\n");
			exit(1);
		}
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(jobs[i].thread, NULL);
		calls += jobs[i].calls;
	}
	printf("%lld %lld %lld\n", calls, began, now(CLOCK_BOOTTIME));
}

static void burst(long long calls, int cpu)
{
	struct job job = { .cpu = cpu };
	long long began, ended;

	stay_on(cpu);
	schedule(SCHED_FIFO, 1);
	began = now(CLOCK_BOOTTIME);
	make(&job, calls);
	ended = now(CLOCK_BOOTTIME);
	schedule(SCHED_OTHER, 0);
	printf("%lld %lld %lld\n", job.calls, began, ended);
}

int main(int argc, char **argv)
{
	long long rate, milliseconds, calls;
	char line[64];
	int threads, cpu;

	for (int i = 1; i < argc; i++)
		join(argv[i]);
	setvbuf(stdout, NULL, _IOLBF, 4096);
	puts("ready");
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "burst %lld %d", &calls, &cpu) == 2) {
			burst(calls, cpu);
			continue;
		}
		if (sscanf(line, "%lld %lld %d", &rate, &milliseconds, &threads) != 3 || rate < 0 ||
		    milliseconds < 1 || threads < 1 || threads > THREADS_MAX) {
			fprintf(stderr, "not RATE MILLISECONDS THREADS, nor burst CALLS CPU: %s", line);
			return 2;
		}
		run(rate, milliseconds, threads);
	}
	return 0;
}
