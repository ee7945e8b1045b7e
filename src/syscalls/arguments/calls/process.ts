/** Calls on processes and threads: making, ending, waiting, limits, scheduling, prctl(2), ptrace(2), futexes. */
import { call, type Row } from "../call.ts";
import { archPrctl, kcmp, prctl } from "../tables/process.ts";
import { cases, valuesOf } from "../kinds/flags.ts";
import { processFlags as flag } from "../kinds/flag_words.ts";
import { asBefore, decidedBy, given, type Kind, optional, out, unlessZero } from "../kinds/kind.ts";
import { boxed, characters, pointerTo, scalar } from "../kinds/layout.ts";
import * as process from "../kinds/processes.ts";
import { siginfo } from "../kinds/siginfo.ts";
import { signal, waitStatus } from "../kinds/signals.ts";
import { iovec, string, textBuffer } from "../kinds/text.ts";
import * as time from "../kinds/time.ts";
import {
  fd,
  gid,
  hex,
  int,
  long,
  longHex,
  mode,
  pid,
  pointer,
  size,
  uid,
  uint,
} from "../kinds/words.ts";

const signalOut = pointerTo(boxed(scalar("i32", signal)), { when: "exit" });
/** char[TASK_COMM_LEN]: linux/sched.h */
const threadName = pointerTo(characters(16), { name: "threadName", when: "exit" });

/** What prctl(2)'s second argument is. */
const prctlArgument: Kind<unknown> = decidedBy<unknown, number>(
  "option",
  cases<typeof prctl, unknown>(prctl, {
    PR_SET_NAME: asBefore(string),
    PR_GET_NAME: threadName,
    PR_GET_PDEATHSIG: signalOut,
    PR_GET_CHILD_SUBREAPER: process.intOut,
    PR_SET_PDEATHSIG: signal,
    PR_CAPBSET_READ: flag.capability,
    PR_CAPBSET_DROP: flag.capability,
    PR_SET_NO_NEW_PRIVS: size,
    PR_SET_DUMPABLE: size,
    PR_SET_KEEPCAPS: size,
    PR_SET_CHILD_SUBREAPER: size,
    PR_SET_TIMERSLACK: size,
  }),
  longHex,
  threadName.memory,
  string.memory,
);

/** What arch_prctl(2)'s argument is: for a few codes where the answer goes. */
const archArgument: Kind<unknown> = decidedBy<unknown, number>(
  "code",
  cases<typeof archPrctl, unknown>(archPrctl, {
    ARCH_GET_FS: process.addressOut,
    ARCH_GET_GS: process.addressOut,
  }),
  longHex,
  process.addressOut.memory,
);

/** Options that take one argument more, or none: the kernel looks at no others. */
const takesNone = valuesOf(
  prctl,
  "PR_GET_DUMPABLE",
  "PR_GET_KEEPCAPS",
  "PR_GET_SECUREBITS",
  "PR_GET_TIMERSLACK",
);
const takesOne = valuesOf(
  prctl,
  "PR_SET_NAME",
  "PR_GET_NAME",
  "PR_SET_PDEATHSIG",
  "PR_GET_PDEATHSIG",
  "PR_CAPBSET_READ",
  "PR_CAPBSET_DROP",
  "PR_SET_DUMPABLE",
  "PR_SET_KEEPCAPS",
  "PR_SET_CHILD_SUBREAPER",
  "PR_GET_CHILD_SUBREAPER",
  "PR_SET_SECUREBITS",
  "PR_SET_TIMERSLACK",
);
const more = given("option", (word) => !takesOne(word) && !takesNone(word), longHex);

/** linux/futex.h: FUTEX_CMD_MASK, and what the other arguments are for. */
const FUTEX_COMMAND = 0xffff_fe7fn;
const [WAIT, REQUEUE, CMP_REQUEUE, WAKE_OP, LOCK_PI, WAIT_BITSET, WAKE_BITSET] = [
  0n,
  3n,
  4n,
  5n,
  6n,
  9n,
  10n,
];
const [UNLOCK_PI, TRYLOCK_PI, WAIT_REQUEUE_PI, CMP_REQUEUE_PI, LOCK_PI2] = [7n, 8n, 11n, 12n, 13n];
const waits = new Set([WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2]);
const twoAddresses = new Set([REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_REQUEUE_PI, CMP_REQUEUE_PI]);
const locks = new Set([LOCK_PI, UNLOCK_PI, TRYLOCK_PI, LOCK_PI2]);
const thirdValue = new Set([CMP_REQUEUE, WAKE_OP, WAIT_BITSET, WAKE_BITSET, CMP_REQUEUE_PI]);
const command = (commands: ReadonlySet<bigint>) => (word: bigint) =>
  commands.has(word & FUTEX_COMMAND);
