/* Calls on System V's and POSIX's queues, semaphores and shared memory. */
#include "call.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>

static char buffer[4096];

static void shared_memory(void)
{
	struct shmid_ds status;
	void *at;
	int id = CALL(SYS_shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	CALL(SYS_shmget, 0x1234, 4096, IPC_CREAT | IPC_EXCL | SHM_NORESERVE | 0777);
	CALL(SYS_shmget, 0xffffffff, -1, 0);
	CALL(SYS_shmget, 0x1234, 4096, SHM_HUGETLB | 21 << 26);
	at = (void *)CALL(SYS_shmat, id, 0, SHM_RDONLY);
	CALL(SYS_shmat, -1, 1, SHM_RND | SHM_REMAP | 0100000);
	CALL(SYS_shmctl, id, IPC_STAT, P(&status));
	CALL(SYS_shmctl, id, IPC_SET, P(&status));
	CALL(SYS_shmctl, id, SHM_LOCK, 0);
	CALL(SYS_shmctl, id, SHM_UNLOCK, 0);
	CALL(SYS_shmctl, 0, IPC_INFO, P(buffer));
	CALL(SYS_shmctl, 0, SHM_INFO, P(buffer));
	CALL(SYS_shmctl, 0, SHM_STAT, P(buffer));
	CALL(SYS_shmctl, 0, 15, P(buffer));
	CALL(SYS_shmctl, 0, 77, P(buffer));
	CALL(SYS_shmdt, P(at));
	CALL(SYS_shmdt, 1);
	CALL(SYS_shmctl, id, IPC_RMID, 0);
	CALL(SYS_shmctl, -1, IPC_RMID | 0x100, 0);
}

static void semaphores(void)
{
	struct sembuf operations[3] = { { 0, 1, 0 }, { 1, 2, SEM_UNDO }, { 0, -1, IPC_NOWAIT | SEM_UNDO } };
	struct timespec soon = { 0, 1000 };
	unsigned short all[2] = { 3, 4 };
	int id = CALL(SYS_semget, IPC_PRIVATE, 2, IPC_CREAT | 0600);

	CALL(SYS_semget, 0x1234, -1, IPC_CREAT | IPC_EXCL | 0777);
	CALL(SYS_semop, id, P(operations), 3);
	operations[0].sem_op = -9;
	CALL(SYS_semtimedop, id, P(operations), 1, P(&soon));
	CALL(SYS_semtimedop, id, P(operations), 0, 0);
	CALL(SYS_semop, -1, NOWHERE, 1);
	CALL(SYS_semctl, id, 0, SETVAL, 5);
	CALL(SYS_semctl, id, 0, GETVAL, 0);
	CALL(SYS_semctl, id, 0, SETALL, P(all));
	CALL(SYS_semctl, id, 0, GETALL, P(all));
	CALL(SYS_semctl, id, 1, GETPID, 0);
	CALL(SYS_semctl, id, 1, GETNCNT, 0);
	CALL(SYS_semctl, id, 1, GETZCNT, 0);
	CALL(SYS_semctl, id, 0, IPC_STAT, P(buffer));
	CALL(SYS_semctl, id, 0, IPC_SET, P(buffer));
	CALL(SYS_semctl, 0, 0, IPC_INFO, P(buffer));
	CALL(SYS_semctl, 0, 0, SEM_INFO, P(buffer));
	CALL(SYS_semctl, 0, 0, SEM_STAT, P(buffer));
	CALL(SYS_semctl, 0, 0, 20, P(buffer));
	CALL(SYS_semctl, id, -1, IPC_RMID | 0x100, 0);
	CALL(SYS_semctl, id, 0, 77, 0);
}

static void messages(void)
{
	struct { long type; char text[16]; } message = { 7, "hello\n" };
	int id = CALL(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600);

	CALL(SYS_msgget, 0x1234, IPC_EXCL | 022);
	CALL(SYS_msgsnd, id, P(&message), 6, IPC_NOWAIT);
	CALL(SYS_msgsnd, id, P(&message), 16, 0);
	CALL(SYS_msgsnd, -1, NOWHERE, 6, 0);
	CALL(SYS_msgctl, id, IPC_STAT, P(buffer));
	CALL(SYS_msgctl, id, IPC_SET, P(buffer));
	CALL(SYS_msgctl, 0, IPC_INFO, P(buffer));
	CALL(SYS_msgctl, 0, MSG_INFO, P(buffer));
	CALL(SYS_msgctl, 0, MSG_STAT, P(buffer));
	CALL(SYS_msgctl, 0, 13, P(buffer));
	CALL(SYS_msgrcv, id, P(&message), 16, 0, MSG_NOERROR);
	CALL(SYS_msgrcv, id, P(&message), 16, -9, IPC_NOWAIT | MSG_EXCEPT);
	CALL(SYS_msgrcv, id, P(&message), 16, 9, IPC_NOWAIT | MSG_COPY);
	CALL(SYS_msgctl, id, IPC_RMID, 0);
	CALL(SYS_msgctl, -1, 77, 0);
}

static void queues(void)
{
	struct mq_attr attributes = { .mq_flags = O_NONBLOCK, .mq_maxmsg = 3, .mq_msgsize = 64, .mq_curmsgs = 9 };
	struct sigevent event = { .sigev_notify = SIGEV_NONE }, signal_event = { .sigev_signo = SIGUSR1 };
	struct timespec past = { 1, 2 };
	unsigned priority;
	int queue = CALL(SYS_mq_open, P("queue"), O_RDWR | O_CREAT | O_EXCL, 0640, P(&attributes));

	CALL(SYS_mq_open, P("queue"), O_RDONLY | O_NONBLOCK, 0123, P(&attributes));
	CALL(SYS_mq_open, P("other"), O_WRONLY | O_CREAT, 0, 0);
	CALL(SYS_mq_open, P("nowhere"), O_RDONLY);
	CALL(SYS_mq_timedsend, queue, P("hello"), 5, 7, P(&past));
	CALL(SYS_mq_timedsend, queue, P("second\n"), 7, 0, 0);
	CALL(SYS_mq_timedreceive, queue, P(buffer), 64, P(&priority), P(&past));
	CALL(SYS_mq_timedreceive, queue, P(buffer), 64, 0, 0);
	CALL(SYS_mq_timedreceive, queue, P(buffer), 64, P(&priority), P(&past));
	CALL(SYS_mq_timedreceive, queue, P(buffer), 3, P(&priority), P(&past));
	CALL(SYS_mq_notify, queue, P(&event));
	CALL(SYS_mq_notify, queue, 0);
	CALL(SYS_mq_notify, queue, P(&signal_event));
	signal_event.sigev_value.sival_ptr = (void *)0x123456789;
	signal_event.sigev_notify = SIGEV_THREAD;
	CALL(SYS_mq_notify, -1, P(&signal_event));
	CALL(SYS_mq_getsetattr, queue, 0, P(&attributes));
	attributes.mq_flags = 0;
	CALL(SYS_mq_getsetattr, queue, P(&attributes), P(&attributes));
	CALL(SYS_mq_getsetattr, -1, P(&attributes), 0);
	CALL(SYS_mq_unlink, P("queue"));
	CALL(SYS_mq_unlink, P("nowhere"));
}

int main(int argc, char **argv)
{
	(void)argc;
	shared_memory();
	semaphores();
	messages();
	queues();
	return finish(argv[1]);
}
