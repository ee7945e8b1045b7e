/**
 * Constants of system calls' arguments.
 * Made by ../generate.ts: don't change it by hand.
 *
 * @module
 */
/** Flags of semget(2), msgget(2): <linux/ipc.h> */
export const ipcGet = {
  IPC_CREAT: 0x200,
  IPC_EXCL: 0x400,
  IPC_NOWAIT: 0x800,
} as const;

/** sembuf.sem_flg: <linux/ipc.h>, <linux/sem.h> */
export const semaphoreFlags = {
  SEM_UNDO: 0x1000,
  IPC_NOWAIT: 0x800,
} as const;

/** Flags of shmget(2): <linux/ipc.h>, <linux/shm.h> */
export const shmGet = {
  IPC_CREAT: 0x200,
  IPC_EXCL: 0x400,
  SHM_HUGETLB: 0x800,
  SHM_NORESERVE: 0x1000,
} as const;

/** Flags of shmat(2): <linux/shm.h> */
export const shmAttach = {
  SHM_RDONLY: 0x1000,
  SHM_RND: 0x2000,
  SHM_REMAP: 0x4000,
  SHM_EXEC: 0x8000,
} as const;

/** Flags of msgrcv(2): <linux/ipc.h>, <linux/msg.h> */
export const messageReceive = {
  MSG_NOERROR: 0x1000,
  MSG_EXCEPT: 0x2000,
  MSG_COPY: 0x4000,
  IPC_NOWAIT: 0x800,
} as const;

/** Commands of semctl(2): <linux/ipc.h>, <linux/sem.h> */
export const semaphoreControl = {
  IPC_RMID: 0,
  IPC_SET: 1,
  IPC_STAT: 2,
  IPC_INFO: 3,
  GETPID: 11,
  GETVAL: 12,
  GETALL: 13,
  GETNCNT: 14,
  GETZCNT: 15,
  SETVAL: 16,
  SETALL: 17,
  SEM_STAT: 18,
  SEM_INFO: 19,
  SEM_STAT_ANY: 20,
} as const;

/** Commands of shmctl(2): <linux/ipc.h>, <linux/shm.h> */
export const shmControl = {
  IPC_RMID: 0,
  IPC_SET: 1,
  IPC_STAT: 2,
  IPC_INFO: 3,
  SHM_LOCK: 11,
  SHM_UNLOCK: 12,
  SHM_STAT: 13,
  SHM_INFO: 14,
  SHM_STAT_ANY: 15,
} as const;

/** Commands of msgctl(2): <linux/ipc.h>, <linux/msg.h> */
export const messageControl = {
  IPC_RMID: 0,
  IPC_SET: 1,
  IPC_STAT: 2,
  IPC_INFO: 3,
  MSG_STAT: 11,
  MSG_INFO: 12,
  MSG_STAT_ANY: 13,
} as const;