const timeout = optional(time.timespec);
const isWait = command(waits);

const comparesDescriptors = valuesOf(kcmp, "KCMP_FILE", "KCMP_EPOLL_TFD");

export const processCalls = {
  // The order of the last two is x86-64's: platforms.ts has the others'.
  clone: call(
    {
      flags: process.cloneFlags,
      stack: pointer,
      parent_tid: optional(process.pidOut),
      child_tid: pointer,
      tls: longHex,
    },
    pid,
  ),
  clone3: call({ arguments: process.clone_args, size }, pid),
  fork: call({}, pid),
  vfork: call({}, pid),
  exit: call({ status: int }, int),
  exit_group: call({ status: int }, int),
  wait4: call(
    {
      pid,
      status: optional(unlessZero(waitStatus)),
      options: flag.wait,
      usage: optional(unlessZero(process.rusage)),
    },
    pid,
  ),
  waitid: call(
    {
      type: flag.idType,
      pid,
      info: optional(out(siginfo)),
      options: flag.waitId,
      usage: optional(process.rusage),
    },
    int,
  ),
  getpid: call({}, pid),
  getppid: call({}, pid),
  gettid: call({}, pid),
  getpgid: call({ pid }, pid),
  setpgid: call({ pid, pgid: pid }, int),
  getpgrp: call({}, pid),
  getsid: call({ pid }, pid),
  setsid: call({}, pid),
  pidfd_open: call({ pid, flags: flag.pidfdOpen }, fd),
  unshare: call({ flags: process.namespaces }, int),
  setns: call({ fd, flags: process.namespaces }, int),
  listns: call({ request: pointer, ids: pointer, count: size, flags: hex }, size),
  kcmp: call(
    {
      pid,
      other: pid,
      type: flag.kcmp,
      index: given("type", comparesDescriptors, fd),
      other_index: given(
        "type",
        comparesDescriptors,
        decidedBy<number, bigint>("type", cases(kcmp, { KCMP_FILE: fd }), pointer),
      ),
    },
    int,
  ),
  personality: call({ personality: flag.personality }, flag.personality),
  set_tid_address: call({ child_tid: pointer }, pid),
  set_robust_list: call({ head: pointer, length: size }, int),
  get_robust_list: call({ pid, head: process.addressOut, length: process.longOut }, int),
  rseq: call({ rseq: pointer, length: hex, flags: flag.rseq, signature: hex }, int),
  rseq_slice_yield: call({}, int),
  membarrier: call(
    {
      cmd: flag.membarrier,
      flags: flag.membarrierFlags,
      // linux/membarrier.h: MEMBARRIER_CMD_FLAG_CPU
      cpu: given("flags", (word) => (word & 1n) !== 0n, int),
    },
    int,
  ),
  restart_syscall: call({}, int),

  prctl: call(
    {
      option: flag.prctl,
      arg2: given("option", (word) => !takesNone(word), prctlArgument),
      arg3: more,
      arg4: more,
      arg5: more,
    },
    long,
  ),
  arch_prctl: call({ code: flag.archPrctl, address: archArgument }, int),
  ptrace: call({ request: flag.ptrace, pid, address: longHex, data: longHex }, long),
  seccomp: call({ operation: flag.seccomp, flags: flag.seccompFlags, argument: pointer }, int),
  process_vm_readv: call(
    {
      pid,
      local: iovec("local_count", "exit"),
      local_count: size,
      remote: pointer,
      remote_count: size,
      flags: hex,
    },
    size,
  ),
  process_vm_writev: call(
    {
      pid,
      local: iovec("local_count", "enter"),
      local_count: size,
      remote: pointer,
      remote_count: size,
      flags: hex,
    },
    size,
  ),
  process_mrelease: call({ pidfd: fd, flags: hex }, int),

  getrlimit: call({ resource: flag.resource, limit: out(process.rlimit) }, int),
  setrlimit: call({ resource: flag.resource, limit: process.rlimit }, int),
  prlimit64: call(
    {
      pid,
      resource: flag.resource,
      limit: optional(process.rlimit64),
      old: optional(out(process.rlimit64)),
    },
    int,
  ),
  getrusage: call({ who: flag.usage, usage: process.rusage }, int),
  getpriority: call({ which: flag.priority, who: int }, int),
  setpriority: call({ which: flag.priority, who: int, nice: int }, int),
  ioprio_get: call({ which: flag.ioPriorityWho, who: int }, process.ioPriority),
  ioprio_set: call({ which: flag.ioPriorityWho, who: int, priority: process.ioPriority }, int),
  sched_yield: call({}, int),
  sched_getscheduler: call({ pid }, flag.scheduler),
  sched_setscheduler: call(
    { pid, policy: flag.scheduler, parameters: process.schedulerParameters },
    int,
  ),
  sched_getparam: call({ pid, parameters: out(process.schedulerParameters) }, int),
  sched_setparam: call({ pid, parameters: process.schedulerParameters }, int),
  sched_getattr: call(
    { pid, attributes: out(process.schedulerAttributes), size: uint, flags: hex },
    int,
  ),
  sched_setattr: call({ pid, attributes: process.schedulerAttributes, flags: hex }, int),
  sched_getaffinity: call({ pid, length: uint, cpus: process.cpuSet() }, int),
  sched_setaffinity: call({ pid, length: uint, cpus: process.cpuSet("length") }, int),
  sched_get_priority_max: call({ policy: flag.scheduler }, int),
  sched_get_priority_min: call({ policy: flag.scheduler }, int),
  sched_rr_get_interval: call({ pid, interval: out(time.timespec) }, int),
  getcpu: call(
    { cpu: optional(process.uintOut), node: optional(process.uintOut), cache: pointer },
    int,
  ),

  futex: call(
    {
      address: pointer,
      operation: flag.futex,
      // The lock's own word is all that these look at.
      value: given("operation", (word) => !command(locks)(word), uint),
      timeout: given(
        "operation",
        (word) => isWait(word) || command(twoAddresses)(word),
        decidedBy("operation", (word) => isWait(word) ? timeout : undefined, uint, timeout.memory),
      ),
      address2: given("operation", command(twoAddresses), pointer),
      value3: given("operation", command(thirdValue), hex),
    },
    int,
  ),
  futex_wait: call(
    {
      address: pointer,
      value: longHex,
      mask: longHex,
      flags: flag.futexFlags,
      timeout,
      clock: time.clock,
    },
    int,
  ),
  futex_wake: call({ address: pointer, mask: longHex, count: int, flags: flag.futexFlags }, int),
  futex_requeue: call({ waiters: pointer, flags: hex, wake: int, requeue: int }, int),
  futex_waitv: call(
    { waiters: process.futexWaiters, count: uint, flags: hex, timeout, clock: time.clock },
    int,
  ),

  getuid: call({}, uid),
  geteuid: call({}, uid),
  getgid: call({}, gid),
  getegid: call({}, gid),
  getresuid: call({ ruid: process.uintOut, euid: process.uintOut, suid: process.uintOut }, int),
  getresgid: call({ rgid: process.uintOut, egid: process.uintOut, sgid: process.uintOut }, int),
  setuid: call({ uid }, int),
  setgid: call({ gid }, int),
  setreuid: call({ ruid: uid, euid: uid }, int),
  setregid: call({ rgid: gid, egid: gid }, int),
  setresuid: call({ ruid: uid, euid: uid, suid: uid }, int),
  setresgid: call({ rgid: gid, egid: gid, sgid: gid }, int),
  setfsuid: call({ uid }, uid),
  setfsgid: call({ gid }, gid),
  capget: call(
    { header: process.capabilityHeader, data: optional(out(process.capabilities)) },
    int,
  ),
  capset: call({ header: process.capabilityHeader, data: process.capabilities }, int),
  umask: call({ mask: mode }, mode),
  sethostname: call({ name: textBuffer({ length: "length" }), length: uint }, int),
  setdomainname: call({ name: textBuffer({ length: "length" }), length: uint }, int),
  uname: call({ name: process.utsname }, int),
  sysinfo: call({ info: process.sysinfo }, int),
} satisfies Readonly<Record<string, Row>>;
