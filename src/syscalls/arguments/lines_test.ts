/** Lines that once were other than strace's: each is as strace 6.1 writes it, but where it says otherwise. */
import assert from "node:assert/strict";
import { decodeArguments } from "./decode.ts";
import { bytesOf, type MadeUp, madeUpCall } from "./fixtures.ts";
import { formatCall } from "./format.ts";

const u16 = (value: number) => [2, value] as const;
const u32 = (value: number) => [4, value] as const;
const u64 = (value: number | bigint) => [8, value] as const;

/** struct sockaddr_in of 127.0.0.1 */
const loopback = bytesOf(u16(2), [2, 0x5000], [4, 0x0100007f], u64(0));
/** struct flock, of a lock that process 7 has. */
const lock = bytesOf(u16(1), u16(0), u32(0), u64(5), u64(10), u32(7), u32(0));
/** fd_set, whose first byte is all. */
const bitSet = (bits: number) =>
  bytesOf([1, bits], ...Array(15).fill(u64(0)), u32(0), [2, 0], [1, 0]);
const siginfo = (signal: number, code: number, ...rest: (readonly [4, number])[]) =>
  bytesOf(u32(signal), u32(0), u32(code), u32(0), ...rest);

const lines: readonly (readonly [name: string, made: MadeUp, line: string])[] = [
  // Permissions have three digits with their zero, not besides it.
  ["umask", { words: [0], result: 0o22 }, "umask(000) = 022"],
  ["chmod", { words: [0, 7], memory: { 0: "a" } }, 'chmod("a", 007) = 0'],
  [
    "mknod",
    { words: [0, 0o1000, 0], memory: { 0: "a" } },
    'mknod("a", S_ISVTX|000) = 0',
  ],
  // A word of 64 flags.
  [
    "rt_sigaction",
    {
      words: [10, 0, 0, 8],
      memory: { 1: bytesOf(u64(1), u64(0xffffffff10000000n), u64(0), u64(0)) },
    },
    "rt_sigaction(SIGUSR1, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTART|0xffffffff00000000}, NULL, 8) = 0",
  ],
  // What the kernel has not written is not shown.
  ["flistxattr", { words: [3, 0x5000, 0], memory: { 1: "" } }, "flistxattr(3, 0x5000, 0) = 0"],
  [
    "wait4",
    { words: [-1, 0x5000, 1, 0x6000], memory: { 1: bytesOf(u32(0)), 3: new Uint8Array(144) } },
    "wait4(-1, 0x5000, WNOHANG, 0x6000) = 0",
  ],
  [
    "i386:waitpid",
    { words: [0xffffffff, 0x5000, 1], memory: { 1: bytesOf(u32(0)) } },
    "i386:waitpid(-1, 0x5000, WNOHANG) = 0",
  ],
  [
    "accept",
    {
      words: [3],
      memory: { 1: loopback, 2: bytesOf(u32(16)) },
      before: { 2: bytesOf(u32(4)) },
      result: 5,
    },
    'accept(3, {sa_family=AF_INET, sa_data="\\0P"}, [4 => 16]) = 5',
  ],
  [
    "getsockname",
    {
      words: [3, 0x5000],
      memory: { 1: loopback, 2: bytesOf(u32(16)) },
      before: { 2: bytesOf(u32(0)) },
    },
    "getsockname(3, 0x5000, [0 => 16]) = 0",
  ],
  [
    "getpeername",
    {
      words: [3],
      memory: { 1: loopback, 2: bytesOf(u32(16)) },
      before: { 2: bytesOf(u32(2)) },
    },
    "getpeername(3, {sa_family=AF_INET}, [2 => 16]) = 0",
  ],
  [
    "getpeername",
    { words: [0, 0x5000, 0x6000], memory: { 2: bytesOf(u32(16)) }, result: -88 },
    "getpeername(0, 0x5000, [16]) = -1 ENOTSOCK (Socket operation on non-socket)",
  ],
  [
    "capget",
    { memory: { 0: bytesOf(u32(0x19980330), u32(0)), 1: new Uint8Array(24).fill(1, 12) } },
    "capget({version=_LINUX_CAPABILITY_VERSION_1, pid=0}, {effective=0, permitted=0, inheritable=0}) = 0",
  ],
  [
    "waitid",
    { words: [0, 0, 0, 5, 0], memory: { 2: new Uint8Array(32) } },
    "waitid(P_ALL, 0, {}, WNOHANG|WEXITED, NULL) = 0",
  ],
  // A message that was all read is not cut.
  [
    "recvmsg",
    {
      words: [3],
      memory: {
        1: { bytes: bytesOf(u32(0), [1, 104], [1, 105]), length: 4 + 100, truncated: true },
      },
      result: 2,
    },
    'recvmsg(3, {msg_name=NULL, msg_iov=["hi"]}, 0) = 2',
  ],
  // What F_GETLK finds, and what others are given.
  [
    "fcntl",
    { words: [3, 6], memory: { 2: lock } },
    "fcntl(3, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=5, l_len=10}) = 0",
  ],
  [
    "fcntl",
    { words: [3, 5], memory: { 2: lock }, before: { 2: new Uint8Array(32) } },
    "fcntl(3, F_GETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=5, l_len=10, l_pid=7}) = 0",
  ],
  ["fcntl", { words: [3, 13, 0x5000] }, "fcntl(3, F_SETLK64, 0x5000) = 0"],
  ["i386:fcntl64", { words: [3, 2, 1] }, "i386:fcntl64(3, F_SETFD, FD_CLOEXEC) = 0"],
  // Fields that nobody looks at.
  [
    "poll",
    { words: [0, 2, 0], memory: { 0: bytesOf([4, -1], u32(1), u32(5), u32(1)) } },
    "poll([{fd=-1}, {fd=5, events=POLLIN}], 2, 0) = 0 (Timeout)",
  ],
  // What the kernel has made of it.
  [
    "poll",
    {
      words: [0, 2, -1],
      before: { 0: bytesOf(u32(3), u32(1), u32(4), u32(4)) },
      memory: { 0: bytesOf(u32(3), u32(1), u32(4), u32(4 | 4 << 16)) },
      result: 1,
    },
    "poll([{fd=3, events=POLLIN}, {fd=4, events=POLLOUT}], 2, -1) = 1 ([{fd=4, revents=POLLOUT}])",
  ],
  [
    "ppoll",
    {
      words: [0, 1, 0, 0, 8],
      before: { 2: bytesOf(u64(5), u64(0)) },
      memory: { 0: bytesOf(u32(3), u32(1 | 1 << 16)), 2: bytesOf(u64(4), u64(9)) },
      result: 1,
    },
    "ppoll([{fd=3, events=POLLIN}], 1, {tv_sec=5, tv_nsec=0}, NULL, 8) = 1 " +
    "([{fd=3, revents=POLLIN}], left {tv_sec=4, tv_nsec=9})",
  ],
  [
    "select",
    {
      words: [8, 0, 0, 0, 0],
      before: { 1: bitSet(0b1000), 2: bitSet(0b110000) },
      memory: { 1: bitSet(0), 2: bitSet(0b100000), 4: bytesOf(u64(0), u64(1)) },
      result: 1,
    },
    "select(8, [3], [4 5], NULL, {tv_sec=0, tv_usec=1}) = 1 (out [5], left {tv_sec=0, tv_usec=1})",
  ],
  [
    "sendfile",
    {
      words: [4, 3, 0, 9],
      before: { 2: bytesOf(u64(2)) },
      memory: { 2: bytesOf(u64(7)) },
      result: 5,
    },
    "sendfile(4, 3, [2] => [7], 9) = 5",
  ],
  [
    "sendfile",
    { words: [4, 3, 0, 9], before: { 2: bytesOf(u64(2)) }, memory: { 2: bytesOf(u64(2)) } },
    "sendfile(4, 3, [2], 9) = 0",
  ],
  [
    "nanosleep",
    { words: [], memory: { 0: bytesOf(u64(5), u64(0)), 1: bytesOf(u64(4), u64(9)) }, result: -516 },
    "nanosleep({tv_sec=5, tv_nsec=0}, {tv_sec=4, tv_nsec=9}) = " +
    "? ERESTART_RESTARTBLOCK (Interrupted by signal)",
  ],
  [
    "nanosleep",
    { words: [0, 0x1000], memory: { 0: bytesOf(u64(5), u64(0)), 1: bytesOf(u64(4), u64(9)) } },
    "nanosleep({tv_sec=5, tv_nsec=0}, 0x1000) = 0",
  ],
  [
    "i386:nanosleep",
    { words: [0, 0x1000], memory: { 0: bytesOf(u32(5), u32(-1)) } },
    "i386:nanosleep({tv_sec=5, tv_nsec=-1}, 0x1000) = 0",
  ],
  // The last entry is cut.
  [
    "getdents64",
    {
      words: [3, 0, 99],
      memory: {
        1: {
          bytes: bytesOf(
            u64(7),
            u64(-1),
            [2, 24],
            [1, 4],
            [1, 0x2e],
            u32(0),
            u64(8),
            u64(2),
            u32(32),
          ),
          truncated: true,
        },
      },
      result: 56,
    },
    'getdents64(3, [{d_ino=7, d_off=-1, d_reclen=24, d_type=DT_DIR, d_name="."}, ...], 99) = 56',
  ],
  [
    "getdents",
    {
      words: [3, 0, 99],
      memory: { 1: bytesOf(u64(7), u64(1), [2, 24], [2, 0x6161], u32(0x08000000)) },
      result: 24,
    },
    'getdents(3, [{d_ino=7, d_off=1, d_reclen=24, d_name="aa", d_type=DT_REG}], 99) = 24',
  ],
  [
    "clone3",
    { words: [0, 64], memory: { 0: bytesOf(u64(0x80000), ...Array(7).fill(u64(17))) }, result: 5 },
    "clone3({flags=CLONE_SETTLS, exit_signal=SIGCHLD, stack=0x11, stack_size=0x11, tls=0x11}, 64) = 5",
  ],
  [
    "io_uring_setup",
    { words: [1], memory: { 1: bytesOf(u64(0), u32(8), ...Array(27).fill(u32(0))) }, result: 3 },
    "io_uring_setup(1, {flags=IORING_SETUP_CQSIZE, sq_thread_cpu=0, sq_thread_idle=0}) = 3",
  ],
  [
    "timer_create",
    { words: [0], memory: { 1: bytesOf(u64(0), u32(14), u32(0), u32(5)), 2: bytesOf(u32(1)) } },
    "timer_create(CLOCK_REALTIME, {sigev_signo=SIGALRM, sigev_notify=SIGEV_SIGNAL}, [1]) = 0",
  ],
  [
    "timer_create",
    { words: [0], memory: { 1: bytesOf(u64(7), u32(10), u32(4), u32(5)), 2: bytesOf(u32(1)) } },
    "timer_create(CLOCK_REALTIME, {sigev_value={sival_int=7, sival_ptr=0x7}, sigev_signo=SIGUSR1, sigev_notify=SIGEV_THREAD_ID, sigev_notify_thread_id=5}, [1]) = 0",
  ],
  // Arguments that nobody looks at.
  ["kcmp", { words: [1, 2, 0, 3, 4] }, "kcmp(1, 2, KCMP_FILE, 3, 4) = 0"],
  ["kcmp", { words: [1, 2, 2, 3, 4] }, "kcmp(1, 2, KCMP_FILES) = 0"],
  ["membarrier", { words: [0, 0, 7], result: 1 }, "membarrier(MEMBARRIER_CMD_QUERY, 0) = 1"],
  [
    "reboot",
    { words: [1, 2, 0xa1b2c3d4], memory: { 3: "x" }, result: -22 },
    'reboot(1, 2, LINUX_REBOOT_CMD_RESTART2, "x") = -1 EINVAL (Invalid argument)',
  ],
  [
    "reboot",
    { words: [1, 2, 0x1234567, 4], result: -22 },
    "reboot(1, 2, LINUX_REBOOT_CMD_RESTART) = -1 EINVAL (Invalid argument)",
  ],
  [
    "futex",
    { words: [0x4000, 6, 9, 0] },
    "futex(0x4000, FUTEX_LOCK_PI, NULL) = 0",
  ],
  // Numbers as wide as they are, and with their sign.
  [
    "connect",
    { words: [3, 0x5000, -1], result: -22 },
    "connect(3, 0x5000, -1) = -1 EINVAL (Invalid argument)",
  ],
  [
    "sethostname",
    { words: [0x5000, -1], result: -22 },
    "sethostname(0x5000, 4294967295) = -1 EINVAL (Invalid argument)",
  ],
  [
    "prctl",
    { words: [30], result: 0x7ffffffff000 },
    "prctl(PR_GET_TIMERSLACK) = 140737488351232",
  ],
  ["rseq", { words: [0x5000, 32, 0, 0x53053053] }, "rseq(0x5000, 0x20, 0, 0x53053053) = 0"],
  // Names that were missing, or were none.
  ["setsockopt", { words: [3, 0, 2, 0, 0] }, "setsockopt(3, SOL_IP, IP_TTL, NULL, 0) = 0"],
  [
    "setsockopt",
    { words: [3, 1, 63, 0, 0] },
    "setsockopt(3, SOL_SOCKET, SO_TIMESTAMP_NEW, NULL, 0) = 0",
  ],
  ["socket", { words: [10, 3, 58], result: 3 }, "socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6) = 3"],
  [
    "socket",
    { words: [17, 3, 0x300], result: 3 },
    "socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = 3",
  ],
  ["accept4", { words: [3, 0, 0, 1], result: 4 }, "accept4(3, NULL, NULL, 0x1) = 4"],
  ["memfd_secret", { words: [0x80000], result: 3 }, "memfd_secret(O_CLOEXEC) = 3"],
  ["prctl", { words: [41, 1, 0, 0, 0] }, "prctl(PR_SET_THP_DISABLE, 0x1, 0, 0, 0) = 0"],
  ["unshare", { words: [0x41], result: -22 }, "unshare(0x41) = -1 EINVAL (Invalid argument)"],
  [
    "clone",
    { words: [0x100010022n, 0, 0, 0, 0], result: -22 },
    "clone(CLONE_THREAD|SIGRT_2|0x100000000, NULL, NULL, NULL, 0) = -1 EINVAL (Invalid argument)",
  ],
  [
    "futex",
    { words: [0x4000, 0x1080, 9], result: -38 },
    "futex(0x4000, FUTEX_PRIVATE_FLAG|0x1000, 9) = -1 ENOSYS (Function not implemented)",
  ],
  [
    "mount",
    { words: [0, 0, 0, 0xc2ed0008, 0], memory: { 1: "/m" } },
    'mount(NULL, "/m", NULL, MS_NOEXEC|MS_POSIXACL|MS_PRIVATE|MS_SLAVE|MS_RELATIME|MS_KERNMOUNT|MS_LAZYTIME|0xc0800000, NULL) = 0',
  ],
  [
    "ioprio_set",
    { words: [1, 0, 0x4007] },
    "ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 7)) = 0",
  ],
  [
    "waitid",
    { words: [0, 0, 0, 2, 0], result: -10 },
    "waitid(P_ALL, 0, NULL, WSTOPPED, NULL) = -1 ECHILD (No child processes)",
  ],
  [
    "waitid",
    { words: [0, 0, 0, 4, 0], memory: { 2: siginfo(17, 1, u32(5), u32(0), u32(3), u32(0)) } },
    "waitid(P_ALL, 0, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5, si_uid=0, si_status=3}, WEXITED, NULL) = 0",
  ],
  [
    "rt_sigqueueinfo",
    { words: [1, 10], memory: { 2: siginfo(10, -1, u32(5), u32(6), u32(7), u32(0)) } },
    "rt_sigqueueinfo(1, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=5, si_uid=6, si_int=7, si_ptr=0x7}) = 0",
  ],
  [
    "rt_sigtimedwait",
    {
      words: [0, 0, 0, 8],
      memory: { 1: siginfo(14, -2, u32(1), u32(2), u32(3), u32(0)) },
      result: 14,
    },
    "rt_sigtimedwait(NULL, {si_signo=SIGALRM, si_code=SI_TIMER, si_timerid=0x1, si_overrun=2, si_int=3, si_ptr=0x3}, NULL, 8) = SIGALRM",
  ],
  [
    "rt_sigtimedwait",
    {
      words: [0, 0, 0, 8],
      memory: { 1: siginfo(29, 1, u32(65), u32(0), u32(3), u32(0)) },
      result: 29,
    },
    "rt_sigtimedwait(NULL, {si_signo=SIGIO, si_code=POLL_IN, si_band=65, si_fd=3}, NULL, 8) = SIGIO",
  ],
  [
    "rt_sigtimedwait",
    {
      words: [0, 0, 0, 8],
      memory: { 1: siginfo(11, 2, u32(0x1000), u32(0), u32(0), u32(0)) },
      result: 11,
    },
    "rt_sigtimedwait(NULL, {si_signo=SIGSEGV, si_code=SEGV_ACCERR, si_addr=0x1000}, NULL, 8) = SIGSEGV",
  ],
  [
    "rt_sigtimedwait",
    {
      words: [0, 0, 0, 8],
      memory: { 1: siginfo(7, 4, u32(0x1000), u32(0), u32(12), u32(0)) },
      result: 7,
    },
    "rt_sigtimedwait(NULL, {si_signo=SIGBUS, si_code=BUS_MCEERR_AR, si_addr=0x1000, si_addr_lsb=0xc}, NULL, 8) = SIGBUS",
  ],
  [
    "rt_sigqueueinfo",
    { words: [1, 31], memory: { 2: siginfo(31, 1, u32(0x1000), u32(0), u32(8), u32(0xc000003e)) } },
    "rt_sigqueueinfo(1, SIGSYS, {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x1000, si_syscall=8, si_arch=0xc000003e}) = 0",
  ],
  [
    "rt_sigqueueinfo",
    { words: [1, 10], memory: { 2: siginfo(10, -6, u32(5), u32(6), u32(7), u32(0)) } },
    "rt_sigqueueinfo(1, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_TKILL, si_pid=5, si_uid=6}) = 0",
  ],
  [
    "sched_setattr",
    { words: [0], memory: { 1: bytesOf(u32(48), ...Array(11).fill(u32(0))) } },
    "sched_setattr(0, {size=48, sched_policy=SCHED_OTHER, sched_flags=0, sched_nice=0, sched_priority=0, sched_runtime=0, sched_deadline=0, sched_period=0}, 0) = 0",
  ],
  [
    "mq_getsetattr",
    { words: [3], memory: { 1: bytesOf(u64(0x800), u64(3), u64(64), u64(0)) } },
    "mq_getsetattr(3, {mq_flags=0x800, mq_maxmsg=3, mq_msgsize=64, mq_curmsgs=0}, NULL) = 0",
  ],
  // The order of strace.
  [
    "faccessat2",
    { words: [3, 0, 4, 0x300], memory: { 1: "a" } },
    'faccessat2(3, "a", R_OK, AT_SYMLINK_NOFOLLOW|AT_EACCESS) = 0',
  ],
  ["inotify_init1", { words: [0x80800], result: 3 }, "inotify_init1(IN_NONBLOCK|IN_CLOEXEC) = 3"],
  [
    "semop",
    { words: [1, 0, 1], memory: { 1: bytesOf(u16(0), u16(0xffff), u16(0x1800)) } },
    "semop(1, [{sem_num=0, sem_op=-1, sem_flg=SEM_UNDO|IPC_NOWAIT}], 1) = 0",
  ],
  // Addresses that are shorter than their struct, or have an address in them.
  [
    "connect",
    { words: [3, 0, 24], memory: { 1: bytesOf(u16(10), u16(0), u32(0), u64(0), u64(0)) } },
    'connect(3, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::", &sin6_addr)}, 24) = 0',
  ],
  [
    "bind",
    {
      words: [3, 0, 20],
      memory: {
        1: bytesOf(u16(17), u16(0x8), u32(1), u16(1), [1, 2], [1, 6], u32(0x04030201), u32(0x0605)),
      },
    },
    "bind(3, {sa_family=AF_PACKET, sll_protocol=htons(ETH_P_IP), sll_ifindex=1, sll_hatype=1, sll_pkttype=2, sll_halen=6, sll_addr=[0x1, 0x2, 0x3, 0x4, 0x5, 0x6]}, 20) = 0",
  ],
  [
    "bind",
    {
      words: [3, 0, 20],
      memory: { 1: bytesOf(u16(17), u16(0xdd86), u32(1), u16(0), u16(0), u32(0), u32(0)) },
    },
    "bind(3, {sa_family=AF_PACKET, sll_protocol=htons(ETH_P_IPV6), sll_ifindex=1, sll_hatype=0, sll_pkttype=0, sll_halen=0}, 20) = 0",
  ],
  [
    "bind",
    { words: [3, 0, 2], memory: { 1: bytesOf(u16(2)) } },
    "bind(3, {sa_family=AF_INET}, 2) = 0",
  ],
  // 32-bit code's halves of a number.
  [
    "i386:lookup_dcookie",
    { words: [1, 2, 0x5000, 9], result: -38 },
    "i386:lookup_dcookie(0x1, 0x2, 0x5000, 9) = -1 ENOSYS (Function not implemented)",
  ],
];

