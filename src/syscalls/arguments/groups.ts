/**
 * Groups of calls by strace's names (strace(1), `-e trace=%file`), as strace 6.1 has them on x86-64; calls
 * that are newer stand where strace's current sources put calls of their like.
 *
 * @module
 */
import type { CallName } from "./rows.ts";

const groups = {
  /** Calls that take a file's name. */
  file:
    "access acct chdir chmod chown chroot creat execve execveat faccessat faccessat2 fanotify_mark fchmodat fchmodat2 fchownat file_getattr file_setattr fsconfig fspick futimesat getcwd getxattr getxattrat inotify_add_watch lchown lgetxattr link linkat listxattr listxattrat llistxattr lremovexattr lsetxattr lstat mkdir mkdirat mknod mknodat mount mount_setattr move_mount name_to_handle_at newfstatat open open_tree open_tree_attr openat openat2 pivot_root quotactl readlink readlinkat removexattr removexattrat rename renameat renameat2 rmdir setxattr setxattrat stat statfs statx swapoff swapon symlink symlinkat truncate umount2 unlink unlinkat uselib utime utimensat utimes",
  /** Calls that make, end or wait for processes, or send them signals. */
  process:
    "clone clone3 execve execveat exit exit_group fork kill pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tgkill tkill vfork wait4 waitid",
  /** Calls that are about sockets. */
  network:
    "accept accept4 bind connect getpeername getpmsg getsockname getsockopt listen putpmsg recvfrom recvmmsg recvmsg sendfile sendmmsg sendmsg sendto setsockopt shutdown socket socketpair",
  /** Calls that take or make descriptors. */
  desc:
    "bpf cachestat close copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execveat faccessat faccessat2 fadvise64 fallocate fanotify_init fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat fchroot fcntl fdatasync fgetxattr file_getattr file_setattr finit_module flistxattr flock fremovexattr fsconfig fsetxattr fsmount fsopen fspick fstat fstatfs fsync ftruncate futimesat getdents getdents64 getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_uring_enter io_uring_register io_uring_setup ioctl kexec_file_load landlock_add_rule landlock_create_ruleset landlock_restrict_self linkat listxattrat lseek memfd_create memfd_secret mkdirat mknodat mmap mount_setattr move_mount mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend name_to_handle_at newfstatat open open_by_handle_at open_tree open_tree_attr openat openat2 perf_event_open pidfd_getfd pidfd_open pidfd_send_signal pipe pipe2 poll ppoll pread64 preadv preadv2 process_madvise process_mrelease pselect6 pwrite64 pwritev pwritev2 quotactl_fd read readahead readlinkat readv removexattrat renameat renameat2 select sendfile setns setxattrat signalfd signalfd4 splice statx symlinkat sync_file_range syncfs tee timerfd_create timerfd_gettime timerfd_settime unlinkat userfaultfd utimensat vmsplice write writev",
  /** Calls that map memory. */
  memory:
    "brk get_mempolicy io_destroy io_setup io_uring_register madvise map_shadow_stack mbind migrate_pages mincore mlock mlock2 mlockall mmap move_pages mprotect mremap mseal msync munlock munlockall munmap pkey_mprotect remap_file_pages set_mempolicy set_mempolicy_home_node shmat shmdt",
  /** Calls that are about signals. */
  signal:
    "io_uring_enter kill pause pidfd_send_signal rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd signalfd4 tgkill tkill",
  /** Calls that are System V's interprocess communication. */
  ipc: "msgctl msgget msgrcv msgsnd semctl semget semop semtimedop shmat shmctl shmdt shmget",
} as const;

/** A group, without its per cent sign. */
export type GroupName = keyof typeof groups | "net";

const members: ReadonlyMap<string, readonly CallName[]> = new Map(
  Object.entries(groups).map(([name, calls]) => [name, calls.split(" ") as CallName[]]),
);

/** The names of all groups; `net` is another for `network`. */
export const groupNames: readonly GroupName[] = [...Object.keys(groups) as GroupName[], "net"];

/**
 * The calls of a group, with or without its per cent sign: `%file`, `network`.
 *
 * @returns undefined if there is no such group.
 */
export function groupCalls(name: string): readonly CallName[] | undefined {
  const bare = name.startsWith("%") ? name.slice(1) : name;
  return members.get(bare === "net" ? "network" : bare);
}
