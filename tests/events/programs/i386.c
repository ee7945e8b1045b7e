/*
 * Calls of 32-bit code, by `int $0x80` out of a 64-bit program: all there are with arguments that nothing comes of,
 * and some with memory as 32-bit code lays it out.
 */
#include "call.h"

static char buffer[4096];
static const char text[] = "hello\n", name[] = "file", nowhere[] = "/nowhere";

/* As long as a register, so that what is above its lower half can be tried. */
static long int80(long nr, const long a[6])
{
	register const long *registers __asm__("r12") = a;
	long result = nr;

	/* Below the stack pointer there may be something, and rbp is the compiler's. */
	__asm__ volatile("sub $128, %%rsp\n\t"
			 "push %%rbp\n\t"
			 "mov (%[a]), %%rbx\n\t"
			 "mov 8(%[a]), %%rcx\n\t"
			 "mov 16(%[a]), %%rdx\n\t"
			 "mov 24(%[a]), %%rsi\n\t"
			 "mov 32(%[a]), %%rdi\n\t"
			 "mov 40(%[a]), %%rbp\n\t"
			 "int $0x80\n\t"
			 "pop %%rbp\n\t"
			 "add $128, %%rsp"
			 : "+a"(result)
			 : [a] "r"(registers)
			 : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
	return result;
}

/* The kernel looks at the lower halves; strace shows the upper ones as well. */
static long logged(long nr, const long a[6], long above)
{
	long own[6], result;

	for (int i = 0; i < 6; i++)
		own[i] = above | (unsigned)a[i];
	result = int80(nr, own);
	log_line("compat %ld", nr);
	for (int i = 0; i < 6; i++)
		log_line(" %x", (unsigned)a[i]);
	log_line(" = %d\n", (int)result);
	return (int)result;
}

#define RUBBISH 0x7eadbeef00000000
#define CALL32(nr, ...) logged(nr, (const long[6]){ __VA_ARGS__ }, 0)
#define CALL32_WITH_RUBBISH(nr, ...) logged(nr, (const long[6]){ __VA_ARGS__ }, RUBBISH)

/* asm/unistd_32.h */
enum {
	exit_ = 1, fork_ = 2, read_ = 3, write_ = 4, open_ = 5, waitpid_ = 7, execve_ = 11, time_ = 13, lseek_ = 19, pause_ = 29,
	kill_ = 37, ssetmask_ = 69, sigsuspend_ = 72, socketcall_ = 102, vhangup_ = 111, ipc_ = 117, sigreturn_ = 119,
	clone_ = 120, llseek_ = 140, writev_ = 146, nanosleep_ = 162, rt_sigreturn_ = 173, rt_sigaction_ = 174,
	rt_sigprocmask_ = 175, rt_sigsuspend_ = 179, pread64_ = 180, vfork_ = 190, mmap2_ = 192, truncate64_ = 193,
	stat64_ = 195, getuid32_ = 199, fcntl64_ = 221, exit_group_ = 252, fadvise64_64_ = 272, openat_ = 295, preadv_ = 333,
	sendmsg_ = 370, socket_ = 359, connect_ = 362, fallocate_ = 324, clock_gettime64_ = 403, utimensat_time64_ = 412,
	futex_time64_ = 422, ugetrlimit_ = 191, statx_ = 383,
};

/* Those that end or stop their caller, make another of it, or reach others. */
static const int without[] = { exit_, fork_, pause_, kill_, ssetmask_, sigsuspend_, vhangup_, sigreturn_, clone_,
			       rt_sigreturn_, rt_sigsuspend_, vfork_, exit_group_ };

/* Those that would make somebody else of it: setreuid, setregid, setresuid, setresgid, twice. */
static const int identities[] = { 70, 71, 164, 170, 203, 204, 208, 210 };

static int is_among(int nr, const int *list, unsigned bytes)
{
	for (unsigned i = 0; i < bytes / sizeof(*list); i++)
		if (list[i] == nr)
			return 1;
	return 0;
}

static void returning(void)
{
	CALL32(sigreturn_);
}

static void rt_returning(void)
{
	CALL32(rt_sigreturn_);
}

static void ending(void)
{
	CALL32(exit_, 5);
}

static void ending_all(void)
{
	CALL32(exit_group_, 6);
}

static void becoming(void)
{
	static unsigned argv[3], env[2];
	static char first[] = "true", second[] = "two", variable[] = "A=1", path[] = "/bin/true";

	argv[0] = P(first);
	argv[1] = P(second);
	env[0] = P(variable);
	CALL32(execve_, P(nowhere), P(argv), P(env));
	CALL32(execve_, P(path), P(argv), P(env));
}

static void with_memory(void)
{
	static unsigned vector[4], message[7], words[8], set[2] = { 1 << (SIGUSR1 - 1), 1 }, status;
	static struct { unsigned short family, port; unsigned address; char rest[8]; } address = { 2, 0x5000, 0x0100007f, "" };
	static struct { long long seconds, nanoseconds; } times[2] = { { 1, 2 }, { 3, 4 } };
	int fd, child;

	fd = CALL32(open_, P(name), O_RDWR | O_CREAT, 0644);
	CALL32_WITH_RUBBISH(open_, P(name), O_RDONLY);
	expect("i386:open(\"file\", O_RDONLY) = %d", fd + 1);
	CALL32_WITH_RUBBISH(write_, 99, P(text), 3);
	expect("i386:write(99, \"hel\", 3) = -1 EBADF (Bad file descriptor)");
	CALL32(openat_, -100, P(nowhere), O_RDONLY | O_CLOEXEC);
	CALL32(openat_, (unsigned)-100, P(nowhere), 0x8000);
	CALL32(write_, fd, P(text), 6);
	CALL32(pread64_, fd, P(buffer), 5, 1, 0);
	CALL32(pread64_, fd, P(buffer), 5, 1, 7);
	CALL32(lseek_, fd, -1, 0);
	CALL32(lseek_, fd, 0, 0);
	CALL32(read_, fd, P(buffer), 100);
	CALL32(llseek_, fd, 1, 2, P(buffer), 0);
	vector[0] = P(text);
	vector[1] = 3;
	vector[2] = P(text) + 3;
	vector[3] = 2;
	CALL32(writev_, fd, P(vector), 2);
	CALL32(preadv_, fd, P(vector), 0, 1, 2);
	CALL32(truncate64_, P(name), 4, 0);
	CALL32(fallocate_, fd, 1, 0, 1, 4096, 0);
	CALL32(fadvise64_64_, fd, 0, 1, 4096, 0, 3);
	CALL32(stat64_, P(name), P(buffer));
	CALL32(statx_, -100, P(name), 0, 0x7ff, P(buffer));
	CALL32(fcntl64_, fd, 3);
	CALL32(fcntl64_, fd, 2, 1);
	CALL32(mmap2_, 0, 4096, 1, 2, fd, 1);
	CALL32(getuid32_);
	CALL32(time_, 0);
	CALL32(ugetrlimit_, 3, P(words));
	CALL32(rt_sigaction_, SIGUSR1, 0, P(buffer), 8);
	CALL32(rt_sigprocmask_, 0, P(set), P(buffer), 8);
	CALL32(rt_sigprocmask_, 1, P(set), 0, 8);
	CALL32(nanosleep_, P(words), 0);
	CALL32(clock_gettime64_, 1, P(times));
	CALL32(utimensat_time64_, -100, P(name), P(times), 0);
	CALL32(futex_time64_, P(words), 0, 99, P(times), 0, 0);
	fd = CALL32(socket_, 2, 2 | O_CLOEXEC, 0);
	CALL32(connect_, fd, P(&address), 16);
	message[0] = P(&address);
	message[1] = 16;
	message[2] = P(vector);
	message[3] = 2;
	CALL32(sendmsg_, fd, P(message), 0);
	CALL32(socketcall_, 1, P(words));
	CALL32(ipc_, 23, 0, 4096, 0600, 0, 0);
	CALL32(kill_, 99999, 9);
	child = CALL32(clone_, SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		_exit(3);
	CALL32(waitpid_, child, P(&status), 0);
	CALL32(waitpid_, -1, P(&status), 1);
	child = CALL32(fork_);
	if (child == 0)
		_exit(4);
	CALL32(waitpid_, child, P(&status), 2);
}

int main(int argc, char **argv)
{
	(void)argc;
	with_memory();
	in_child(returning);
	in_child(rt_returning);
	in_child(ending);
	in_child(ending_all);
	in_child(becoming);
	for (int nr = 0; nr < 475; nr++)
		if (is_among(nr, identities, sizeof(identities)))
			CALL32(nr, -1, -1, -1, 4, 5, 6);
		else if (!is_among(nr, without, sizeof(without)))
			CALL32(nr, -1, NOWHERE, 3, 4, 5, 6);
	return finish(argv[1]);
}
