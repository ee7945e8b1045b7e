/* restarts CGROUP ROUNDS CALLS: a container of that cgroup is made, calls getppid, and is taken away, time after time. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* In the cgroup from before its first getppid on: it waits for the pipe to be closed. */
static void once(const char *cgroup, const char *procs, int calls)
{
	int gate[2], status, file;
	char pid[16], byte;
	pid_t child;

	if (mkdir(cgroup, 0755) < 0 || pipe(gate) < 0)
		die(cgroup);
	child = fork();
	if (child == 0) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) != 0)
			_exit(1);
		for (int i = 0; i < calls; i++)
			syscall(SYS_getppid);
		_exit(0);
	}
	file = open(procs, O_WRONLY | O_CLOEXEC);
	snprintf(pid, sizeof(pid), "%d", child);
	if (file < 0 || write(file, pid, strlen(pid)) < 0)
		die(procs);
	close(file);
	close(gate[0]);
	close(gate[1]);
	if (waitpid(child, &status, 0) < 0 || status != 0)
		die("the container");
	while (rmdir(cgroup) < 0) {
		if (errno != EBUSY)
			die("rmdir");
		usleep(100);
	}
}

int main(int argc, char **argv)
{
	char procs[512];

	if (argc != 4)
		return 2;
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", argv[1]);
	for (int i = 0; i < atoi(argv[2]); i++)
		once(argv[1], procs, atoi(argv[3]));
}
