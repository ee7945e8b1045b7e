/*
 * System calls with known arguments, and a log of them that owes nothing to any tracer.
 *
 *     native 257 ffffffffffffff9c 55d0c0de 0 0 0 0 = -2
 *     	openat(AT_FDCWD, "nowhere", O_RDONLY) = -1 ENOENT (No such file or directory)
 *
 * A line a call: number, the six registers, the kernel's result, all in hexadecimal but the first and last.
 * Behind those that strace does not know, what a tracer is to say of it.
 */
#pragma once

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* An address as a register holds it. */
#define P(pointer) ((long)(pointer))

/* Where nothing is mapped. */
#define NOWHERE 0x1000L

static char log_text[4 << 20];
static size_t log_used;

static void __attribute__((format(printf, 1, 2))) log_line(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	log_used += vsnprintf(log_text + log_used, sizeof(log_text) - log_used, format, list);
	va_end(list);
	if (log_used >= sizeof(log_text))
		abort();
}

static long raw_call(long nr, const long a[6])
{
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* Children make calls as well, but have a log that nobody reads. */
static long logged_call(long nr, const long a[6])
{
	long result = raw_call(nr, a);

	log_line("native %ld %lx %lx %lx %lx %lx %lx = %ld\n", nr, a[0], a[1], a[2], a[3], a[4], a[5], result);
	return result;
}

/* A call; arguments that are left out are 0. */
#define CALL(nr, ...) logged_call(nr, (const long[6]){ __VA_ARGS__ })

/* What is to be said of the last call. */
static void __attribute__((unused, format(printf, 1, 2))) expect(const char *format, ...)
{
	char line[8192];
	va_list list;

	va_start(list, format);
	vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	log_line("\t%s\n", line);
}

/* The same call with each bit of one of its arguments, with none and with all of them. */
static void __attribute__((unused)) each_bit(long nr, int place, int bits, const long a[6])
{
	long own[6];

	memcpy(own, a, sizeof(own));
	own[place] = a[place];
	logged_call(nr, own);
	for (int bit = 0; bit < bits; bit++) {
		own[place] = a[place] | 1L << bit;
		logged_call(nr, own);
	}
	own[place] = a[place] | (bits < 64 ? (1L << bits) - 1 : -1L);
	logged_call(nr, own);
}

/* The same call with each of the values of one of its arguments. */
static void __attribute__((unused)) each_value(long nr, int place, long from, long to, const long a[6])
{
	long own[6];

	memcpy(own, a, sizeof(own));
	for (long value = from; value <= to; value++) {
		own[place] = value;
		logged_call(nr, own);
	}
}

#define EACH_BIT(nr, place, bits, ...) each_bit(nr, place, bits, (const long[6]){ __VA_ARGS__ })
#define EACH_VALUE(nr, place, from, to, ...) each_value(nr, place, from, to, (const long[6]){ __VA_ARGS__ })

/* Memory that ends where the next page can't be read. */
static __attribute__((unused)) char *before_nothing(size_t size)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(pages + 4096, 4096);
	return pages + 4096 - size;
}

/* Runs a function in a child, whose calls are not logged, and waits for its end. */
static void __attribute__((unused)) in_child(void (*function)(void))
{
	pid_t child = fork();

	if (child == 0) {
		function();
		_exit(0);
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Writes the log to a file, and ends. */
static int finish(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size_t done = 0;

	while (fd >= 0 && done < log_used) {
		ssize_t written = write(fd, log_text + done, log_used - done);

		if (written < 0)
			return 1;
		done += written;
	}
	return fd < 0;
}
