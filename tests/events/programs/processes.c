/* Calls that make, end, wait for, limit and schedule processes, and say who they are. */
#include "call.h"
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

static char buffer[4096];
static const long group[2] = { 0x100000001, 3 };

static void waiting(void)
{
	struct clone_args how = { .exit_signal = SIGCHLD };
	struct rusage usage;
	siginfo_t info;
	int status, child, pidfd;

	child = CALL(SYS_fork);
	if (child == 0)
		_exit(3);
	CALL(SYS_wait4, child, P(&status), 0, P(&usage));
	child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		raise(SIGKILL);
	}
	CALL(SYS_wait4, -1, P(&status), WUNTRACED, 0);
	CALL(SYS_wait4, child, P(&status), WNOHANG, P(&usage));
	kill(child, SIGCONT);
	CALL(SYS_wait4, -getpgrp(), P(&status), __WALL, 0);
	CALL(SYS_wait4, 0, 0, WNOHANG | __WCLONE | __WNOTHREAD, 0);
	CALL(SYS_wait4, -1, P(&status), 0x123, 0);
	child = CALL(SYS_clone, CLONE_CHILD_SETTID | CLONE_PARENT_SETTID | SIGCHLD, 0, P(&status), P(buffer));
	if (child == 0)
		_exit(0);
	CALL(SYS_waitid, P_ALL, 0, P(&info), WNOHANG | WEXITED | WNOWAIT, P(&usage));
	CALL(SYS_waitid, P_PID, child, P(&info), WEXITED, P(&usage));
	CALL(SYS_waitid, P_PID, child, P(&info), WEXITED, 0);
	CALL(SYS_waitid, 3, -1, 0, WSTOPPED | WCONTINUED, 0);
	child = CALL(SYS_clone, SIGCHLD);
	if (child == 0) {
		raise(SIGSTOP);
		raise(SIGKILL);
	}
	CALL(SYS_waitid, P_PID, child, P(&info), WSTOPPED, 0);
	kill(child, SIGCONT);
	CALL(SYS_waitid, P_PID, child, P(&info), WCONTINUED | WEXITED | WNOWAIT, 0);
	CALL(SYS_waitid, P_PID, child, P(&info), WEXITED, 0);
	child = CALL(SYS_clone3, P(&how), sizeof(how));
	if (child == 0)
		_exit(0);
	pidfd = CALL(SYS_pidfd_open, child, 0);
	CALL(SYS_waitid, 3, pidfd, P(&info), WEXITED, 0);
	how.flags = CLONE_THREAD;
	how.stack = 0x123456000;
	how.stack_size = 4096;
	how.tls = 7;
	CALL(SYS_clone3, P(&how), sizeof(how));
	CALL(SYS_clone3, P(&how), 64);
	CALL(SYS_clone3, NOWHERE, 64);
	CALL(SYS_clone, CLONE_THREAD, P(buffer), P(&status), P(buffer), 99);
	CALL(SYS_clone, CLONE_THREAD | CLONE_SETTLS | CLONE_PIDFD | 0x7f, P(buffer), P(&status), P(buffer), 99);
	CALL(SYS_pidfd_open, getpid(), 0x800);
	CALL(SYS_pidfd_open, -1, 0x81);
	child = vfork();
	if (child == 0)
		_exit(0);
	CALL(SYS_wait4, child, P(&status), 0, 0);
	close_range(3, 100, 0);
}

static void stopped_and_cored(void)
{
	struct rlimit none = { 0, 0 };
	int status, child = fork();

	if (child == 0) {
		setrlimit(RLIMIT_CORE, &none);
		raise(SIGSTOP);
		raise(SIGABRT);
	}
	CALL(SYS_wait4, child, P(&status), WUNTRACED | WCONTINUED, 0);
	kill(child, SIGCONT);
	CALL(SYS_wait4, child, P(&status), WUNTRACED | WCONTINUED, 0);
	CALL(SYS_wait4, child, P(&status), 0, 0);
}

