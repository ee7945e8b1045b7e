/* Memory that ends too early or can't be read, registers with rubbish above an int, and more than an event holds. */
#include "call.h"
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#define RUBBISH 0x7eadbeef00000000

static char long_text[9000];

static void registers(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	CALL(SYS_close, RUBBISH | 99);
	CALL(SYS_openat, RUBBISH | 99, P("file"), RUBBISH | O_RDONLY);
	CALL(SYS_openat, RUBBISH | (unsigned)AT_FDCWD, P("file"), RUBBISH | O_WRONLY | O_CREAT, RUBBISH | 0640);
	CALL(SYS_kill, RUBBISH | 99999, RUBBISH | SIGTERM);
	CALL(SYS_fchmod, RUBBISH | (unsigned)fd, RUBBISH | 0600);
	CALL(SYS_fchown, RUBBISH | 99, RUBBISH | 1, RUBBISH | 0xffffffff);
	CALL(SYS_socket, RUBBISH | 77, RUBBISH | 1, RUBBISH);
	CALL(SYS_lseek, RUBBISH | (unsigned)fd, RUBBISH | 5, RUBBISH | 1);
	CALL(SYS_dup2, RUBBISH | 99, RUBBISH | 98);
	CALL(SYS_wait4, RUBBISH | 99999, 0, RUBBISH | 1, 0);
	CALL(SYS_setpriority, RUBBISH | 9, RUBBISH, RUBBISH | (unsigned)-5);
	CALL(SYS_umask, RUBBISH | 022);
	CALL(SYS_clock_gettime, RUBBISH | 99, NOWHERE);
	CALL(SYS_poll, 0, RUBBISH, RUBBISH);
	CALL(SYS_fallocate, RUBBISH | 99, RUBBISH, RUBBISH | 5, RUBBISH | 6);
	close(fd);
}

static void ends(void)
{
	char *five = before_nothing(5), *eight = before_nothing(8);
	struct iovec vector[2] = { { "good", 4 }, { five, 50 } };
	struct timeval now = { 0, 0 };

	memcpy(five, "short", 5);
	memset(eight, 0, 8);
	/* Strings without their NUL. */
	CALL(SYS_open, P(five), O_RDONLY);
	CALL(SYS_rename, P(five), P("good"));
	CALL(SYS_rename, P("good"), P(five));
	CALL(SYS_symlink, P(five), P(five));
	CALL(SYS_setxattr, P("good"), P(five), P("value"), 5, 0);
	CALL(SYS_mount, P("source"), P(five), P("type"), 0, P("data"));
	/* Buffers that are longer than what can be read. */
	CALL(SYS_write, 99, P(five), 5);
	CALL(SYS_write, 99, P(five), 6);
	CALL(SYS_sendto, 99, P(five), 50, 0, P("\2\0\0\120\1\2\3\4\0\0\0\0\0\0\0"), 16);
	CALL(SYS_sendto, 99, P("data"), 4, 0, P(five), 16);
	CALL(SYS_setxattr, P("good"), P("user.x"), P(five), 50, 0);
	CALL(SYS_writev, 99, P(vector), 1);
	/* Structs of which the beginning can be read. */
	CALL(SYS_nanosleep, P(eight), 0);
	CALL(SYS_clock_settime, 99, P(eight));
	CALL(SYS_connect, 99, P(five), 16);
	CALL(SYS_connect, 99, P(five), 5);
	CALL(SYS_bind, 99, P(eight), 16);
	CALL(SYS_rt_sigaction, SIGKILL, P(eight), 0, 8);
	CALL(SYS_rt_sigprocmask, 9, P(eight), 0, 8);
	CALL(SYS_epoll_ctl, 99, 1, 5, P(eight));
	CALL(SYS_ppoll, P(eight), 1, P(eight), P(eight), 8);
	CALL(SYS_utimensat, 99, P("x"), P(eight), 0);
	CALL(SYS_setitimer, 9, P(eight), 0);
	CALL(SYS_sched_setscheduler, -1, 0, P(before_nothing(2)));
	CALL(SYS_setsockopt, 99, 1, 2, P(five), 5);
	CALL(SYS_setsockopt, 99, 1, 2, P(five), 6);
	CALL(SYS_fcntl, 99, F_SETLK, P(eight));
	CALL(SYS_select, 64, P(eight), P(eight), 0, P(&now));
	CALL(SYS_sendmsg, 99, P(eight), 0);
	CALL(SYS_semop, -1, P(five), 1);
	CALL(SYS_execve, P("/nowhere"), P(eight), P(five));
	/* Pointers into the kernel, and to the last byte there is. */
	CALL(SYS_open, 0xffff888000000000, O_RDONLY);
	CALL(SYS_write, 99, -1, 10);
	CALL(SYS_open, -1, O_RDONLY);
	CALL(SYS_nanosleep, 0x8000000000000000, 0);
}

static void lengths(void)
{
	static char *argv[80];

	memset(long_text, 'a', sizeof(long_text) - 1);
	for (int length = 4093; length < 4099; length++) {
		long_text[length] = 0;
		CALL(SYS_open, P(long_text), O_RDONLY);
		CALL(SYS_unlink, P(long_text));
		long_text[length] = 'a';
	}
	CALL(SYS_open, P(long_text), O_RDONLY);
	CALL(SYS_memfd_create, P(long_text), 0);
	CALL(SYS_prctl, 15, P(long_text));
	for (int length = 4093; length < 4099; length++)
		CALL(SYS_write, 99, P(long_text), length);
	CALL(SYS_write, 99, P(long_text), 0x7fffffff);
	CALL(SYS_write, 99, P(long_text), -1);
	for (int i = 0; i < 79; i++)
		argv[i] = "word";
	for (int count = 61; count < 67; count++) {
		argv[count] = NULL;
		CALL(SYS_execve, P("/nowhere"), P(argv), P(argv + count - 1));
		argv[count] = "word";
	}
	argv[60] = long_text + sizeof(long_text) - 100;
	argv[61] = NULL;
	CALL(SYS_execve, P("/nowhere"), P(argv), P(argv + 60));
}

int main(int argc, char **argv)
{
	(void)argc;
	registers();
	ends();
	lengths();
	return finish(argv[1]);
}
