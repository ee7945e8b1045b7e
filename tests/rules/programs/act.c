/*
 * Acts that rules look for, by the system calls themselves, for tests: none of them harms the machine it is run on.
 *
 *   act NAME [ARGUMENT…]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/io_uring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static struct sockaddr_in internet(const char *host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, host, &address.sin_addr);
	return address;
}

/* Doesn't wait for an answer: none is to be had. */
static void to(const char *host, int port)
{
	struct sockaddr_in address = internet(host, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	connect(fd, (struct sockaddr *)&address, sizeof(address));
	close(fd);
}

/* Runs a copy of itself that is in memory. */
static void memory(const char *self)
{
	static char bytes[1 << 20];
	char *const argv[] = { "nothing", NULL }, *const envp[] = { NULL };
	int from = open(self, O_RDONLY), fd = memfd_create("payload", MFD_CLOEXEC);
	ssize_t length;

	while ((length = read(from, bytes, sizeof(bytes))) > 0)
		if (write(fd, bytes, length) != length)
			exit(1);
	fexecve(fd, argv, envp);
	exit(1);
}

/* The child gives a shell to whom it connects to, which is the parent. */
static void reverse(int port)
{
	struct sockaddr_in address = internet("127.0.0.1", port);
	int server = socket(AF_INET, SOCK_STREAM, 0), one = 1, fd;

	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(server, (struct sockaddr *)&address, sizeof(address)) || listen(server, 1))
		exit(1);
	if (fork() == 0) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		connect(fd, (struct sockaddr *)&address, sizeof(address));
		for (int i = 0; i < 3; i++)
			dup2(fd, i);
		execl("/bin/sh", "sh", NULL);
		exit(1);
	}
	fd = accept(server, NULL, NULL);
	dprintf(fd, "exit 0\n");
	wait(NULL);
}

static void trace(void)
{
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	ptrace(PTRACE_ATTACH, child, NULL, NULL);
	waitpid(child, NULL, 0);
	kill(child, SIGKILL);
	wait(NULL);
}

/* Two seconds of it. */
static void again(const char *what)
{
	for (double end = now() + 2; now() < end;) {
		for (int i = 0; i < 100; i++) {
			if (!strcmp(what, "fork")) {
				if (fork() == 0)
					_exit(0);
				wait(NULL);
			} else if (!strcmp(what, "connect")) {
				to("127.0.0.1", 1);
			} else {
				close(open("/dev/null", O_RDONLY));
			}
		}
	}
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const char *argument = argc > 2 ? argv[2] : "";
	int number = argc > 3 ? atoi(argv[3]) : 0;

	if (!strcmp(name, "memory")) {
		memory("/proc/self/exe");
	} else if (!strcmp(name, "trace")) {
		trace();
	} else if (!strcmp(name, "module")) {
		syscall(SYS_init_module, "none", 4, "");
	} else if (!strcmp(name, "bpf")) {
		union bpf_attr attributes = { .prog_type = 0 };
		syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
	} else if (!strcmp(name, "packet")) {
		close(socket(AF_PACKET, SOCK_RAW, 0));
	} else if (!strcmp(name, "raw")) {
		close(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	} else if (!strcmp(name, "faults")) {
		close(syscall(SYS_userfaultfd, O_CLOEXEC));
	} else if (!strcmp(name, "uring")) {
		struct io_uring_params params = { 0 };
		close(syscall(SYS_io_uring_setup, 4, &params));
	} else if (!strcmp(name, "handle")) {
		struct { struct file_handle handle; char bytes[8]; } of = { .handle = { 8, 1 } };
		close(open_by_handle_at(AT_FDCWD, &of.handle, O_RDONLY));
	} else if (!strcmp(name, "to")) {
		to(argument, number);
	} else if (!strcmp(name, "scan")) {
		for (int port = 1; port <= 60; port++)
			to(argument, port);
	} else if (!strcmp(name, "unix")) {
		struct sockaddr_un address = { .sun_family = AF_UNIX };
		strncpy(address.sun_path, argument, sizeof(address.sun_path) - 1);
		connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof(address));
	} else if (!strcmp(name, "reverse")) {
		reverse(atoi(argument));
	} else if (!strcmp(name, "root")) {
		if (setresuid(1000, 1000, 0) || setresuid(0, 0, 0))
			return 1;
	} else if (!strcmp(name, "device")) {
		mknod(argument, S_IFBLK | 0600, makedev(7, 200));
	} else if (!strcmp(name, "denied")) {
		if (setresuid(65534, 65534, 65534))
			return 1;
		for (int i = 0; i < 100; i++)
			open(argument, O_RDONLY);
	} else if (!strcmp(name, "remove")) {
		char path[4096];
		for (int i = 0; i < 600; i++) {
			snprintf(path, sizeof(path), "%s/%d", argument, i);
			close(open(path, O_CREAT | O_WRONLY, 0600));
			unlink(path);
		}
	} else if (!strcmp(name, "again")) {
		again(argument);
	} else if (!strcmp(name, "run")) {
		execv(argv[2], argv + 2);
		return 1;
	}
	return 0;
}
