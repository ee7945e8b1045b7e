// SPDX-License-Identifier: MIT
/*
 * Runs a command and reads its standard output through a pipe, as a log shipper would, but keeps nothing:
 * counts the lines that hold a text, and stamps each when it arrives.
 *
 *   lines TEXT none|rfc3339|boottime COMMAND...
 *
 * What a counted line says of its time is the string after `"time":"` in RFC 3339, or nanoseconds of
 * CLOCK_BOOTTIME that it begins with. Says on standard output:
 *
 *   pid N          the command's process
 *   seen           the first line that counts has come
 *   line ...       one that does not count
 *   took LINES BYTES LAST P50 P99
 *                  upon SIGUSR1, when the pipe has been empty for QUIET ms, of the lines since the last time:
 *                  when the last one came (CLOCK_BOOTTIME), and ns from what the lines say to their arrival, of some
 *   end STATUS     the command has ended: as wait(2) has it; a last `took` has come before it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One line in EACH is asked how old it is: that costs more than all else here, and a reader takes time from who writes. */
enum { QUIET = 200, SAMPLES_MAX = 1 << 22, EACH = 32 };

static enum { NONE, RFC3339, BOOTTIME } kind;
static const char *text;
static size_t text_length;

static struct {
	long long lines, bytes, last;
	long long samples[SAMPLES_MAX];
	size_t sampled;
} took;

static volatile sig_atomic_t asked;

static void ask(int signal)
{
	(void)signal;
	asked = 1;
}

static long long now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* ns since 1970 of `2026-11-22T13:56:14.539228887Z`; all of a second's lines share the work. */
static long long rfc3339(const char *from)
{
	static char second[20];
	static long long seconds;

	if (memcmp(second, from, 19)) {
		struct tm time = {};

		memcpy(second, from, 19);
		if (sscanf(second, "%d-%d-%dT%d:%d:%d", &time.tm_year, &time.tm_mon, &time.tm_mday,
			   &time.tm_hour, &time.tm_min, &time.tm_sec) != 6)
			return -1;
		time.tm_year -= 1900;
		time.tm_mon -= 1;
		seconds = timegm(&time);
	}
	return from[19] == '.' ? seconds * 1000000000 + strtol(from + 20, NULL, 10) : -1;
}

/* ns between what the line says and now; -1: it says nothing. */
static long long age(const char *line, size_t length)
{
	static const char key[] = "\"time\":\"";
	long long then;
	const char *at;

	if (kind == NONE)
		return -1;
	if (kind == BOOTTIME)
		return now(CLOCK_BOOTTIME) - strtoll(line, NULL, 10);
	at = memmem(line, length, key, sizeof(key) - 1);
	if (!at || at + sizeof(key) + 30 > line + length)
		return -1;
	then = rfc3339(at + sizeof(key) - 1);
	return then < 0 ? -1 : now(CLOCK_REALTIME) - then;
}

static void take(const char *line, size_t length)
{
	static bool seen;
	long long ns;

	if (!memmem(line, length, text, text_length)) {
		printf("line %.*s\n", (int)length, line);
		return;
	}
	if (!seen)
		puts("seen");
	seen = true;
	took.lines++;
	took.bytes += length + 1;
	if ((took.lines - 1) % EACH)
		return;
	ns = age(line, length);
	if (ns >= 0 && took.sampled < SAMPLES_MAX)
		took.samples[took.sampled++] = ns;
}

static int compare(const void *a, const void *b)
{
	long long x = *(const long long *)a, y = *(const long long *)b;

	return (x > y) - (x < y);
}

static long long quantile(double share)
{
	return took.sampled ? took.samples[(size_t)(share * (took.sampled - 1))] : -1;
}

static void tell(void)
{
	qsort(took.samples, took.sampled, sizeof(took.samples[0]), compare);
	printf("took %lld %lld %lld %lld %lld\n", took.lines, took.bytes, took.last, quantile(0.5),
	       quantile(0.99));
	took.lines = took.bytes = took.sampled = 0;
}

static void read_all(int from)
{
	static char buffer[1 << 20];
	struct pollfd waiting = { .fd = from, .events = POLLIN };
	size_t kept = 0;

	for (;;) {
		int ready = poll(&waiting, 1, QUIET);
		char *line = buffer, *end;
		long long before;
		ssize_t count;

		if (ready == 0 && asked) {
			asked = 0;
			tell();
		}
		if (ready <= 0)
			continue;
		count = read(from, buffer + kept, sizeof(buffer) - 1 - kept);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return;
		before = took.lines;
		kept += count;
		buffer[kept] = 0;
		while ((end = memchr(line, '\n', buffer + kept - line))) {
			take(line, end - line);
			line = end + 1;
		}
		if (took.lines != before)
			took.last = now(CLOCK_BOOTTIME);
		kept -= line - buffer;
		memmove(buffer, line, kept);
		if (kept == sizeof(buffer) - 1)
			kept = 0; /* no line is that long */
	}
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = ask };
	int ends[2], status;
	pid_t pid;

	if (argc < 4)
		return 2;
	text = argv[1];
	text_length = strlen(text);
	kind = !strcmp(argv[2], "rfc3339") ? RFC3339 : !strcmp(argv[2], "boottime") ? BOOTTIME : NONE;
	if (pipe2(ends, O_CLOEXEC) || (pid = fork()) < 0) {
		perror("lines");
		return 1;
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	close(ends[1]);
	sigaction(SIGUSR1, &action, NULL);
	setvbuf(stdout, NULL, _IOLBF, 4096);
	printf("pid %d\n", pid);
	read_all(ends[0]);
	waitpid(pid, &status, 0);
	tell();
	printf("end %d\n", status);
	return 0;
}
