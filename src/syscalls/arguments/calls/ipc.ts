/** Calls of System V's and POSIX's interprocess communication: shmget(2), semop(2), mq_open(3), … */
import { call, type Row } from "../call.ts";
import { openFlags } from "../kinds/files.ts";
import { ipcFlags as flag } from "../kinds/flag_words.ts";
import { given, optional, out } from "../kinds/kind.ts";
import { queueAttributes, semaphoreOperations, uintOut } from "../kinds/processes.ts";
import { sigevent } from "../kinds/signals.ts";
import { buffer, string } from "../kinds/text.ts";
import { timespec } from "../kinds/time.ts";
import { fd, int, long, longHex, mode, pointer, size, uint } from "../kinds/words.ts";

/** fcntl.h: O_CREAT */
const made = (word: bigint) => (word & 0o100n) !== 0n;

export const ipcCalls = {
  shmget: call({ key: flag.key, size, flags: flag.shmGet }, int),
  shmat: call({ id: int, address: pointer, flags: flag.shmAttach }, pointer),
  shmdt: call({ address: pointer }, int),
  shmctl: call({ id: int, cmd: flag.shmControl, address: pointer }, int),
  semget: call({ key: flag.key, count: int, flags: flag.get }, int),
  semop: call({ id: int, operations: semaphoreOperations, count: uint }, int),
  semtimedop: call(
    { id: int, operations: semaphoreOperations, count: uint, timeout: optional(timespec) },
    int,
  ),
  semctl: call({ id: int, index: int, cmd: flag.semaphoreControl, argument: longHex }, int),
  msgget: call({ key: flag.key, flags: flag.get }, int),
  // The text begins behind a long: it is not copied.
  msgsnd: call({ id: int, message: pointer, length: size, flags: flag.messageReceive }, int),
  msgrcv: call(
    { id: int, message: pointer, length: size, type: long, flags: flag.messageReceive },
    size,
  ),
  msgctl: call({ id: int, cmd: flag.messageControl, address: pointer }, int),
  mq_open: call(
    {
      name: string,
      flags: openFlags,
      mode: given("flags", made, mode),
      attributes: given("flags", made, optional(queueAttributes)),
    },
    fd,
  ),
  mq_unlink: call({ name: string }, int),
  mq_timedsend: call(
    {
      fd,
      buffer: buffer({ length: "length" }),
      length: size,
      priority: uint,
      timeout: optional(timespec),
    },
    int,
  ),
  mq_timedreceive: call(
    {
      fd,
      buffer: buffer(),
      length: size,
      priority: optional(uintOut),
      timeout: optional(timespec),
    },
    size,
  ),
  mq_notify: call({ fd, event: optional(sigevent) }, int),
  mq_getsetattr: call(
    { fd, attributes: optional(queueAttributes), old: optional(out(queueAttributes)) },
    int,
  ),
} satisfies Readonly<Record<string, Row>>;