static void leave(void)
{
	CALL(SYS_exit, 7);
}

static void names(void)
{
	struct utsname name;

	CALL(SYS_getpid);
	CALL(SYS_getppid);
	CALL(SYS_gettid);
	CALL(SYS_getpgid, 0);
	CALL(SYS_getpgid, -1);
	CALL(SYS_setpgid, 0, 0);
	CALL(SYS_setpgid, 1, -1);
	CALL(SYS_getpgrp);
	CALL(SYS_getsid, 0);
	CALL(SYS_setsid);
	CALL(SYS_set_tid_address, P(buffer));
	CALL(SYS_uname, P(&name));
	CALL(SYS_uname, NOWHERE);
	CALL(SYS_sethostname, P("host\nname"), 9);
	CALL(SYS_sethostname, P("x"), -1);
	CALL(SYS_setdomainname, P("domain"), 6);
	CALL(SYS_uname, P(&name));
	CALL(SYS_getcpu, P(buffer), P(buffer + 8), 0);
	CALL(SYS_getcpu, 0, 0, 0);
	CALL(SYS_sysinfo, P(buffer));
}

static void identities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	unsigned ids[3], groups[] = { 1, 2, 4000000000 };

	CALL(SYS_getuid);
	CALL(SYS_geteuid);
	CALL(SYS_getgid);
	CALL(SYS_getegid);
	CALL(SYS_getresuid, P(ids), P(ids + 1), P(ids + 2));
	CALL(SYS_getresgid, P(ids), P(ids + 1), P(ids + 2));
	CALL(SYS_getresuid, NOWHERE, P(ids + 1), P(ids + 2));
	CALL(SYS_setgroups, 3, P(groups));
	CALL(SYS_getgroups, 3, P(groups));
	CALL(SYS_getgroups, 0, 0);
	CALL(SYS_getgroups, 1, P(groups));
	CALL(SYS_setgroups, 0, P(groups));
	CALL(SYS_setgroups, -1, P(groups));
	CALL(SYS_setuid, 0);
	CALL(SYS_setgid, 0);
	CALL(SYS_setreuid, -1, 0);
	CALL(SYS_setregid, 0, -1);
	CALL(SYS_setresuid, -1, -1, -1);
	CALL(SYS_setresgid, 0, -1, 0);
	CALL(SYS_setfsuid, 0);
	CALL(SYS_setfsgid, 0);
	CALL(SYS_setfsuid, -1);
	CALL(SYS_capget, P(&header), P(data));
	data[1].effective = 0;
	data[0].inheritable = 1 << CAP_SYS_ADMIN | 1 << CAP_CHOWN;
	CALL(SYS_capset, P(&header), P(data));
	CALL(SYS_capget, P(&header), P(data));
	header.version = _LINUX_CAPABILITY_VERSION_1;
	CALL(SYS_capget, P(&header), P(data));
	header.version = 0x20071026;
	CALL(SYS_capget, P(&header), P(data));
	header.version = 5;
	header.pid = -1;
	CALL(SYS_capget, P(&header), P(data));
	CALL(SYS_capset, P(&header), NOWHERE);
}

