/* Calls that send, catch and wait for signals. */
#include "call.h"
#include <time.h>

/* As the kernel has it. */
struct action {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

static void caught(int signal)
{
	(void)signal;
}

static void __attribute__((naked)) restorer(void)
{
	__asm__("mov %0, %%eax\n\tsyscall" : : "i"(SYS_rt_sigreturn));
}

static void soon(int signal)
{
	timer_t timer;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal };
	struct itimerspec value = { .it_value.tv_nsec = 5000000 };

	timer_create(CLOCK_MONOTONIC, &event, &timer);
	timer_settime(timer, 0, &value, NULL);
}

/* A process may tell itself whatever it wants. */
static void whatever(int self)
{
	static const int signals[] = { SIGUSR1, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGCHLD, SIGPOLL, SIGSYS };
	unsigned long all = ~0UL, was;
	struct timespec nothing = { 0, 0 };
	int info[32] = { 0, 0, 0, 0, 6, 7, 8, 9 };

	raw_call(SYS_rt_sigprocmask, (const long[6]){ SIG_SETMASK, P(&all), P(&was), 8 });
	for (unsigned i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		for (int code = -8; code < 16; code++) {
			info[0] = signals[i];
			info[1] = code % 3 == 0 ? ENOENT : 0;
			info[2] = code;
			CALL(SYS_rt_sigqueueinfo, self, signals[i], P(info));
			CALL(SYS_rt_sigtimedwait, P(&all), P(info), 0, 8);
		}
		info[2] = SI_KERNEL;
		CALL(SYS_rt_sigqueueinfo, self, signals[i], P(info));
		info[2] = SI_ASYNCNL;
		memset(info + 4, 0, 16);
		CALL(SYS_rt_sigqueueinfo, self, signals[i], P(info));
		info[2] = 0x123;
		CALL(SYS_rt_sigqueueinfo, self, signals[i], P(info));
		memcpy(info + 4, (int[]){ 6, 7, 8, 9 }, 16);
	}
	/* Those that are left are taken. */
	while (raw_call(SYS_rt_sigtimedwait, (const long[6]){ P(&all), 0, P(&nothing), 8 }) > 0)
		;
	raw_call(SYS_rt_sigprocmask, (const long[6]){ SIG_SETMASK, P(&was), 0, 8 });
}

int main(int argc, char **argv)
{
	struct action action = { caught, SA_RESTART | 0x04000000, restorer, 1UL << (SIGHUP - 1) | 1UL << (34 - 1) }, old;
	unsigned long set = 1UL << (SIGUSR1 - 1) | 1UL << (SIGRTMAX - 1), was;
	stack_t stack = { malloc(16384), 0, 16384 }, none = { NULL, SS_DISABLE, 0 }, before;
	struct timespec nano = { 0, 1000 };
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };
	int pidfd, self = getpid();

	(void)argc;
	CALL(SYS_rt_sigaction, SIGUSR2, P(&action), P(&old), 8);
	CALL(SYS_rt_sigaction, SIGUSR2, 0, P(&old), 8);
	action.flags |= 0xffffffff00000000;
	CALL(SYS_rt_sigaction, SIGUSR2, P(&action), 0, 8);
	CALL(SYS_rt_sigaction, SIGUSR2, 0, P(&old), 8);
	action = (struct action){ SIG_IGN, 0, NULL, 0 };
	CALL(SYS_rt_sigaction, SIGHUP, P(&action), 0, 8);
	action = (struct action){ SIG_DFL, 0xffff, NULL, -1 };
	CALL(SYS_rt_sigaction, SIGHUP, P(&action), P(&old), 8);
	CALL(SYS_rt_sigaction, SIGKILL, P(&action), 0, 8);
	CALL(SYS_rt_sigaction, 64, 0, 0, 8);
	CALL(SYS_rt_sigaction, 65, 0, 0, 8);
	CALL(SYS_rt_sigaction, 33, 0, P(&old), 4);
	CALL(SYS_rt_sigaction, SIGHUP, NOWHERE, 0, 8);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, P(&set), P(&was), 8);
	CALL(SYS_rt_sigprocmask, SIG_UNBLOCK, P(&was), 0, 8);
	was = ~set;
	CALL(SYS_rt_sigprocmask, 7, P(&was), 0, 8);
	was = -1;
	CALL(SYS_rt_sigprocmask, 7, P(&was), 0, 8);
	was = 0xffffffff;
	CALL(SYS_rt_sigprocmask, 7, P(&was), 0, 8);
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, P(&set), 0, 4);
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, 0, P(&was), 8);
	CALL(SYS_kill, self, SIGUSR1);
	CALL(SYS_rt_sigpending, P(&was), 8);
	CALL(SYS_rt_sigtimedwait, P(&set), P(&info), P(&nano), 8);
	CALL(SYS_rt_sigtimedwait, P(&set), P(&info), P(&nano), 8);
	info = (siginfo_t){ .si_signo = SIGUSR1, .si_code = SI_QUEUE };
	info.si_pid = 5;
	info.si_uid = 6;
	info.si_value.sival_ptr = (void *)0x123456789;
	CALL(SYS_rt_sigqueueinfo, self, SIGUSR1, P(&info));
	CALL(SYS_rt_sigtimedwait, P(&set), P(&info), 0, 8);
	CALL(SYS_rt_tgsigqueueinfo, self, self, SIGUSR1, P(&info));
	CALL(SYS_rt_sigtimedwait, P(&set), 0, 0, 8);
	whatever(self);
	CALL(SYS_rt_tgsigqueueinfo, self, -1, SIGUSR1, NOWHERE);
	pidfd = CALL(SYS_pidfd_open, self, 0);
	CALL(SYS_pidfd_send_signal, pidfd, SIGUSR1, 0, 0);
	CALL(SYS_pidfd_send_signal, pidfd, SIGUSR1, P(&info), 0);
	CALL(SYS_pidfd_send_signal, -1, 0, 0, 8);
	CALL(SYS_rt_sigtimedwait, P(&set), P(&info), 0, 8);
	CALL(SYS_rt_sigtimedwait, P(&set), P(&info), P(&nano), 8);
	CALL(SYS_tkill, self, 0);
	CALL(SYS_tkill, -1, SIGRTMAX);
	CALL(SYS_tgkill, self, self, SIGUSR2);
	CALL(SYS_tgkill, self, 99999, 65);
	CALL(SYS_kill, -99999, 32);
	CALL(SYS_kill, 99999, 77);
	soon(SIGUSR2);
	CALL(SYS_pause);
	soon(SIGUSR2);
	was = 0;
	CALL(SYS_rt_sigsuspend, P(&was), 8);
	soon(SIGUSR2);
	nano.tv_sec = 9;
	CALL(SYS_nanosleep, P(&nano), P(&nano));
	nano.tv_sec = 9;
	soon(SIGUSR2);
	CALL(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, P(&nano), P(&nano));
	soon(SIGUSR2);
	CALL(SYS_poll, 0, 0, 9000);
	CALL(SYS_sigaltstack, P(&stack), P(&before));
	CALL(SYS_sigaltstack, 0, P(&before));
	CALL(SYS_sigaltstack, P(&none), P(&before));
	stack.ss_flags = 0x80000001;
	stack.ss_size = 1;
	CALL(SYS_sigaltstack, P(&stack), 0);
	return finish(argv[1]);
}
