/* Calls on descriptors. */
#include "call.h"
#include <linux/aio_abi.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <termios.h>

static char buffer[16384];
static char pattern[16384];

static void reading(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct iovec vector[3] = { { pattern, 5 }, { NULL, 0 }, { pattern + 5, 7 } };
	struct iovec into[2] = { { buffer, 4 }, { buffer + 100, 4000 } };
	struct iovec bad[2] = { { pattern, 3 }, { (void *)NOWHERE, 3 } };
	int pipes[2], others[2];

	CALL(SYS_write, fd, P(pattern), sizeof(pattern));
	for (long length = 4094; length < 4099; length++)
		CALL(SYS_write, fd, P(pattern), length);
	CALL(SYS_write, fd, P("\1\0017\377\"\\\t"), 8);
	CALL(SYS_write, fd, P(""), 0);
	CALL(SYS_write, fd, NOWHERE, 10);
	CALL(SYS_write, -1, P("abc"), 3);
	CALL(SYS_pwrite64, fd, P("abc"), 3, 0x123456789);
	CALL(SYS_pwrite64, fd, P("abc"), 3, -1);
	CALL(SYS_lseek, fd, 0, SEEK_SET);
	CALL(SYS_lseek, fd, -5, SEEK_END);
	CALL(SYS_lseek, fd, 0x100000000, SEEK_CUR);
	CALL(SYS_lseek, fd, 0, 3);
	CALL(SYS_lseek, fd, 0, 4);
	CALL(SYS_lseek, fd, 0, 99);
	CALL(SYS_lseek, fd, 0, SEEK_SET);
	CALL(SYS_read, fd, P(buffer), sizeof(buffer));
	for (long length = 4094; length < 4099; length++)
		CALL(SYS_read, fd, P(buffer), length);
	CALL(SYS_read, fd, P(buffer), 0);
	CALL(SYS_read, fd, NOWHERE, 10);
	CALL(SYS_pread64, fd, P(buffer), 10, 16384);
	CALL(SYS_pread64, fd, P(buffer), 10, 0x7fffffffffffffff);
	CALL(SYS_writev, fd, P(vector), 3);
	CALL(SYS_writev, fd, P(vector), 0);
	CALL(SYS_writev, fd, P(bad), 2);
	CALL(SYS_readv, fd, P(into), 2);
	CALL(SYS_preadv, fd, P(into), 2, 3, 0);
	CALL(SYS_pwritev, fd, P(vector), 3, 0x100000002, 0);
	CALL(SYS_preadv2, fd, P(into), 2, -1, -1, 1);
	CALL(SYS_pwritev2, fd, P(vector), 3, 0, 0, 0x10);
	CALL(SYS_fsync, fd);
	CALL(SYS_fdatasync, fd);
	CALL(SYS_syncfs, fd);
	CALL(SYS_sync_file_range, fd, 1, 2, 7);
	CALL(SYS_fallocate, fd, 3, 0, 4096);
	CALL(SYS_fallocate, fd, 0x10, 0, 4096);
	CALL(SYS_ftruncate, fd, 10);
	CALL(SYS_ftruncate, fd, -10);
	CALL(SYS_fadvise64, fd, 0, 100, 3);
	CALL(SYS_readahead, fd, 0, 4096);
	CALL(SYS_pipe, P(pipes));
	CALL(SYS_pipe2, P(others), O_CLOEXEC | O_NONBLOCK);
	CALL(SYS_pipe2, P(others), 1);
	CALL(SYS_lseek, fd, 0, SEEK_SET);
	{
		off_t at = 2, to = 0;

		CALL(SYS_sendfile, pipes[1], fd, P(&at), 5);
		CALL(SYS_sendfile, pipes[1], fd, 0, 3);
		at = 0;
		CALL(SYS_splice, fd, P(&at), pipes[1], 0, 4, 1 | 2);
		expect("splice(%d, [0] => [4], %d, NULL, 4, SPLICE_F_MOVE|SPLICE_F_NONBLOCK) = 4", fd, pipes[1]);
		CALL(SYS_copy_file_range, fd, P(&at), fd, P(&to), 3, 0);
		expect("copy_file_range(%d, [4] => [7], %d, [0] => [3], 3, 0) = 3", fd, fd);
		CALL(SYS_sendfile, pipes[1], fd, P(&at), 0);
		CALL(SYS_copy_file_range, fd, 0, -1, 0, 3, 0);
	}
	CALL(SYS_tee, pipes[0], others[1], 3, 2);
	CALL(SYS_vmsplice, pipes[1], P(vector), 3, 8);
	CALL(SYS_read, pipes[0], P(buffer), 100);
	CALL(SYS_read, others[0], P(buffer), 100);
	CALL(SYS_read, others[0], P(buffer), 100);
	close_range(3, 100, 0);
}