for (const [name, made, line] of lines) {
  Deno.test(`line as strace's: ${line.slice(0, 90)}`, () => {
    assert.equal(formatCall(madeUpCall(name, made), { architecture: "x86_64" }), line);
  });
}

Deno.test("a birth time is shown if the file system says that there is one", () => {
  const line = (mask: number) =>
    formatCall(
      madeUpCall("statx", {
        words: [-100],
        memory: { 1: "a", 4: bytesOf(u32(mask), ...Array(63).fill(u32(0))) },
      }),
      { architecture: "x86_64" },
    );
  assert.match(line(0x800), /stx_atime=.*stx_btime=.*stx_ctime=/);
  assert.doesNotMatch(line(0x7ff), /stx_btime/);
});

Deno.test("adjtimex(2) shows all of its struct", () => {
  const timex = bytesOf(...Array(26).fill(u64(0)));
  new DataView(timex.buffer).setInt32(40, 0x40, true);
  new DataView(timex.buffer).setInt32(160, 37, true);
  const line = formatCall(madeUpCall("adjtimex", { memory: { 0: timex }, result: 5 }), {
    architecture: "x86_64",
  });
  assert.match(line, /status=STA_UNSYNC, .*tick=0, ppsfreq=0, .*stbcnt=0, tai=37\}\) = TIME_ERROR/);
});

Deno.test("a socket's length as a value is the kernel's, or what the caller gave", () => {
  const length = (result: number) =>
    decodeArguments<"accept">(
      madeUpCall("accept", {
        words: [3],
        memory: { 1: loopback, 2: bytesOf(u32(16)) },
        before: { 2: bytesOf(u32(4)) },
        result,
      }),
      "x86_64",
    ).length;
  assert.equal(length(5), 16);
  assert.equal(length(-11), 4);
});

Deno.test("an address that the kernel did not write is none, whatever the memory holds", () => {
  const { address } = decodeArguments<"accept">(
    madeUpCall("accept", {
      words: [3, 0x5000],
      memory: { 1: loopback, 2: bytesOf(u32(16)) },
      before: { 2: bytesOf(u32(0)) },
      result: 5,
    }),
    "x86_64",
  );
  assert.deepEqual(address, { fault: true, address: 0x5000n, why: "unwritten" });
});
