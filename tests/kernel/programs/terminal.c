/*
 * Makes system calls on terminals and on other files, and keeps count of both: the oracle of the tests. Static, and
 * without stdio, so that nothing is called that does not stand here.
 *
 *   terminal REPORT SCENARIO N
 *
 * REPORT is a file that is written at the end: a line "NAME ON_TERMINAL ALL" for each kind of call; the writes of
 * that file are not in it.
 *
 *   all        N rounds of every call that can be on a terminal, on a pty and on a pipe
 *   threads    the same, N rounds from each of 4 threads that share the descriptors
 *   odd        N rounds of descriptors that are none: closed, negative, out of range; of memory that faults
 *   reused     N rounds of a descriptor that is a pty first and then a pipe
 *   shared     N rounds by a process that has its descriptors from another, which opens and closes them
 *   moved      N rounds of descriptors at the ends of what is looked at
 *   devices    N reads of /dev/null, /dev/zero, /dev/full, a file, a block device, /dev/tty, a hung-up pty
 *   compat     N rounds of i386's calls, by int 0x80
 *   x32        N rounds of x32's calls, which a kernel may not have
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum call {
	READ, WRITE, READV, WRITEV, PREAD, PWRITE, PREADV, PWRITEV, PREADV2, PWRITEV2, IOCTL,
	POLL, PPOLL, SELECT, PSELECT, CALLS,
};

enum abi { NATIVE, I386, X32, ABIS };

/* PPOLL_TIME64 and PSELECT6_TIME64 of i386 come after CALLS. */
enum { PPOLL_TIME64 = CALLS, PSELECT_TIME64, ALL_CALLS };

static const char *const names[ABIS][ALL_CALLS] = {
	[NATIVE] = {
		"read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2",
		"ioctl", "poll", "ppoll", "select", "pselect6",
	},
	[I386] = {
		"i386:read", "i386:write", "i386:readv", "i386:writev", "i386:pread64", "i386:pwrite64", "i386:preadv",
		"i386:pwritev", "i386:preadv2", "i386:pwritev2", "i386:ioctl", "i386:poll", "i386:ppoll",
		"i386:_newselect", "i386:pselect6", "i386:ppoll_time64", "i386:pselect6_time64",
	},
	[X32] = {
		"x32:read", "x32:write", "x32:readv", "x32:writev", "x32:pread64", "x32:pwrite64", "x32:preadv",
		"x32:pwritev", "x32:preadv2", "x32:pwritev2", "x32:ioctl", "x32:poll", "x32:ppoll", "x32:select",
		"x32:pselect6",
	},
};

/* arm64 has neither poll nor select. */
#ifndef SYS_poll
#define SYS_poll -1
#define SYS_select -1
#endif

static const long numbers[ABIS][ALL_CALLS] = {
	[NATIVE] = {
		SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev,
		SYS_preadv2, SYS_pwritev2, SYS_ioctl, SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6,
	},
	/* arch/x86/entry/syscalls/syscall_32.tbl */
	[I386] = { 3, 4, 145, 146, 180, 181, 333, 334, 378, 379, 54, 168, 309, 142, 308, 414, 413 },
	/* arch/x86/entry/syscalls/syscall_64.tbl */
#define X32_BIT 0x40000000
	[X32] = {
		X32_BIT | 0, X32_BIT | 1, X32_BIT | 515, X32_BIT | 516, X32_BIT | 17, X32_BIT | 18, X32_BIT | 534,
		X32_BIT | 535, X32_BIT | 546, X32_BIT | 547, X32_BIT | 514, X32_BIT | 7, X32_BIT | 271, X32_BIT | 23,
		X32_BIT | 270,
	},
};

struct counts {
	_Atomic long on_terminal, all;
};

/* Shared with children. */
static struct counts (*counts)[ALL_CALLS];