static void keeping(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = 10 };
	struct f_owner_ex { int type, pid; } owner = { 1, getpid() };
	unsigned long hint = 2;
	int fd = open("locked", O_RDWR | O_CREAT, 0600), memory;

	CALL(SYS_dup, fd);
	CALL(SYS_dup, -1);
	CALL(SYS_dup2, fd, 77);
	CALL(SYS_dup3, fd, 78, O_CLOEXEC);
	CALL(SYS_fcntl, fd, F_DUPFD, 50);
	CALL(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 50);
	CALL(SYS_fcntl, fd, F_GETFD);
	CALL(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
	CALL(SYS_fcntl, fd, F_SETFD, 0x7f);
	CALL(SYS_fcntl, fd, F_GETFL, 12345);
	CALL(SYS_fcntl, fd, F_SETFL, O_RDWR | O_APPEND | O_NONBLOCK);
	CALL(SYS_fcntl, fd, F_SETLK, P(&lock));
	CALL(SYS_fcntl, fd, F_SETLKW, P(&lock));
	CALL(SYS_fcntl, fd, F_GETLK, P(&lock));
	lock.l_type = F_UNLCK;
	CALL(SYS_fcntl, fd, F_SETLK, P(&lock));
	lock.l_type = F_RDLCK;
	lock.l_pid = 0;
	CALL(SYS_fcntl, fd, 37, P(&lock));
	CALL(SYS_fcntl, fd, 38, P(&lock));
	lock.l_type = F_UNLCK;
	lock.l_whence = SEEK_END;
	CALL(SYS_fcntl, fd, 36, P(&lock));
	CALL(SYS_fcntl, fd, F_SETLK, NOWHERE);
	CALL(SYS_fcntl, fd, F_SETOWN, getpid());
	CALL(SYS_fcntl, fd, F_SETOWN, -getpid());
	CALL(SYS_fcntl, fd, F_GETOWN);
	CALL(SYS_fcntl, fd, F_SETSIG, SIGUSR2);
	CALL(SYS_fcntl, fd, F_GETSIG);
	CALL(SYS_fcntl, fd, 15, P(&owner));
	CALL(SYS_fcntl, fd, 16, P(&owner));
	CALL(SYS_fcntl, fd, 1024, F_RDLCK);
	CALL(SYS_fcntl, fd, 1025);
	CALL(SYS_fcntl, fd, 1026, 0x8000003f);
	CALL(SYS_fcntl, fd, 1035, P(&hint));
	CALL(SYS_fcntl, fd, 1036, P(&hint));
	memory = CALL(SYS_memfd_create, P("name"), 3);
	CALL(SYS_fcntl, memory, 1033, 1 | 2 | 4 | 8 | 0x10);
	CALL(SYS_fcntl, memory, 1034);
	CALL(SYS_fcntl, -1, 1031, 65536);
	CALL(SYS_fcntl, -1, 1032);
	CALL(SYS_fcntl, -1, 12345, 0x123456789);
	CALL(SYS_flock, fd, 2 | 4);
	CALL(SYS_flock, fd, 8);
	CALL(SYS_close, 77);
	CALL(SYS_close, -1);
	CALL(SYS_close, 0xdead00000099);
	CALL(SYS_close_range, 40, 60, 4);
	CALL(SYS_close_range, 60, 40, 0);
	CALL(SYS_close_range, 1000, -1, 0);
	CALL(SYS_getdents, open(".", O_RDONLY), P(buffer), 1000);
	CALL(SYS_getdents64, open(".", O_RDONLY), P(buffer), 1000);
	CALL(SYS_getdents64, fd, P(buffer), 1000);
	close_range(3, 100, 0);
}

