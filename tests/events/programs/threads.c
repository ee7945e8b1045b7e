/* Several threads that call at the same time, wait for each other, start processes and end in their own ways. */
#include "call.h"
#include <linux/futex.h>
#include <pthread.h>
#include <time.h>

enum { THREADS = 4, ROUNDS = 60 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static int pipes[THREADS][2];

static void calls_of(long own)
{
	char path[64], text[64];
	struct timespec soon = { 0, 1000 * own };

	for (int round = 0; round < ROUNDS; round++) {
		const int length = snprintf(text, sizeof(text), "thread %ld, round %d\n", own, round);
		int fd;

		snprintf(path, sizeof(path), "file-%ld-%d", own, round % 5);
		fd = open(path, O_RDWR | O_CREAT | O_APPEND, 0600 + own);
		if (write(fd, text, length) != length || pread(fd, text, 10 + own, round) < 0)
			abort();
		close(fd);
		unlink(path);
		if (write(pipes[own][1], text, 5 + own) < 0 || read(pipes[own][0], text, sizeof(text)) < 0)
			abort();
		pthread_mutex_lock(&mutex);
		if (round % 20 == 0)
			nanosleep(&soon, NULL);
		pthread_mutex_unlock(&mutex);
		syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0);
	}
}

static void *thread(void *argument)
{
	const long own = (long)argument;
	pid_t child;

	pthread_barrier_wait(&barrier);
	calls_of(own);
	child = fork();
	if (child == 0) {
		syscall(SYS_getppid);
		_exit(own);
	}
	waitpid(child, NULL, __WALL);
	if (own == 1)
		syscall(SYS_exit, 0);
	return NULL;
}

/*
 * Its thread becomes another program, and with it the process. The first thread waits by then: strace
 * writes the whole call to its file when it is between calls.
 */
static void *becoming(void *argument)
{
	usleep(20000);
	execl("/bin/true", "true", "of a thread", NULL);
	return argument;
}

static void exec_by_thread(void)
{
	pthread_t of;

	pthread_create(&of, NULL, becoming, NULL);
	pause();
}

/* The process ends while a thread waits. */
static void *waiting(void *argument)
{
	pause();
	return argument;
}

static void end_with_thread(void)
{
	pthread_t of;

	pthread_create(&of, NULL, waiting, NULL);
	usleep(20000);
	_exit(9);
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	(void)argc;
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (long i = 0; i < THREADS; i++)
		if (pipe(pipes[i]) < 0 || pthread_create(&threads[i], NULL, thread, (void *)i) != 0)
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	in_child(exec_by_thread);
	in_child(end_with_thread);
	return finish(argv[1]);
}