static long by_i386(long nr, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
	__asm__ volatile("int $0x80"
			 : "+a"(nr)
			 : "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "r8", "r9", "r10", "r11");
	return nr;
#else
	exit(77);
#endif
}

/* The sixth argument is 0 in all. */
static void call(enum abi abi, int what, int is_on_terminal, long a, long b, long c, long d, long e)
{
	long nr = numbers[abi][what];

	if (nr < 0)
		return;
	counts[abi][what].all++;
	if (is_on_terminal)
		counts[abi][what].on_terminal++;
	if (abi == I386)
		by_i386(nr, a, b, c, d, e);
	else
		syscall(nr, a, b, c, d, e, 0L);
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Where even 32-bit code can point to. */
static void *low(size_t size)
{
#ifdef MAP_32BIT
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
#else
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#endif

	if (memory == MAP_FAILED)
		fail("mmap");
	return memory;
}

static int counted_ioctl(int file, unsigned long request, void *to)
{
	counts[NATIVE][IOCTL].all++;
	counts[NATIVE][IOCTL].on_terminal++;
	return ioctl(file, request, to);
}

/* Its ioctls are counted. */
static void open_pty(int *master, int *slave)
{
	int unlock = 0, number = 0;
	char path[32];

	*master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (*master < 0)
		fail("/dev/ptmx");
	if (counted_ioctl(*master, TIOCSPTLCK, &unlock) || counted_ioctl(*master, TIOCGPTN, &number))
		fail("TIOCGPTN");
	snprintf(path, sizeof(path), "/dev/pts/%d", number);
	*slave = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (*slave < 0)
		fail(path);
}

static void open_pipe(int *ends)
{
	if (pipe2(ends, O_NONBLOCK))
		fail("pipe2");
}

struct memory {
	char buffer[64];
	/* struct iovec of 64-bit and of 32-bit code, timespec of zeros */
	uint64_t vector[2];
	uint32_t compat_vector[2];
	uint64_t time[2];
	struct pollfd polled[20];
	uint64_t sets[3][17];
};

static void set_vector(struct memory *memory)
{
	memory->vector[0] = (uintptr_t)memory->buffer;
	memory->vector[1] = 1;
	memory->compat_vector[0] = (uintptr_t)memory->buffer;
	memory->compat_vector[1] = 1;
}

static long vector_of(enum abi abi, struct memory *memory)
{
	return abi == NATIVE ? (long)memory->vector : (long)memory->compat_vector;
}

/* Every call that takes a descriptor. */
static void all_of_descriptor(enum abi abi, struct memory *memory, int file, int is_terminal)
{
	long buffer = (long)memory->buffer, vector = vector_of(abi, memory);

	call(abi, WRITE, is_terminal, file, buffer, 1, 0, 0);
	call(abi, READ, is_terminal, file, buffer, 1, 0, 0);
	call(abi, WRITEV, is_terminal, file, vector, 1, 0, 0);
	call(abi, READV, is_terminal, file, vector, 1, 0, 0);
	call(abi, PREAD, is_terminal, file, buffer, 1, 0, 0);
	call(abi, PWRITE, is_terminal, file, buffer, 1, 0, 0);
	call(abi, PREADV, is_terminal, file, vector, 1, 0, 0);
	call(abi, PWRITEV, is_terminal, file, vector, 1, 0, 0);
	call(abi, PREADV2, is_terminal, file, vector, 1, -1, -1);
	call(abi, PWRITEV2, is_terminal, file, vector, 1, -1, -1);
	call(abi, IOCTL, is_terminal, file, FIONREAD, buffer, 0, 0);
}

static void poll_files(enum abi abi, struct memory *memory, int is_on_terminal, int n, const int *files)
{
	for (int i = 0; i < n && i < 20; i++)
		memory->polled[i] = (struct pollfd){ .fd = files[i], .events = POLLIN };
	call(abi, POLL, is_on_terminal, (long)memory->polled, n, 0, 0, 0);
	call(abi, PPOLL, is_on_terminal, (long)memory->polled, n, (long)memory->time, 0, 0);
	if (abi == I386)
		call(abi, PPOLL_TIME64, is_on_terminal, (long)memory->polled, n, (long)memory->time, 0, 0);
}

/* Files of -1 are in no set; a set of -1 alone is not given. */
static void select_files(enum abi abi, struct memory *memory, int is_on_terminal, int n, int in, int out, int but)
{
	const int files[3] = { in, out, but };
	const int calls[] = { SELECT, PSELECT, PSELECT_TIME64 };

	for (int i = 0; i < (abi == I386 ? 3 : 2); i++) {
		long sets[3] = {};

		for (int s = 0; s < 3; s++) {
			memset(memory->sets[s], 0, sizeof(memory->sets[s]));
			if (files[s] < 0)
				continue;
			memory->sets[s][files[s] / 64] = 1ULL << files[s] % 64;
			sets[s] = (long)memory->sets[s];
		}
		call(abi, calls[i], is_on_terminal, n, sets[0], sets[1], sets[2], (long)memory->time);
	}
}

/* A pty, and a pipe that stands for all that is none. */
struct files {
	int master, slave, pipe[2];
};

static struct files open_files(void)
{
	struct files files;

	open_pty(&files.master, &files.slave);
	open_pipe(files.pipe);
	return files;
}

static void polls(enum abi abi, struct memory *memory, const struct files *files)
{
	int slave = files->slave, master = files->master, other = files->pipe[0];
	int many[17];

	poll_files(abi, memory, 1, 1, (int[]){ slave });
	poll_files(abi, memory, 1, 2, (int[]){ slave, master });
	poll_files(abi, memory, 1, 3, (int[]){ -1, slave, -5 });
	poll_files(abi, memory, 0, 1, (int[]){ other });
	poll_files(abi, memory, 0, 2, (int[]){ slave, other });
	poll_files(abi, memory, 0, 2, (int[]){ other, slave });
	/* Sleeps, of nothing. */
	poll_files(abi, memory, 0, 0, NULL);
	poll_files(abi, memory, 0, 2, (int[]){ -1, -2 });
	for (int i = 0; i < 17; i++)
		many[i] = slave;
	poll_files(abi, memory, 1, 16, many);
	poll_files(abi, memory, 0, 17, many);
	many[15] = other;
	poll_files(abi, memory, 0, 16, many);
}

static void selects(enum abi abi, struct memory *memory, const struct files *files)
{
	int slave = files->slave, master = files->master, other = files->pipe[0];

	select_files(abi, memory, 1, slave + 1, slave, -1, -1);
	select_files(abi, memory, 1, 64, slave, master, slave);
	select_files(abi, memory, 1, 32, -1, -1, slave);
	select_files(abi, memory, 0, 32, other, -1, -1);
	select_files(abi, memory, 0, 64, slave, other, -1);
	select_files(abi, memory, 0, 64, slave, slave, other);
	/* Of the last one nothing is asked, so it is of no matter what it is. */
	select_files(abi, memory, 1, other, slave, other, -1);
	select_files(abi, memory, 1, 1024, slave, -1, -1);
	/* Nobody here has 1,000 descriptors, and the kernel looks at no more than there are. */
	select_files(abi, memory, 1, 1024, slave, 1000, -1);
	select_files(abi, memory, 0, 0, slave, -1, -1);
	select_files(abi, memory, 0, -1, slave, -1, -1);
	select_files(abi, memory, 0, 64, -1, -1, -1);
}

static void round_of_all(enum abi abi, struct memory *memory, const struct files *files)
{
	set_vector(memory);
	all_of_descriptor(abi, memory, files->slave, 1);
	all_of_descriptor(abi, memory, files->master, 1);
	all_of_descriptor(abi, memory, files->pipe[0], 0);
	all_of_descriptor(abi, memory, files->pipe[1], 0);
	polls(abi, memory, files);
	selects(abi, memory, files);
}

static void all(enum abi abi, long n)
{
	struct files files = open_files();
	struct memory *memory = low(sizeof(*memory));

	while (n-- > 0)
		round_of_all(abi, memory, &files);
}

struct share {
	const struct files *files;
	long n;
};

static void *thread(void *of)
{
	struct share *share = of;
	struct memory *memory = low(sizeof(*memory));

	for (long i = 0; i < share->n; i++)
		round_of_all(NATIVE, memory, share->files);
	return NULL;
}

static void threads(long n)
{
	struct files files = open_files();
	struct share share = { &files, n };
	pthread_t ids[4];

	for (int i = 0; i < 4; i++)
		if (pthread_create(&ids[i], NULL, thread, &share))
			fail("pthread_create");
	for (int i = 0; i < 4; i++)
		pthread_join(ids[i], NULL);
}

static void odd(long n)
{
	struct files files = open_files();
	struct memory *memory = low(sizeof(*memory));
	int closed = dup(files.slave);
	/* The first half of it can be read, the second can't. */
	char *edge = low(2 * 4096);

	close(closed);
	munmap(edge + 4096, 4096);
	set_vector(memory);
	while (n-- > 0) {
		all_of_descriptor(NATIVE, memory, closed, 0);
		all_of_descriptor(NATIVE, memory, -1, 0);
		all_of_descriptor(NATIVE, memory, -100, 0);
		all_of_descriptor(NATIVE, memory, 63, 0);
		all_of_descriptor(NATIVE, memory, 64, 0);
		all_of_descriptor(NATIVE, memory, 1 << 20, 0);
		all_of_descriptor(NATIVE, memory, 0x7fffffff, 0);
		/* The kernel takes 32 bits of a descriptor. */
		call(NATIVE, WRITE, 1, 0x1234500000000L | files.slave, (long)memory->buffer, 1, 0, 0);
		call(NATIVE, IOCTL, 1, ~0xffffffffL | files.slave, FIONREAD, (long)memory->buffer, 0, 0);
		/* What is done with the memory does not matter: the call is made on the terminal. */
		call(NATIVE, READ, 1, files.slave, 0, 1, 0, 0);
		poll_files(NATIVE, memory, 0, 1, &closed);
		call(NATIVE, POLL, 0, 0, 1, 0, 0, 0);
		call(NATIVE, PPOLL, 0, (long)edge + 4096, 1, (long)memory->time, 0, 0);
		*(struct pollfd *)(edge + 4088) = (struct pollfd){ .fd = files.slave };
		call(NATIVE, POLL, 1, (long)edge + 4088, 1, 0, 0, 0);
		call(NATIVE, POLL, 0, (long)edge + 4088, 2, 0, 0, 0);
		call(NATIVE, POLL, 0, (long)edge, -1, 0, 0, 0);
		call(NATIVE, SELECT, 0, 64, 8, 0, 0, (long)memory->time);
		*(uint64_t *)(edge + 4088) = 1ULL << files.slave;
		call(NATIVE, SELECT, 1, 64, (long)edge + 4088, 0, 0, (long)memory->time);
		call(NATIVE, SELECT, 0, 64, (long)edge + 4088, (long)edge + 4092, 0, (long)memory->time);
		select_files(NATIVE, memory, 0, 64, closed, -1, -1);
	}
}

static void reused(long n)
{
	struct files files = open_files();
	struct memory *memory = low(sizeof(*memory));
	int file = dup(files.slave);

	set_vector(memory);
	while (n-- > 0) {
		dup2(files.slave, file);
		all_of_descriptor(NATIVE, memory, file, 1);
		poll_files(NATIVE, memory, 1, 1, &file);
		dup2(files.pipe[0], file);
		all_of_descriptor(NATIVE, memory, file, 0);
		poll_files(NATIVE, memory, 0, 1, &file);
		close(file);
		all_of_descriptor(NATIVE, memory, file, 0);
	}
}

struct sharing {
	struct files *files;
	struct memory *memory;
	int file;
	long n;
};

static int sharer(void *of)
{
	struct sharing *sharing = of;

	for (long i = 0; i < sharing->n; i++) {
		all_of_descriptor(NATIVE, sharing->memory, sharing->file, 1);
		dup2(sharing->files->pipe[0], sharing->file);
		all_of_descriptor(NATIVE, sharing->memory, sharing->file, 0);
		dup2(sharing->files->slave, sharing->file);
	}
	return 0;
}

/* CLONE_FILES without CLONE_VM or CLONE_THREAD: what one opens, the other has. */
static void shared(long n)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct files files = open_files();
	struct memory *memory = low(sizeof(*memory));
	struct sharing sharing = { &files, memory, dup(files.slave), n };
	int status;

	set_vector(memory);
	for (int round = 0; round < 2; round++) {
		pid_t child = clone(sharer, stack + sizeof(stack), CLONE_FILES | SIGCHLD, &sharing);

		if (child < 0 || waitpid(child, &status, 0) != child || status)
			fail("clone");
		/* As the child has left it. */
		all_of_descriptor(NATIVE, memory, sharing.file, 1);
	}
	/* A copy of the descriptors: what the child does with its own does not matter here. */
	if (!fork()) {
		dup2(files.pipe[0], sharing.file);
		all_of_descriptor(NATIVE, memory, sharing.file, 0);
		_exit(0);
	}
	wait(&status);
	all_of_descriptor(NATIVE, memory, sharing.file, 1);
}

static void moved(long n)
{
	static const int to[] = { 63, 64, 65, 255, 256, 1000, 1023, 1024 };
	struct files files = open_files();
	struct memory *memory = low(sizeof(*memory));

	set_vector(memory);
	/* 63 is the last of a process that never had more than 64. */
	for (int i = 0; i < 8; i++) {
		if (dup2(files.slave, to[i]) != to[i])
			fail("dup2");
		for (long k = 0; k < n; k++) {
			all_of_descriptor(NATIVE, memory, to[i], 1);
			poll_files(NATIVE, memory, 1, 1, &to[i]);
			/* No more than 1,024 are looked at. */
			if (to[i] < 1024) {
				select_files(NATIVE, memory, 1, to[i] + 1, to[i], -1, -1);
				select_files(NATIVE, memory, 1, to[i] + 1, files.slave, to[i], files.master);
				select_files(NATIVE, memory, 0, to[i] + 1, files.slave, to[i], files.pipe[0]);
				select_files(NATIVE, memory, 0, to[i], to[i], -1, -1);
			}
		}
	}
}

/* Of a block device the major number says something else. */
static void block_device(struct memory *memory, long n)
{
	char path[] = "/tmp/tallyman-block-XXXXXX";
	int file;

	close(mkstemp(path));
	unlink(path);
	if (mknod(path, S_IFBLK | 0600, makedev(4, 64)))
		fail(path);
	/* There is no such device, so this is all that can be opened. */
	file = open(path, O_PATH);
	unlink(path);
	if (file < 0)
		fail(path);
	while (n-- > 0)
		call(NATIVE, READ, 0, file, (long)memory->buffer, 1, 0, 0);
}

static void devices(long n)
{
	static const char *const paths[] = { "/dev/null", "/dev/zero", "/dev/full", "/proc/self/stat" };
	struct memory *memory = low(sizeof(*memory));
	struct files files;
	int tty;

	for (int i = 0; i < 4; i++) {
		int file = open(paths[i], O_RDONLY);

		if (file < 0)
			fail(paths[i]);
		for (long k = 0; k < n; k++)
			call(NATIVE, READ, 0, file, (long)memory->buffer, 1, 0, 0);
	}
	block_device(memory, n);
	setsid();
	open_pty(&files.master, &files.slave);
	if (counted_ioctl(files.slave, TIOCSCTTY, NULL))
		fail("TIOCSCTTY");
	tty = open("/dev/tty", O_RDWR | O_NONBLOCK);
	if (tty < 0)
		fail("/dev/tty");
	for (long k = 0; k < n; k++)
		call(NATIVE, READ, 1, tty, (long)memory->buffer, 1, 0, 0);
	/* Still a terminal, though hung up. */
	signal(SIGHUP, SIG_IGN);
	close(files.master);
	for (long k = 0; k < n; k++)
		call(NATIVE, READ, 1, files.slave, (long)memory->buffer, 1, 0, 0);
}

static void report(const char *path)
{
	static char text[8192];
	size_t length = 0;
	int file;

	for (int abi = 0; abi < ABIS; abi++)
		for (int i = 0; i < ALL_CALLS; i++)
			if (counts[abi][i].all)
				length += snprintf(text + length, sizeof(text) - length, "%s %ld %ld\n", names[abi][i],
						   counts[abi][i].on_terminal, counts[abi][i].all);
	file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	/* Not by write, which is what is counted. */
	if (file < 0 || ftruncate(file, length))
		fail(path);
	memcpy(mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), text, length);
}

int main(int argc, char **argv)
{
	const char *scenario = argc > 2 ? argv[2] : "";
	long n = argc > 3 ? atol(argv[3]) : 1;

	counts = mmap(NULL, sizeof(*counts) * ABIS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		fail("mmap");
	if (!strcmp(scenario, "all")) {
		all(NATIVE, n);
	} else if (!strcmp(scenario, "threads")) {
		threads(n);
	} else if (!strcmp(scenario, "odd")) {
		odd(n);
	} else if (!strcmp(scenario, "reused")) {
		reused(n);
	} else if (!strcmp(scenario, "shared")) {
		shared(n);
	} else if (!strcmp(scenario, "moved")) {
		moved(n);
	} else if (!strcmp(scenario, "devices")) {
		devices(n);
	} else if (!strcmp(scenario, "compat")) {
		all(I386, n);
	} else if (!strcmp(scenario, "x32")) {
		all(X32, n);
	} else {
		fail("usage: terminal REPORT SCENARIO N");
	}
	report(argv[1]);
	return 0;
}