static void limits(void)
{
	struct rlimit limit = { 1024, RLIM_INFINITY };
	struct rusage usage;

	CALL(SYS_getrlimit, RLIMIT_STACK, P(&limit));
	CALL(SYS_getrlimit, 99, P(&limit));
	limit.rlim_cur = 1000;
	CALL(SYS_setrlimit, RLIMIT_CORE, P(&limit));
	CALL(SYS_setrlimit, RLIMIT_CORE, NOWHERE);
	CALL(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, P(&limit));
	limit.rlim_cur = 4096;
	limit.rlim_max = 65536;
	CALL(SYS_prlimit64, getpid(), RLIMIT_CORE, P(&limit), P(&limit));
	CALL(SYS_prlimit64, -1, RLIMIT_CORE, P(&limit), 0);
	CALL(SYS_getrusage, RUSAGE_SELF, P(&usage));
	CALL(SYS_getrusage, RUSAGE_CHILDREN, P(&usage));
	CALL(SYS_getrusage, 7, P(&usage));
	CALL(SYS_getpriority, PRIO_PROCESS, 0);
	CALL(SYS_setpriority, PRIO_PROCESS, 0, 1);
	CALL(SYS_getpriority, PRIO_USER, -1);
	CALL(SYS_setpriority, PRIO_PGRP, 99999, -20);
	CALL(SYS_ioprio_get, 1, 0);
	CALL(SYS_ioprio_set, 1, 0, 2 << 13 | 3);
	CALL(SYS_ioprio_get, 1, 0);
	CALL(SYS_ioprio_set, 1, 0, 1 << 13 | 7);
	CALL(SYS_ioprio_set, 2, 0, 0);
	CALL(SYS_ioprio_set, 3, 0, 7 << 13 | 9);
	CALL(SYS_ioprio_set, 9, 0, 3 << 13);
}

static void scheduling(void)
{
	struct sched_param parameters = { 0 };
	struct timespec interval;
	unsigned char cpus[128] = { 0 };
	struct { unsigned size, policy; unsigned long flags; int nice; unsigned priority; unsigned long runtime, deadline,
		period; unsigned min, max; } attributes = { .size = 48, .policy = 3, .flags = 1, .nice = 2 };

	CALL(SYS_sched_yield);
	CALL(SYS_sched_getscheduler, 0);
	CALL(SYS_sched_getscheduler, -1);
	CALL(SYS_sched_setscheduler, 0, SCHED_BATCH, P(&parameters));
	CALL(SYS_sched_getscheduler, 0);
	CALL(SYS_sched_setscheduler, 0, SCHED_IDLE | 0x40000000, P(&parameters));
	CALL(SYS_sched_getscheduler, 0);
	parameters.sched_priority = 5;
	CALL(SYS_sched_setscheduler, 0, SCHED_OTHER, P(&parameters));
	CALL(SYS_sched_setscheduler, 0, 77, NOWHERE);
	CALL(SYS_sched_getparam, 0, P(&parameters));
	CALL(SYS_sched_setparam, 0, P(&parameters));
	CALL(SYS_sched_getattr, 0, P(&attributes), sizeof(attributes), 0);
	CALL(SYS_sched_getattr, 0, P(&attributes), 48, 0);
	CALL(SYS_sched_getattr, 0, P(&attributes), 1, 0);
	attributes.size = 48;
	attributes.policy = 0;
	attributes.flags = 3;
	CALL(SYS_sched_setattr, 0, P(&attributes), 0);
	attributes.size = 56;
	attributes.policy = 6;
	attributes.flags = 0x7f;
	attributes.runtime = 1;
	CALL(SYS_sched_setattr, 0, P(&attributes), 1);
	CALL(SYS_sched_getaffinity, 0, sizeof(cpus), P(cpus));
	CALL(SYS_sched_getaffinity, 0, 1, P(cpus));
	CALL(SYS_sched_setaffinity, 0, 8, P(cpus));
	cpus[0] = 0xa1;
	cpus[9] = 0x80;
	CALL(SYS_sched_setaffinity, -1, 16, P(cpus));
	CALL(SYS_sched_setaffinity, -1, 0, P(cpus));
	CALL(SYS_sched_get_priority_max, SCHED_FIFO);
	CALL(SYS_sched_get_priority_min, 6);
	CALL(SYS_sched_get_priority_min, 99);
	CALL(SYS_sched_rr_get_interval, 0, P(&interval));
}

