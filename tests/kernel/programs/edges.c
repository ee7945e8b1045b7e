/*
 * Calls at the edges of what is captured.
 *
 *   edges exec        a thread that is not the first executes /bin/true
 *   edges strings     opens names of 4,094, 4,095 and 4,096 bytes, and executes nothing with such arguments
 *   edges numbers     calls getppid, and numbers that are its own in their low bits
 *   edges threads N   N threads open /nowhere one after the other, and wait for each other to end
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_barrier_t barrier;

static void *executing(void *argument)
{
	execl("/bin/true", "true", "of a thread", NULL);
	return argument;
}

static void *opening(void *argument)
{
	/* On its stack, so that it is in memory. */
	char path[] = "/nowhere";

	if (open(path, O_RDONLY) >= 0)
		abort();
	pthread_barrier_wait(&barrier);
	return argument;
}

static char *letters(size_t length)
{
	char *text = malloc(length + 1);

	memset(text, 'x', length);
	text[length] = 0;
	return text;
}

static void strings(void)
{
	for (size_t length = 4094; length <= 4096; length++) {
		char *text = letters(length);

		open(text, O_RDONLY);
		execl("/nowhere", text, "end", NULL);
	}
}

static void numbers(void)
{
	for (int i = 0; i < 3; i++)
		syscall(SYS_getppid);
	syscall(SYS_getppid + 512);
	syscall(SYS_getppid + 1024);
	syscall(SYS_getppid + 0x1000000);
}

int main(int argc, char **argv)
{
	pthread_attr_t small;
	pthread_t of;
	int count;

	if (argc == 2 && !strcmp(argv[1], "exec")) {
		pthread_create(&of, NULL, executing, NULL);
		for (;;)
			pause();
	}
	if (argc == 2 && !strcmp(argv[1], "strings")) {
		strings();
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "numbers")) {
		numbers();
		return 0;
	}
	if (argc != 3 || strcmp(argv[1], "threads"))
		return 2;
	count = atoi(argv[2]);
	pthread_barrier_init(&barrier, NULL, count + 1);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < count; i++)
		if (pthread_create(&of, &small, opening, NULL)) {
			perror("pthread_create");
			exit(1);
		}
	pthread_barrier_wait(&barrier);
	return 0;
}
