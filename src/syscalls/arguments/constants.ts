/**
 * Which tables of constants tables/ holds, and which headers define them. Read by generate.ts alone.
 *
 * @module
 */

/** An architecture whose headers differ from the generic ones. */
export type Machine = "x86_64" | "aarch64";

/** One table: names that some headers define. */
export interface Source {
  /** tables/FILE.ts */
  readonly file: string;
  readonly table: string;
  readonly title: string;
  readonly headers: readonly string[];
  /** A list, or what the names look like. */
  readonly names: RegExp | readonly string[];
  readonly not?: RegExp;
  /** How values are written. */
  readonly style: "hex" | "decimal";
  /** Values are read as unsigned words of 32 bits. */
  readonly unsigned?: true;
  /** By default x86-64, whose constants are the generic ones wherever we use them. */
  readonly machine?: Machine;
}

type Row = readonly [
  table: string,
  title: string,
  headers: string,
  names: RegExp | string,
  not?: RegExp,
];

function rows(file: string, style: Source["style"], list: readonly Row[]): Source[] {
  return list.map(([table, title, headers, names, not]) => ({
    file,
    table,
    title,
    headers: headers.split(" "),
    names: typeof names === "string" ? names.split(" ") : names,
    style,
    ...(not === undefined ? {} : { not }),
  }));
}

const openNames =
  "O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_SYNC O_DSYNC O_DIRECT O_LARGEFILE O_NOFOLLOW O_NOATIME O_CLOEXEC O_PATH O_TMPFILE O_DIRECTORY FASYNC";