static void waiting(void)
{
	struct pollfd fds[3] = { { 0, POLLIN, 0x7f }, { -5, POLLOUT, 0 }, { 1, POLLOUT | POLLPRI | 0x2000, 0 } };
	struct pollfd many[64];
	struct timespec nano = { 0, 1000 };
	struct timeval micro = { 0, 1000 };
	struct epoll_event event = { .events = EPOLLIN | EPOLLET | EPOLLONESHOT, .data.u64 = 0x123456789abcdef };
	struct epoll_event events[4];
	struct { const void *set; size_t size; } masked;
	unsigned long mask = 1UL << (SIGINT - 1) | 1UL << 40;
	fd_set read, write;
	int epoll, event_fd, pipes[2];

	if (pipe(pipes) < 0)
		exit(1);
	fds[0].fd = pipes[0];
	fds[2].fd = pipes[1];
	CALL(SYS_poll, P(fds), 3, 0);
	CALL(SYS_poll, P(fds), 1, 1);
	CALL(SYS_poll, P(fds), 0, -0);
	CALL(SYS_poll, 0, 0, 0);
	CALL(SYS_poll, NOWHERE, 1, 0);
	/* More answers than strace has room for. */
	for (int i = 0; i < 64; i++)
		many[i] = (struct pollfd){ 900 + i, POLLIN, 0 };
	CALL(SYS_poll, P(many), 64, 0);
	fds[1].fd = 999;
	nano.tv_sec = 3;
	CALL(SYS_poll, P(fds), 3, -1);
	CALL(SYS_ppoll, P(fds), 3, P(&nano), 0, 0);
	nano.tv_sec = 0;
	CALL(SYS_ppoll, P(fds), 3, P(&nano), P(&mask), 8);
	CALL(SYS_ppoll, P(fds), 1, P(&nano), 0, 0);
	CALL(SYS_ppoll, P(fds), 1, P(&nano), P(&mask), 4);
	FD_ZERO(&read);
	FD_ZERO(&write);
	FD_SET(pipes[0], &read);
	FD_SET(pipes[1], &write);
	FD_SET(700, &write);
	CALL(SYS_select, 10, P(&read), P(&write), 0, P(&micro));
	FD_SET(pipes[0], &read);
	CALL(SYS_select, pipes[0] + 1, P(&read), 0, P(&read), P(&micro));
	micro.tv_sec = 3;
	FD_SET(pipes[1], &write);
	CALL(SYS_select, 10, P(&read), P(&write), P(&read), P(&micro));
	micro.tv_sec = 0;
	CALL(SYS_select, 0, 0, 0, 0, P(&micro));
	CALL(SYS_select, -1, P(&read), 0, 0, P(&micro));
	CALL(SYS_select, 5, NOWHERE, 0, 0, P(&micro));
	masked.set = &mask;
	masked.size = 8;
	FD_SET(pipes[1], &write);
	CALL(SYS_pselect6, 10, 0, P(&write), 0, P(&nano), P(&masked));
	CALL(SYS_pselect6, 0, 0, 0, 0, P(&nano), 0);
	CALL(SYS_epoll_create, 5);
	CALL(SYS_epoll_create, 0);
	epoll = CALL(SYS_epoll_create1, EPOLL_CLOEXEC);
	CALL(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, pipes[1], P(&event));
	event.events = EPOLLOUT;
	CALL(SYS_epoll_ctl, epoll, EPOLL_CTL_MOD, pipes[1], P(&event));
	CALL(SYS_epoll_wait, epoll, P(events), 4, -1);
	CALL(SYS_epoll_pwait, epoll, P(events), 4, 0, P(&mask), 8);
	CALL(SYS_epoll_pwait, epoll, P(events), 4, 0, 0, 0);
	CALL(SYS_epoll_pwait2, epoll, P(events), 1, P(&nano), P(&mask), 8);
	CALL(SYS_epoll_pwait2, epoll, P(events), 1, 0, 0, 0);
	CALL(SYS_epoll_ctl, epoll, EPOLL_CTL_DEL, pipes[1], 0);
	CALL(SYS_epoll_ctl, epoll, 9, pipes[1], P(&event));
	CALL(SYS_epoll_wait, epoll, P(events), 4, 0);
	CALL(SYS_epoll_wait, epoll, P(events), 0, 0);
	event_fd = CALL(SYS_eventfd, 5);
	CALL(SYS_eventfd2, 0, EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK);
	CALL(SYS_read, event_fd, P(buffer), 8);
	CALL(SYS_signalfd, -1, P(&mask), 8);
	CALL(SYS_signalfd4, -1, P(&mask), 8, O_CLOEXEC | O_NONBLOCK);
	CALL(SYS_signalfd4, event_fd, P(&mask), 4, 0);
	close_range(3, 100, 0);
}