static void futexes(void)
{
	static int word = 5, other = 6;
	struct timespec soon = { 0, 1000 };
	static struct { unsigned long value, address; unsigned flags, reserved; } waiters[2];

	CALL(SYS_futex, P(&word), FUTEX_WAIT, 4, P(&soon));
	CALL(SYS_futex, P(&word), FUTEX_WAIT_PRIVATE, 5, P(&soon));
	CALL(SYS_futex, P(&word), FUTEX_WAIT, 4, 0);
	CALL(SYS_futex, P(&word), FUTEX_WAKE, 1, 77, 78, 79);
	CALL(SYS_futex, P(&word), FUTEX_WAKE_PRIVATE, 0x7fffffff);
	CALL(SYS_futex, P(&word), FUTEX_REQUEUE, 1, 2, P(&other));
	CALL(SYS_futex, P(&word), FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, P(&other), 5);
	CALL(SYS_futex, P(&word), FUTEX_WAKE_OP, 1, 1, P(&other), FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0));
	CALL(SYS_futex, P(&word), FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 4, P(&soon), 0, -1);
	CALL(SYS_futex, P(&word), FUTEX_WAKE_BITSET, 4, 0, 0, 0xff);
	CALL(SYS_futex, P(&other), FUTEX_LOCK_PI, 0, P(&soon));
	CALL(SYS_futex, P(&other), FUTEX_LOCK_PI2, 0, P(&soon));
	CALL(SYS_futex, P(&other), FUTEX_UNLOCK_PI);
	CALL(SYS_futex, P(&other), FUTEX_TRYLOCK_PI_PRIVATE);
	CALL(SYS_futex, P(&word), FUTEX_WAIT_REQUEUE_PI, 4, P(&soon), P(&other));
	CALL(SYS_futex, P(&word), FUTEX_CMP_REQUEUE_PI, 1, 1, P(&other), 4);
	CALL(SYS_futex, P(&word), FUTEX_FD, 3);
	CALL(SYS_futex, P(&word), 77, 1, 2, 3, 4);
	waiters[0].value = 4;
	waiters[0].address = P(&word);
	waiters[0].flags = 2;
	waiters[1].flags = 2 | 128;
	CALL(SYS_futex_waitv, P(waiters), 1, 0, P(&soon), CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, P(waiters), 2, 0, 0, 0);
	CALL(SYS_futex_waitv, NOWHERE, 1, 1, 0, 9);
	CALL(SYS_get_robust_list, 0, P(buffer), P(buffer + 8));
	CALL(SYS_set_robust_list, P(buffer), 24);
	CALL(SYS_set_robust_list, P(buffer), 3);
}