/** Every table. */
export const sources: readonly Source[] = [
  ...rows("file", "hex", [
    ["openFlags", "Flags of open(2)", "asm/fcntl.h", openNames],
    ["openAccess", "What open(2) opens for", "asm/fcntl.h", "O_RDONLY O_WRONLY O_RDWR O_ACCMODE"],
    [
      "at",
      "AT_* flags of most calls",
      "linux/fcntl.h",
      "AT_SYMLINK_NOFOLLOW AT_SYMLINK_FOLLOW AT_NO_AUTOMOUNT AT_EMPTY_PATH AT_RECURSIVE AT_EXECVE_CHECK",
    ],
    [
      "atStat",
      "AT_* flags of statx(2)",
      "linux/fcntl.h",
      "AT_STATX_SYNC_AS_STAT AT_STATX_FORCE_SYNC AT_STATX_DONT_SYNC AT_SYMLINK_NOFOLLOW AT_NO_AUTOMOUNT AT_EMPTY_PATH",
    ],
    ["atUnlink", "Flags of unlinkat(2)", "linux/fcntl.h", "AT_REMOVEDIR"],
    [
      "atAccess",
      "Flags of faccessat2(2)",
      "linux/fcntl.h",
      "AT_SYMLINK_NOFOLLOW AT_EACCESS AT_EMPTY_PATH",
    ],
    [
      "atHandle",
      "Flags of name_to_handle_at(2)",
      "linux/fcntl.h",
      "AT_HANDLE_FID AT_HANDLE_MNT_ID_UNIQUE AT_HANDLE_CONNECTABLE AT_SYMLINK_FOLLOW AT_EMPTY_PATH",
    ],
    ["access", "Modes of access(2)", "unistd.h", "F_OK R_OK W_OK X_OK"],
    [
      "statxMask",
      "Fields of statx(2)",
      "linux/stat.h",
      /^STATX_[A-Z_]+$/,
      /ATTR|RESERVED|STATX_ALL/,
    ],
    ["statxAttributes", "Attributes of statx(2)", "linux/stat.h", /^STATX_ATTR_/],
    ["resolve", "open_how.resolve", "linux/openat2.h", /^RESOLVE_/],
    ["rename", "Flags of renameat2(2)", "linux/fs.h", /^RENAME_/],
    ["fallocate", "Modes of fallocate(2)", "linux/falloc.h", /^FALLOC_FL_/],
    ["xattr", "Flags of setxattr(2)", "linux/xattr.h", "XATTR_CREATE XATTR_REPLACE"],
    [
      "inotify",
      "Events of inotify(7)",
      "linux/inotify.h",
      /^IN_/,
      /ALL_EVENTS|CLOEXEC|NONBLOCK|IN_CLOSE$|IN_MOVE$/,
    ],
    [
      "inotifyInit",
      "Flags of inotify_init1(2)",
      "sys/inotify.h",
      "IN_NONBLOCK IN_CLOEXEC",
    ],
    [
      "fanotifyInit",
      "Flags of fanotify_init(2)",
      "linux/fanotify.h",
      /^FAN_(CLASS|CLOEXEC|NONBLOCK|UNLIMITED|ENABLE|REPORT)/,
      /REPORT_DFID|REPORT_FD_ERROR_/,
    ],
    [
      "fanotifyMark",
      "Flags of fanotify_mark(2)",
      "linux/fanotify.h",
      /^FAN_MARK_/,
      /SYNC|IGNORE_SURV/,
    ],
    [
      "fanotifyEvents",
      "Events of fanotify_mark(2)",
      "linux/fanotify.h",
      "FAN_ACCESS FAN_MODIFY FAN_ATTRIB FAN_CLOSE_WRITE FAN_CLOSE_NOWRITE FAN_OPEN FAN_MOVED_FROM FAN_MOVED_TO FAN_CREATE FAN_DELETE FAN_DELETE_SELF FAN_MOVE_SELF FAN_OPEN_EXEC FAN_Q_OVERFLOW FAN_FS_ERROR FAN_OPEN_PERM FAN_ACCESS_PERM FAN_OPEN_EXEC_PERM FAN_PRE_ACCESS FAN_MNT_ATTACH FAN_MNT_DETACH FAN_EVENT_ON_CHILD FAN_RENAME FAN_ONDIR",
    ],
    [
      "mount",
      "Flags of mount(2)",
      "linux/mount.h",
      /^MS_[A-Z]+$/,
      /MS_(MGC_|RMT|VERBOSE|NOSEC|BORN|ACTIVE|NOUSER|SUBMOUNT|NOREMOTELOCK)/,
    ],
    [
      "umount",
      "Flags of umount2(2)",
      "sys/mount.h",
      "MNT_FORCE MNT_DETACH MNT_EXPIRE UMOUNT_NOFOLLOW",
    ],
    ["fsopen", "Flags of fsopen(2)", "linux/mount.h", /^FSOPEN_/],
    ["fspick", "Flags of fspick(2)", "linux/mount.h", /^FSPICK_/],
    ["fsmount", "Flags of fsmount(2)", "linux/mount.h", /^FSMOUNT_/],
    ["mountAttributes", "MOUNT_ATTR_*", "linux/mount.h", /^MOUNT_ATTR_/, /SIZE_VER|_ATIME$/],
    ["moveMount", "Flags of move_mount(2)", "linux/mount.h", /^MOVE_MOUNT_/, /MASK/],
    [
      "openTree",
      "Flags of open_tree(2)",
      "linux/mount.h linux/fcntl.h",
      "OPEN_TREE_CLONE OPEN_TREE_CLOEXEC AT_SYMLINK_NOFOLLOW AT_NO_AUTOMOUNT AT_EMPTY_PATH AT_RECURSIVE",
    ],
    ["rwf", "Flags of preadv2(2), pwritev2(2)", "linux/fs.h", /^RWF_/, /SUPPORTED/],
    [
      "syncFileRange",
      "Flags of sync_file_range(2)",
      "linux/fs.h",
      /^SYNC_FILE_RANGE_/,
      /WRITE_AND_WAIT/,
    ],
    ["splice", "Flags of splice(2)", "fcntl.h", /^SPLICE_F_/],
    [
      "statfs",
      "statfs.f_flags",
      "sys/statvfs.h",
      "ST_RDONLY ST_NOSUID ST_NODEV ST_NOEXEC ST_SYNCHRONOUS ST_MANDLOCK ST_NOATIME ST_NODIRATIME ST_RELATIME",
    ],
    ["swapon", "Flags of swapon(2)", "sys/swap.h", /^SWAP_FLAG_(PREFER|DISCARD)$/],
    [
      "fileMode",
      "What kind of file a mode says",
      "linux/stat.h",
      "S_IFIFO S_IFCHR S_IFDIR S_IFBLK S_IFREG S_IFLNK S_IFSOCK",
    ],
    [
      "directoryEntry",
      "What kind of file a directory says",
      "dirent.h",
      "DT_UNKNOWN DT_FIFO DT_CHR DT_DIR DT_BLK DT_REG DT_LNK DT_SOCK DT_WHT",
    ],
  ]),
  {
    file: "file",
    table: "openFlagsArm64",
    title: "Flags of open(2)",
    headers: ["asm/fcntl.h"],
    names: openNames.split(" "),
    style: "hex",
    machine: "aarch64",
  },
  ...rows("descriptor", "decimal", [
    ["seek", "Whence of lseek(2)", "linux/fs.h", /^SEEK_/, /MAX/],
    [
      "fcntl",
      "Commands of fcntl(2)",
      "linux/fcntl.h asm/fcntl.h",
      "F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN F_SETSIG F_GETSIG F_SETOWN_EX F_GETOWN_EX F_GETOWNER_UIDS F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW F_SETLEASE F_GETLEASE F_NOTIFY F_DUPFD_QUERY F_CREATED_QUERY F_CANCELLK F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ F_ADD_SEALS F_GET_SEALS F_GET_RW_HINT F_SET_RW_HINT F_GET_FILE_RW_HINT F_SET_FILE_RW_HINT",
    ],
    ["lockType", "flock.l_type", "asm/fcntl.h", "F_RDLCK F_WRLCK F_UNLCK"],
    ["advice", "Advice of fadvise64(2)", "linux/fadvise.h", /^POSIX_FADV_/],
    ["epollControl", "Operations of epoll_ctl(2)", "linux/eventpoll.h", /^EPOLL_CTL_/],
    [
      "quota",
      "Commands of quotactl(2)",
      "linux/quota.h",
      /^Q_(SYNC|QUOTAON|QUOTAOFF|GETFMT|GETINFO|SETINFO|GETQUOTA|SETQUOTA|GETNEXTQUOTA)$/,
    ],
    ["quotaType", "Types of quotas", "linux/quota.h", "USRQUOTA GRPQUOTA PRJQUOTA"],
    ["fsconfig", "Commands of fsconfig(2)", "linux/mount.h", /^FSCONFIG_/],
    [
      "ioUringRegister",
      "Operations of io_uring_register(2)",
      "linux/io_uring.h",
      /^IORING_(UN)?REGISTER_|^IORING_REGISTER|^IORING_UNREGISTER/,
      /LAST|SKIP|USE_REGISTERED|FLAG/,
    ],
  ]),
  ...rows("descriptor", "hex", [
    ["descriptorFlags", "Flags of F_SETFD", "asm/fcntl.h", "FD_CLOEXEC"],
    ["seals", "F_ADD_SEALS", "linux/fcntl.h", /^F_SEAL_/],
    ["dnotify", "F_NOTIFY", "linux/fcntl.h", /^DN_/],
    [
      "flock",
      "Operations of flock(2)",
      "asm/fcntl.h",
      "LOCK_SH LOCK_EX LOCK_NB LOCK_UN LOCK_MAND LOCK_READ LOCK_WRITE",
    ],
    ["poll", "Events of poll(2)", "asm/poll.h", /^POLL/, /FREE|BUSY|_/],
    ["epoll", "Events of epoll_ctl(2)", "linux/eventpoll.h", /^EPOLL(?!_)/],
    ["epollCreate", "Flags of epoll_create1(2)", "linux/eventpoll.h", "EPOLL_CLOEXEC"],
    ["eventfd", "Flags of eventfd2(2)", "sys/eventfd.h", "EFD_SEMAPHORE EFD_CLOEXEC EFD_NONBLOCK"],
    ["signalfd", "Flags of signalfd4(2)", "sys/signalfd.h", "SFD_CLOEXEC SFD_NONBLOCK"],
    ["timerfdCreate", "Flags of timerfd_create(2)", "sys/timerfd.h", "TFD_CLOEXEC TFD_NONBLOCK"],
    [
      "timerfdSet",
      "Flags of timerfd_settime(2)",
      "sys/timerfd.h",
      "TFD_TIMER_ABSTIME TFD_TIMER_CANCEL_ON_SET",
    ],
    ["closeRange", "Flags of close_range(2)", "linux/close_range.h", /^CLOSE_RANGE_/],
    [
      "userfaultfd",
      "Flags of userfaultfd(2)",
      "linux/userfaultfd.h linux/fcntl.h",
      "UFFD_USER_MODE_ONLY O_NONBLOCK O_CLOEXEC",
    ],
    ["ioUringEnter", "Flags of io_uring_enter(2)", "linux/io_uring.h", /^IORING_ENTER_/],
    ["ioUringSetup", "io_uring_params.flags", "linux/io_uring.h", /^IORING_SETUP_/],
    [
      "ioctl",
      "Requests of ioctl(2), the usual ones",
      "asm/ioctls.h asm/termbits.h asm/termios.h linux/serial.h linux/fiemap.h linux/fs.h linux/fscrypt.h linux/blkzoned.h linux/filter.h linux/sockios.h linux/nsfs.h linux/fsverity.h linux/perf_event.h linux/userfaultfd.h linux/random.h linux/loop.h linux/if_tun.h linux/rtc.h linux/kvm.h linux/vfio.h linux/seccomp.h linux/vt.h linux/kd.h linux/blkpg.h linux/watchdog.h linux/cdrom.h linux/fuse.h",
      /^(TC[GSFX]|TIO[CS]|FIO|SIOC|BLK[A-Z]|FS_IOC_|FICLONE|FIDEDUPE|FIBMAP|FIGETBSZ|FIFREEZE|FITHAW|FITRIM|NS_|PIDFD_|SECCOMP_IOCTL_NOTIF_|RND|LOOP_|TUN|UFFDIO_|PERF_EVENT_IOC_|KVM_(CREATE|RUN|GET_API|CHECK_EXT|SET_USER)|VT_|KD[A-Z]{4}|FUSE_DEV_IOC_)/,
      /BLKTRACE|SPAPR|SIOCINQ|TIOCINQ|SIOCOUTQ$|UFFDIO_RWPROTECT_|IOC_MAGIC|BLKCRYPTO|TIOCPKT_|TIOCSER_TEMT|TIOC[ML]_|SIOCDEVPRIVATE|SIOCPROTOPRIVATE|BLKPG_|LOOP_(SET_FLAGS|CHANGE_|SETTABLE)?.*(FLAGS|MAJOR)|_SIZE|TUN_|TUN_F|_MAX|_API$|UFFDIO_(REGISTER|COPY|ZEROPAGE|WRITEPROTECT|CONTINUE|POISON|MOVE|UFFDIO)_?M|UFFD_API|_BITS|FIOQSIZE_|VT_(AUTO|PROCESS|ACK|EVENT|MAX)|KDSETMODE_|PERF_EVENT_IOC_FLAGS|SIOC[A-Z]*_|KVM_RUN_|NS_GET_.*_MAX|FS_IOC_FSSETXATTR_|_FLAG|KVM_CREATE_DEVICE_|KVM_CREATE_GUEST|NS_(MNT|ID)_|PIDFD_(NONBLOCK|THREAD|SELF|SIGNAL|INFO)|TIOCSERGETLSR_|RNDX|^TUNX|_IOC_(VERSION|VFS)|NS_(COOKIE|SIZE)|TCSA|TCSBRK_/,
    ],
  ]),
  ...rows("process", "hex", [
    ["clone", "CLONE_*", "linux/sched.h", /^CLONE_/, /ARGS_SIZE/],
    ["wait", "Options of wait4(2)", "linux/wait.h", /^(__)?W[A-Z]+$/],
    ["pidfdOpen", "Flags of pidfd_open(2)", "linux/pidfd.h", "PIDFD_NONBLOCK PIDFD_THREAD"],
    ["pidfdSignal", "Flags of pidfd_send_signal(2)", "linux/pidfd.h", /^PIDFD_SIGNAL_/],
    ["seccompFlags", "Flags of seccomp(2)", "linux/seccomp.h", /^SECCOMP_FILTER_FLAG_/],
    [
      "personalityFlags",
      "Flags of personality(2)",
      "linux/personality.h",
      "UNAME26 ADDR_NO_RANDOMIZE FDPIC_FUNCPTRS MMAP_PAGE_ZERO ADDR_COMPAT_LAYOUT READ_IMPLIES_EXEC ADDR_LIMIT_32BIT SHORT_INODE WHOLE_SECONDS STICKY_TIMEOUTS ADDR_LIMIT_3GB",
    ],
    ["rseq", "Flags of rseq(2)", "linux/rseq.h", "RSEQ_FLAG_UNREGISTER"],
    ["futexWaitFlags", "Flags of futex_waitv(2)", "linux/futex.h", /^FUTEX2_/, /SIZE_MASK/],
    [
      "schedFlags",
      "sched_attr.sched_flags",
      "linux/sched.h",
      /^SCHED_FLAG_/,
      /ALL|KEEP_ALL|UTIL_CLAMP$/,
    ],
    ["membarrier", "Commands of membarrier(2)", "linux/membarrier.h", /^MEMBARRIER_CMD_/, /SHARED/],
    ["membarrierFlags", "Flags of membarrier(2)", "linux/membarrier.h", /^MEMBARRIER_CMD_FLAG_/],
  ]),
  ...rows("process", "decimal", [
    ["idType", "Types of waitid(2)", "linux/wait.h", /^P_/],
    ["priority", "Which of getpriority(2)", "linux/resource.h", "PRIO_PROCESS PRIO_PGRP PRIO_USER"],
    ["resource", "Resources of getrlimit(2)", "asm/resource.h", /^RLIMIT_/],
    [
      "usage",
      "Who of getrusage(2)",
      "linux/resource.h",
      "RUSAGE_CHILDREN RUSAGE_SELF RUSAGE_THREAD",
    ],
    [
      "scheduler",
      "Policies of sched_setscheduler(2)",
      "linux/sched.h",
      "SCHED_NORMAL SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_IDLE SCHED_DEADLINE SCHED_EXT",
    ],
    [
      "prctl",
      "Options of prctl(2)",
      "linux/prctl.h",
      /^PR_(SET|GET|CAPBSET|CAP_AMBIENT|TASK|MCE|MPX|SVE|SME|PAC|SCHED|RSEQ|RISCV|PPC|TIMER|FUTEX|LOCK|THP|TAGGED)[A-Z_0-9]*$|^PR_SET_MM$/,
      /PR_(SVE|SME)_(VL|SET_VL_ON)|PR_SET_MM_|PR_CAP_AMBIENT_|PR_SCHED_CORE_|PR_MCE_KILL_(CLEAR|SET|LATE|EARLY|DEFAULT)|PR_PAC_AP|PR_TASK_PERF_EVENTS_X|PR_TIMER_CREATE_RESTORE_IDS_|PR_FUTEX_HASH_|(?<!THP|EVENTS)_(ENABLE|DISABLE)D?$|PR_RISCV_(V_VSTATE|CTX|SCOPE)|PR_PPC_DEXCR_|PR_TIMING_|PR_RSEQ_SLICE_EXT(?!ENSION$)|PR_TAGGED|PR_THP_|PR_.*_MASK|PR_SET_(VMA_ANON_NAME|PTRACER_ANY)/,
    ],
    [
      "seccomp",
      "Operations of seccomp(2)",
      "linux/seccomp.h",
      "SECCOMP_SET_MODE_STRICT SECCOMP_SET_MODE_FILTER SECCOMP_GET_ACTION_AVAIL SECCOMP_GET_NOTIF_SIZES",
    ],
    [
      "archPrctl",
      "Codes of arch_prctl(2)",
      "asm/prctl.h",
      /^ARCH_(SET|GET|CPUID|XCOMP|REQ|MAP|SHSTK|FORCE|ENABLE|LAM|UNTAG)/,
      /SHSTK_(SHSTK|WRSS)|XCOMP_TILE/,
    ],
    [
      "ptrace",
      "Requests of ptrace(2)",
      "linux/ptrace.h asm/ptrace-abi.h",
      "PTRACE_TRACEME PTRACE_PEEKTEXT PTRACE_PEEKDATA PTRACE_PEEKUSR PTRACE_POKETEXT PTRACE_POKEDATA PTRACE_POKEUSR PTRACE_CONT PTRACE_KILL PTRACE_SINGLESTEP PTRACE_GETREGS PTRACE_SETREGS PTRACE_GETFPREGS PTRACE_SETFPREGS PTRACE_ATTACH PTRACE_DETACH PTRACE_GETFPXREGS PTRACE_SETFPXREGS PTRACE_SYSCALL PTRACE_GET_THREAD_AREA PTRACE_SET_THREAD_AREA PTRACE_ARCH_PRCTL PTRACE_SYSEMU PTRACE_SYSEMU_SINGLESTEP PTRACE_SETOPTIONS PTRACE_GETEVENTMSG PTRACE_GETSIGINFO PTRACE_SETSIGINFO PTRACE_GETREGSET PTRACE_SETREGSET PTRACE_SEIZE PTRACE_INTERRUPT PTRACE_LISTEN PTRACE_PEEKSIGINFO PTRACE_GETSIGMASK PTRACE_SETSIGMASK PTRACE_SECCOMP_GET_FILTER PTRACE_SECCOMP_GET_METADATA PTRACE_GET_SYSCALL_INFO PTRACE_SET_SYSCALL_INFO PTRACE_GET_RSEQ_CONFIGURATION PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG",
    ],
    ["kcmp", "Types of kcmp(2)", "linux/kcmp.h", /^KCMP_/, /TYPES/],
    ["personality", "Execution domains of personality(2)", "linux/personality.h", /^PER_/, /MASK/],
    [
      "futex",
      "Operations of futex(2)",
      "linux/futex.h",
      "FUTEX_WAIT FUTEX_WAKE FUTEX_FD FUTEX_REQUEUE FUTEX_CMP_REQUEUE FUTEX_WAKE_OP FUTEX_LOCK_PI FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI FUTEX_WAIT_BITSET FUTEX_WAKE_BITSET FUTEX_WAIT_REQUEUE_PI FUTEX_CMP_REQUEUE_PI FUTEX_LOCK_PI2",
    ],
    ["ioPriorityWho", "Which of ioprio_set(2)", "linux/ioprio.h", /^IOPRIO_WHO_/],
    [
      "ioPriorityClass",
      "Classes of ioprio_set(2)",
      "linux/ioprio.h",
      /^IOPRIO_CLASS_(NONE|RT|BE|IDLE)$/,
    ],
    ["capability", "Capabilities", "linux/capability.h", /^CAP_/, /LAST_CAP|CAP_TO/],
  ]),
  ...rows("process", "hex", [
    ["futexFlags", "Flags of futex(2)", "linux/futex.h", "FUTEX_PRIVATE_FLAG FUTEX_CLOCK_REALTIME"],
    [
      "capabilityVersion",
      "Versions of capget(2)",
      "linux/capability.h",
      /^_LINUX_CAPABILITY_VERSION_/,
    ],
  ]),
  ...rows("network", "decimal", [
    ["family", "Address families", "sys/socket.h", /^AF_/, /AF_(LOCAL|FILE|ROUTE|MAX)$/],
    ["socketType", "Socket types", "sys/socket.h", /^SOCK_[A-Z]+$/, /CLOEXEC|NONBLOCK/],
    ["protocol", "IP protocols", "linux/in.h", /^IPPROTO_/, /MAX/],
    [
      "netlink",
      "Netlink families",
      "linux/netlink.h",
      "NETLINK_ROUTE NETLINK_UNUSED NETLINK_USERSOCK NETLINK_FIREWALL NETLINK_SOCK_DIAG NETLINK_NFLOG NETLINK_XFRM NETLINK_SELINUX NETLINK_ISCSI NETLINK_AUDIT NETLINK_FIB_LOOKUP NETLINK_CONNECTOR NETLINK_NETFILTER NETLINK_IP6_FW NETLINK_DNRTMSG NETLINK_KOBJECT_UEVENT NETLINK_GENERIC NETLINK_SCSITRANSPORT NETLINK_ECRYPTFS NETLINK_RDMA NETLINK_CRYPTO NETLINK_SMC",
    ],
    [
      "ethernet",
      "Ethernet protocols, of packet sockets",
      "linux/if_ether.h",
      /^ETH_P_/,
      /_MIN$/,
    ],
    ["shutdown", "How of shutdown(2)", "sys/socket.h", "SHUT_RD SHUT_WR SHUT_RDWR"],
    [
      "optionLevel",
      "Levels of setsockopt(2)",
      "sys/socket.h netinet/in.h netinet/tcp.h netinet/udp.h",
      "SOL_SOCKET SOL_IP SOL_TCP SOL_UDP SOL_IPV6 SOL_ICMPV6 SOL_RAW SOL_X25 SOL_PACKET SOL_ATM SOL_AAL SOL_IRDA SOL_NETBEUI SOL_LLC SOL_DCCP SOL_NETLINK SOL_TIPC SOL_RXRPC SOL_PPPOL2TP SOL_BLUETOOTH SOL_PNPIPE SOL_RDS SOL_IUCV SOL_CAIF SOL_ALG SOL_NFC SOL_KCM SOL_TLS SOL_XDP SOL_MPTCP SOL_SMC",
    ],
    [
      "socketOption",
      "Options of SOL_SOCKET",
      "asm/socket.h",
      /^SO_/,
      /_OLD$|GET_FILTER/,
    ],
    [
      "ipOption",
      "Options of SOL_IP",
      "linux/in.h linux/netfilter_ipv4.h",
      /^(IP|MCAST)_/,
      /IP_(PMTUDISC_|MAX_|DEFAULT_|RECVRETOPTS)|MCAST_(IN|EX)CLUDE|IP_MSFILTER_|IP_ADDRX|_SIZE/,
    ],
    [
      "ip6Option",
      "Options of SOL_IPV6",
      "linux/in6.h",
      /^IPV6_/,
      /IPV6_(FLOWLABEL_MGR_|PMTUDISC_|FL_|PRIORITY_|PREFER_|SRCRT|OPT_|TLV_|RTHDR_|FLOWINFO_|LEAVE_ANYCAST_X|RXSRCRT)/,
    ],
    [
      "tcpOption",
      "Options of SOL_TCP",
      "linux/tcp.h",
      /^TCP_[A-Z0-9_]+$/,
      /TCP_(FLAG_|DATA_|NLA_|CA_|MSS_|S_|REPAIR_(ON|OFF)|NO_QUEUE|RECV_QUEUE|SEND_QUEUE|QUEUES_NR|MD5SIG_(FLAG|MAX|EXT_)|AO_(KEYF|MAX)|FIN|OPEN|ESTABLISHED|TFO|RECEIVE_ZEROCOPY_|ACCECN_)/,
    ],
    [
      "udpOption",
      "Options of SOL_UDP",
      "linux/udp.h",
      /^UDP_(CORK|ENCAP|NO_CHECK6_TX|NO_CHECK6_RX|SEGMENT|GRO)$/,
    ],
    [
      "packetOption",
      "Options of SOL_PACKET",
      "linux/if_packet.h",
      "PACKET_ADD_MEMBERSHIP PACKET_DROP_MEMBERSHIP PACKET_RECV_OUTPUT PACKET_RX_RING PACKET_STATISTICS PACKET_COPY_THRESH PACKET_AUXDATA PACKET_ORIGDEV PACKET_VERSION PACKET_HDRLEN PACKET_RESERVE PACKET_TX_RING PACKET_LOSS PACKET_VNET_HDR PACKET_TX_TIMESTAMP PACKET_TIMESTAMP PACKET_FANOUT PACKET_TX_HAS_OFF PACKET_QDISC_BYPASS PACKET_ROLLOVER_STATS PACKET_FANOUT_DATA PACKET_IGNORE_OUTGOING",
    ],
    [
      "netlinkOption",
      "Options of SOL_NETLINK",
      "linux/netlink.h",
      /^NETLINK_(ADD_MEMBERSHIP|DROP_MEMBERSHIP|PKTINFO|BROADCAST_ERROR|NO_ENOBUFS|RX_RING|TX_RING|LISTEN_ALL_NSID|LIST_MEMBERSHIPS|CAP_ACK|EXT_ACK|GET_STRICT_CHK)$/,
    ],
  ]),
  ...rows("network", "hex", [
    ["socketFlags", "Flags in a socket's type", "sys/socket.h", "SOCK_CLOEXEC SOCK_NONBLOCK"],
    [
      "message",
      "Flags of sendmsg(2), recvmsg(2)",
      "sys/socket.h",
      /^MSG_/,
      /^MSG_TRYHARD$|MSG_EOF/,
    ],
  ]),
  ...rows("memory", "hex", [
    [
      "protection",
      "Protections of mmap(2)",
      "asm/mman.h",
      "PROT_NONE PROT_READ PROT_WRITE PROT_EXEC PROT_SEM PROT_GROWSDOWN PROT_GROWSUP",
    ],
    [
      "mapType",
      "How a mapping is shared",
      "linux/mman.h",
      "MAP_SHARED MAP_PRIVATE MAP_SHARED_VALIDATE MAP_DROPPABLE",
    ],
    [
      "mapFlags",
      "Flags of mmap(2)",
      "linux/mman.h",
      "MAP_FIXED MAP_ANONYMOUS MAP_32BIT MAP_ABOVE4G MAP_NORESERVE MAP_GROWSDOWN MAP_DENYWRITE MAP_EXECUTABLE MAP_LOCKED MAP_POPULATE MAP_NONBLOCK MAP_STACK MAP_HUGETLB MAP_SYNC MAP_FIXED_NOREPLACE",
    ],
    ["remap", "Flags of mremap(2)", "linux/mman.h", /^MREMAP_/],
    ["msync", "Flags of msync(2)", "asm/mman.h", /^MS_/],
    ["lock", "Flags of mlock2(2)", "linux/mman.h", "MLOCK_ONFAULT"],
    ["lockAll", "Flags of mlockall(2)", "linux/mman.h", /^MCL_/],
    ["keyAccess", "Access rights of pkey_alloc(2)", "asm/mman.h", /^PKEY_/, /MASK|UNRESTRICTED/],
    [
      "bindFlags",
      "Flags of mbind(2)",
      "linux/mempolicy.h",
      "MPOL_MF_STRICT MPOL_MF_MOVE MPOL_MF_MOVE_ALL",
    ],
    [
      "policyFlags",
      "Flags of a memory policy",
      "linux/mempolicy.h",
      /^MPOL_F_(STATIC_NODES|RELATIVE_NODES|NUMA_BALANCING)$/,
    ],
    [
      "policyQuery",
      "Flags of get_mempolicy(2)",
      "linux/mempolicy.h",
      "MPOL_F_NODE MPOL_F_ADDR MPOL_F_MEMS_ALLOWED",
    ],
    ["memfd", "Flags of memfd_create(2)", "linux/memfd.h", /^MFD_[A-Z_]+$/, /HUGE_/],
  ]),
  ...rows("memory", "decimal", [
    ["madvise", "Advice of madvise(2)", "asm/mman.h", /^MADV_/],
    [
      "policy",
      "Memory policies",
      "linux/mempolicy.h",
      /^MPOL_(DEFAULT|PREFERRED|BIND|INTERLEAVE|LOCAL|PREFERRED_MANY|WEIGHTED_INTERLEAVE)$/,
    ],
  ]),
  {
    file: "memory",
    table: "protectionArm64",
    title: "Protections of mmap(2)",
    headers: ["asm/mman.h"],
    names:
      "PROT_NONE PROT_READ PROT_WRITE PROT_EXEC PROT_SEM PROT_BTI PROT_MTE PROT_GROWSDOWN PROT_GROWSUP"
        .split(" "),
    style: "hex",
    machine: "aarch64",
  },
  ...rows("signal", "decimal", [
    [
      "signal",
      "Signals",
      "asm/signal.h",
      /^SIG[A-Z0-9]+$/,
      /^SIG(RTMIN|RTMAX|STKSZ|IOT|POLL|UNUSED|CLD|LOST)$|SIGEV/,
    ],
    ["maskHow", "How of rt_sigprocmask(2)", "asm/signal.h", "SIG_BLOCK SIG_UNBLOCK SIG_SETMASK"],
    [
      "notify",
      "sigevent.sigev_notify",
      "asm/siginfo.h",
      "SIGEV_SIGNAL SIGEV_NONE SIGEV_THREAD SIGEV_THREAD_ID",
    ],
    [
      "signalCode",
      "siginfo.si_code, of any signal",
      "asm/siginfo.h",
      "SI_USER SI_KERNEL SI_QUEUE SI_TIMER SI_MESGQ SI_ASYNCIO SI_SIGIO SI_TKILL SI_DETHREAD SI_ASYNCNL",
    ],
    ["busCode", "siginfo.si_code of SIGBUS", "asm/siginfo.h", /^BUS_/],
    ["childCode", "siginfo.si_code of SIGCHLD", "asm/siginfo.h", /^CLD_/],
    ["fpeCode", "siginfo.si_code of SIGFPE", "asm/siginfo.h", /^FPE_/],
    ["illCode", "siginfo.si_code of SIGILL", "asm/siginfo.h", /^ILL_/],
    ["pollCode", "siginfo.si_code of SIGIO", "asm/siginfo.h", /^POLL_/],
    ["segvCode", "siginfo.si_code of SIGSEGV", "asm/siginfo.h", /^SEGV_/],
    ["sysCode", "siginfo.si_code of SIGSYS", "asm/siginfo.h", /^SYS_/],
    ["trapCode", "siginfo.si_code of SIGTRAP", "asm/siginfo.h", /^TRAP_/, /FLAG/],
  ]),
  ...rows("signal", "hex", [
    ["actionFlags", "sigaction.sa_flags", "asm/signal.h", /^SA_/, /NOMASK|ONESHOT/],
    ["stackFlags", "stack_t.ss_flags", "linux/signal.h", "SS_ONSTACK SS_DISABLE SS_AUTODISARM"],
  ]),
  ...rows("ipc", "hex", [
    ["ipcGet", "Flags of semget(2), msgget(2)", "linux/ipc.h", "IPC_CREAT IPC_EXCL IPC_NOWAIT"],
    ["semaphoreFlags", "sembuf.sem_flg", "linux/ipc.h linux/sem.h", "SEM_UNDO IPC_NOWAIT"],
    [
      "shmGet",
      "Flags of shmget(2)",
      "linux/ipc.h linux/shm.h",
      "IPC_CREAT IPC_EXCL SHM_HUGETLB SHM_NORESERVE",
    ],
    ["shmAttach", "Flags of shmat(2)", "linux/shm.h", "SHM_RDONLY SHM_RND SHM_REMAP SHM_EXEC"],
    [
      "messageReceive",
      "Flags of msgrcv(2)",
      "linux/ipc.h linux/msg.h",
      "MSG_NOERROR MSG_EXCEPT MSG_COPY IPC_NOWAIT",
    ],
  ]),
  ...rows("ipc", "decimal", [
    [
      "semaphoreControl",
      "Commands of semctl(2)",
      "linux/ipc.h linux/sem.h",
      "IPC_RMID IPC_SET IPC_STAT IPC_INFO GETPID GETVAL GETALL GETNCNT GETZCNT SETVAL SETALL SEM_STAT SEM_INFO SEM_STAT_ANY",
    ],
    [
      "shmControl",
      "Commands of shmctl(2)",
      "linux/ipc.h linux/shm.h",
      "IPC_RMID IPC_SET IPC_STAT IPC_INFO SHM_LOCK SHM_UNLOCK SHM_STAT SHM_INFO SHM_STAT_ANY",
    ],
    [
      "messageControl",
      "Commands of msgctl(2)",
      "linux/ipc.h linux/msg.h",
      "IPC_RMID IPC_SET IPC_STAT IPC_INFO MSG_STAT MSG_INFO MSG_STAT_ANY",
    ],
  ]),
  ...rows("time", "decimal", [
    ["clock", "Clocks", "linux/time.h", /^CLOCK_[A-Z]+(_[A-Z]+)*(_ID)?$/, /CLOCK_(SGI|INVALID)/],
    [
      "interval",
      "Timers of setitimer(2)",
      "linux/time.h",
      "ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF",
    ],
  ]),
  ...rows("time", "hex", [
    [
      "timerFlags",
      "Flags of clock_nanosleep(2), timer_settime(2)",
      "linux/time.h",
      "TIMER_ABSTIME",
    ],
    [
      "adjust",
      "timex.modes",
      "linux/timex.h",
      "ADJ_OFFSET ADJ_FREQUENCY ADJ_MAXERROR ADJ_ESTERROR ADJ_STATUS ADJ_TIMECONST ADJ_TAI ADJ_SETOFFSET ADJ_MICRO ADJ_NANO ADJ_TICK",
    ],
    [
      "clockStatus",
      "timex.status",
      "linux/timex.h",
      /^STA_(?!RONLY)/,
    ],
    [
      "clockState",
      "Results of adjtimex(2)",
      "linux/timex.h",
      "TIME_OK TIME_INS TIME_DEL TIME_OOP TIME_WAIT TIME_ERROR",
    ],
  ]),
  ...rows("system", "decimal", [
    [
      "bpf",
      "Commands of bpf(2)",
      "linux/bpf.h",
      /^BPF_(MAP_(CREATE|LOOKUP|UPDATE|DELETE|GET_|FREEZE)|PROG_(LOAD|ATTACH|DETACH|TEST_RUN|RUN|GET|QUERY|BIND|STREAM)|OBJ_|BTF_(LOAD|GET)|RAW_TRACEPOINT_OPEN|TASK_FD|LINK_(CREATE|UPDATE|GET|DETACH)|ENABLE_STATS|ITER_CREATE|TOKEN_CREATE)[A-Z_]*$/,
      /BPF_PROG_RUN$|_ATTACH_TYPE|BPF_OBJ_NAME_LEN/,
    ],
    [
      "keyctl",
      "Operations of keyctl(2)",
      "linux/keyctl.h",
      /^KEYCTL_/,
      /KEYCTL_(CAPS|SUPPORTS|MOVE_EXCL)/,
    ],
    ["specialKey", "Keyrings by their own ids", "linux/keyctl.h", /^KEY_SPEC_/],
    ["perfType", "perf_event_attr.type", "linux/perf_event.h", /^PERF_TYPE_/, /MAX/],
    ["landlockRule", "Rule types of landlock_add_rule(2)", "linux/landlock.h", /^LANDLOCK_RULE_/],
    ["lsmAttribute", "Attributes of lsm_get_self_attr(2)", "linux/lsm.h", /^LSM_ATTR_/],
  ]),
  ...rows("system", "hex", [
    ["random", "Flags of getrandom(2)", "linux/random.h", /^GRND_/],
    ["perfOpen", "Flags of perf_event_open(2)", "linux/perf_event.h", /^PERF_FLAG_/],
    [
      "landlockCreate",
      "Flags of landlock_create_ruleset(2)",
      "linux/landlock.h",
      /^LANDLOCK_CREATE_/,
    ],
    [
      "landlockRestrict",
      "Flags of landlock_restrict_self(2)",
      "linux/landlock.h",
      /^LANDLOCK_RESTRICT_SELF_/,
    ],
    [
      "landlockAccess",
      "Accesses of landlock_ruleset_attr",
      "linux/landlock.h",
      /^LANDLOCK_ACCESS_FS_/,
    ],
    ["moduleFlags", "Flags of finit_module(2)", "linux/module.h", /^MODULE_INIT_/],
    ["moduleDelete", "Flags of delete_module(2)", "asm/fcntl.h", "O_NONBLOCK O_TRUNC"],
    ["kexecFile", "Flags of kexec_file_load(2)", "linux/kexec.h", /^KEXEC_FILE_/],
    [
      "kexec",
      "Flags of kexec_load(2)",
      "linux/kexec.h",
      /^KEXEC_(ON_CRASH|PRESERVE_CONTEXT|UPDATE_ELFCOREHDR|CRASH_HOTPLUG_SUPPORT)$/,
    ],
    ["lsmFlags", "Flags of lsm_get_self_attr(2)", "linux/lsm.h", /^LSM_FLAG_/],
    [
      "filesystem",
      "statfs.f_type",
      "linux/magic.h",
      /_MAGIC$|_MAGIC_NUMBER$/,
      /MTD_INODE|STACK_END|FUTEXFS|CRAMFS_MAGIC_WEND|SMB_|CIFS_/,
    ],
  ]).map((source): Source =>
    source.table === "filesystem" ? { ...source, unsigned: true } : source
  ),
  ...rows("system", "hex", [
    ["rebootMagic", "Magic numbers of reboot(2)", "linux/reboot.h", /^LINUX_REBOOT_MAGIC/],
    ["reboot", "Commands of reboot(2)", "linux/reboot.h", /^LINUX_REBOOT_CMD_/],
  ]).map((source): Source => ({ ...source, unsigned: true })),
  ...rows("errno", "decimal", [
    ["errno", "Errors", "asm/errno.h", /^E[A-Z0-9]+$/, /EWOULDBLOCK|EDEADLOCK/],
  ]),
];