static void controlling(void)
{
	struct winsize size = { 24, 80, 1, 2 };
	struct termios terminal;
	int number = 0, master = open("/dev/ptmx", O_RDWR | O_NOCTTY), unlock = 0, fd = open("file", O_RDWR);

	CALL(SYS_ioctl, master, TIOCSPTLCK, P(&unlock));
	CALL(SYS_ioctl, master, TIOCGPTN, P(&number));
	CALL(SYS_ioctl, master, TIOCSWINSZ, P(&size));
	CALL(SYS_ioctl, master, TIOCGWINSZ, P(&size));
	CALL(SYS_ioctl, master, TCGETS, P(&terminal));
	CALL(SYS_ioctl, master, TIOCOUTQ, P(&number));
	CALL(SYS_ioctl, master, FIONREAD, P(&number));
	CALL(SYS_ioctl, master, TIOCGPGRP, P(&number));
	CALL(SYS_ioctl, master, TIOCSPGRP, P(&number));
	CALL(SYS_ioctl, master, TIOCGSID, P(&number));
	number = 1;
	CALL(SYS_ioctl, fd, FIONBIO, P(&number));
	CALL(SYS_ioctl, fd, FIOASYNC, P(&number));
	CALL(SYS_ioctl, fd, FIOCLEX);
	CALL(SYS_ioctl, fd, FIONCLEX, 99);
	CALL(SYS_ioctl, fd, FIONREAD, P(&number));
	CALL(SYS_ioctl, fd, 0x40049409, 1);
	CALL(SYS_ioctl, fd, TIOCGWINSZ, P(&size));
	CALL(SYS_ioctl, fd, TIOCGWINSZ, NOWHERE);
	CALL(SYS_ioctl, fd, 0x80047a7b, P(&number));
	CALL(SYS_ioctl, fd, 0xc0ffee, 7);
	CALL(SYS_ioctl, fd, 0);
	close_range(3, 100, 0);
}

static void queues(void)
{
	struct { unsigned words[30]; } params = { { 0 } };
	struct timespec nano = { 0, 1 };
	unsigned long context = 0;
	struct iocb reading = { .aio_data = 77, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_buf = P(buffer), .aio_nbytes = 10 };
	struct iocb *submitted = &reading;
	int ring;

	params.words[2] = 8;
	ring = CALL(SYS_io_uring_setup, 4, P(&params));
	params.words[2] = 0xffffffff;
	CALL(SYS_io_uring_setup, 4, P(&params));
	CALL(SYS_io_uring_setup, 0, NOWHERE);
	CALL(SYS_io_uring_enter, ring, 0, 0, 1, 0, 8);
	CALL(SYS_io_uring_enter, -1, 1, 2, 0x1f, 0, 0);
	CALL(SYS_io_uring_register, ring, 9, 0, 0);
	CALL(SYS_io_uring_register, -1, 99, 0, 7);
	CALL(SYS_io_setup, 4, P(&context));
	reading.aio_fildes = open("file", O_RDWR | O_CREAT, 0600);
	if (write(reading.aio_fildes, "four", 4) == 4)
		syscall(SYS_io_submit, context, 1, &submitted);
	CALL(SYS_io_getevents, context, 1, 4, P(buffer), 0);
	CALL(SYS_io_submit, context, 0, 0);
	CALL(SYS_io_submit, context, -1, NOWHERE);
	CALL(SYS_io_cancel, context, NOWHERE, P(buffer));
	CALL(SYS_io_getevents, context, 0, 1, P(buffer), P(&nano));
	CALL(SYS_io_pgetevents, context, 0, 1, P(buffer), P(&nano), 0);
	CALL(SYS_io_destroy, context);
	CALL(SYS_io_destroy, 0x123456789);
	CALL(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | 1);
	CALL(SYS_pidfd_getfd, -1, 3, 0);
	CALL(SYS_memfd_secret, O_CLOEXEC);
	CALL(SYS_quotactl_fd, -1, 0x80000700, 5, P(buffer));
	CALL(SYS_lookup_dcookie, 0x123456789, P(buffer), 10);
	close_range(3, 100, 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 251;
	reading();
	keeping();
	waiting();
	controlling();
	queues();
	return finish(argv[1]);
}