static void controlling(void)
{
	struct iovec from[2] = { { "remote", 3 }, { "parts", 4 } }, to[1] = { { buffer, 5 } };
	unsigned long seccomp_action = 0x7fff0000;

	CALL(SYS_prctl, PR_SET_NAME, P("a name that is long"));
	CALL(SYS_prctl, PR_GET_NAME, P(buffer));
	CALL(SYS_prctl, PR_SET_PDEATHSIG, SIGUSR1);
	CALL(SYS_prctl, PR_GET_PDEATHSIG, P(buffer));
	CALL(SYS_prctl, PR_SET_PDEATHSIG, 0);
	CALL(SYS_prctl, PR_GET_DUMPABLE, 1, 2, 3, 4);
	CALL(SYS_prctl, PR_SET_DUMPABLE, 1);
	CALL(SYS_prctl, PR_SET_KEEPCAPS, 0);
	CALL(SYS_prctl, PR_GET_KEEPCAPS);
	CALL(SYS_prctl, PR_CAPBSET_READ, CAP_SYS_ADMIN);
	CALL(SYS_prctl, PR_CAPBSET_DROP, CAP_WAKE_ALARM);
	CALL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
	CALL(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	CALL(SYS_prctl, PR_SET_TIMERSLACK, 50000);
	CALL(SYS_prctl, PR_GET_TIMERSLACK);
	CALL(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1);
	CALL(SYS_prctl, PR_GET_CHILD_SUBREAPER, P(buffer));
	CALL(SYS_prctl, PR_GET_SECUREBITS);
	CALL(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_RAW, 0, 0);
	CALL(SYS_prctl, PR_GET_SECCOMP);
	CALL(SYS_prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0);
	CALL(SYS_prctl, 123456, 1, 2, 3, 4);
	CALL(SYS_arch_prctl, 0x1003, P(buffer));
	CALL(SYS_arch_prctl, 0x1004, P(buffer));
	CALL(SYS_arch_prctl, 0x1011, 0);
	CALL(SYS_arch_prctl, 0x9999, 0);
	CALL(SYS_personality, 0xffffffff);
	CALL(SYS_personality, 0x0040000);
	CALL(SYS_personality, 0x8000008);
	CALL(SYS_personality, 0);
	CALL(SYS_ptrace, 0, 0, 0, 0);
	CALL(SYS_ptrace, 16, 1, 2, 3);
	CALL(SYS_ptrace, 0x4206, -1, 0, 0);
	CALL(SYS_ptrace, 99, 1, 2, 3);
	CALL(SYS_seccomp, 2, 0, P(&seccomp_action));
	CALL(SYS_seccomp, 3, 0, P(buffer));
	CALL(SYS_seccomp, 1, 0x1f, NOWHERE);
	CALL(SYS_seccomp, 0, 1, 0);
	CALL(SYS_process_vm_readv, getpid(), P(to), 1, P(from), 2, 0);
	CALL(SYS_process_vm_writev, getpid(), P(from), 2, P(to), 1, 0);
	CALL(SYS_process_vm_readv, -1, 0, 0, NOWHERE, 1, 5);
	CALL(SYS_process_mrelease, -1, 0);
	CALL(SYS_process_madvise, -1, P(from), 2, 4, 0);
	CALL(SYS_kcmp, getpid(), getpid(), 0, 0, 1);
	CALL(SYS_kcmp, getpid(), getpid(), 2, 5, 6);
	CALL(SYS_unshare, 0);
	CALL(SYS_unshare, CLONE_NEWNS | CLONE_FS | 1);
	CALL(SYS_setns, -1, CLONE_NEWNET);
	CALL(SYS_rseq, P(buffer), 32, 1, 0x53053053);
	CALL(SYS_rseq, 0, 0, 0, 0);
	CALL(SYS_membarrier, 0, 0, 0);
	CALL(SYS_membarrier, 16, 0, 0);
	CALL(SYS_membarrier, 128, 1, 5);
	CALL(SYS_membarrier, 3, 9, 0);
	CALL(SYS_restart_syscall);
}

static void becoming(void)
{
	char *const env[] = { "A=1", "B=\n\"", NULL };
	char *many[100], *argv[] = { "true", "", "x y", NULL };

	for (int i = 0; i < 99; i++)
		many[i] = "word";
	many[99] = NULL;
	CALL(SYS_execve, P("/nowhere"), P(argv), P(env));
	CALL(SYS_execve, P("/nowhere"), 0, 0);
	CALL(SYS_execve, P("/nowhere"), NOWHERE, NOWHERE);
	CALL(SYS_execve, P("/nowhere"), P(many + 37), P(env));
	CALL(SYS_execve, P("/nowhere"), P(many), P(many + 36));
	CALL(SYS_execve, NOWHERE, P(argv), P(env));
	CALL(SYS_execveat, AT_FDCWD, P("nowhere"), P(argv), P(env), AT_SYMLINK_NOFOLLOW);
	CALL(SYS_execveat, 99, P(""), P(argv), P(env), AT_EMPTY_PATH);
	CALL(SYS_execve, P("/bin/true"), P(argv), P(env));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)group;
	waiting();
	stopped_and_cored();
	in_child(leave);
	names();
	identities();
	limits();
	scheduling();
	futexes();
	controlling();
	in_child(becoming);
	return finish(argv[1]);
}
