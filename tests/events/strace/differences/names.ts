/**
 * Names of flags and values that only one of both knows: their numbers are the same.
 *
 * @module
 */
import type { Difference } from "../difference.ts";
import { toNumber } from "../text.ts";
import { newerNames } from "./newer_names.ts";

type Names = Readonly<Record<string, number>>;

/** Of the kernel's own use, of other calls, of the past. */
const theirNames: Names = {
  AT_EMPTY_PATH: 0x1000,
  AT_NO_AUTOMOUNT: 0x800,
  AT_RECURSIVE: 0x8000,
  AT_REMOVEDIR: 0x200,
  AT_SYMLINK_FOLLOW: 0x400,
  AT_SYMLINK_NOFOLLOW: 0x100,
  ARPHRD_ETHER: 1,
  ARPHRD_NETROM: 0,
  ETH_P_802_3_MIN: 0x600,
  FAN_DIR_MODIFY: 0x80000,
  FAN_MARK_FILESYSTEM: 0x100,
  FAN_MARK_MOUNT: 0x10,
  F_EXLCK: 4,
  KEXEC_ARCH_DEFAULT: 0,
  KEXEC_ARCH_X86_64: 0x3e0000,
  LOCK_RW: 0xc0,
  MAP_FILE: 0,
  MSG_CMSG_COMPAT: 0x80000000,
  MSG_NO_SHARED_FRAGS: 0x80000,
  MSG_SENDPAGE_NOTLAST: 0x20000,
  MS_ACTIVE: 0x40000000,
  MS_BORN: 0x20000000,
  MS_I_VERSION: 0x800000,
  MS_NOREMOTELOCK: 0x8000000,
  MS_NOSEC: 0x10000000,
  MS_NOUSER: 0x80000000,
  MS_SUBMOUNT: 0x4000000,
  PACKET_HOST: 0,
  PACKET_MULTICAST: 2,
  PERF_ATTR_SIZE_VER0: 64,
  PERF_ATTR_SIZE_VER7: 128,
  PERF_COUNT_HW_CPU_CYCLES: 0,
  PERF_COUNT_SW_CPU_CLOCK: 0,
  PERF_COUNT_SW_TASK_CLOCK: 1,
  PERF_SAMPLE_IP: 1,
  PERF_SAMPLE_TID: 2,
  PKEY_DISABLE_EXECUTE: 4,
  POLL_BUSY_LOOP: 0x8000,
  RUSAGE_BOTH: -2,
  SA_INTERRUPT: 0x20000000,
  SWAP_FLAG_DISCARD_ONCE: 0x20000,
  SWAP_FLAG_DISCARD_PAGES: 0x40000,
  TFD_TIMER_ABSTIME: 1,
  TFD_TIMER_CANCEL_ON_SET: 2,
  __O_SYNC: 0x100000,
  __O_TMPFILE: 0x400000,
};

/** What the call refuses, or what 0 is called. */
const ourNames: Names = {
  AT_SYMLINK_FOLLOW: 0x400,
  CLONE_CHILD_CLEARTID: 0x200000,
  CLONE_CHILD_SETTID: 0x1000000,
  CLONE_DETACHED: 0x400000,
  CLONE_FILES: 0x400,
  CLONE_FS: 0x200,
  CLONE_IO: 0x80000000,
  CLONE_PARENT: 0x8000,
  CLONE_PARENT_SETTID: 0x100000,
  CLONE_PIDFD: 0x1000,
  CLONE_PTRACE: 0x2000,
  CLONE_SETTLS: 0x80000,
  CLONE_SIGHAND: 0x800,
  CLONE_SYSVSEM: 0x40000,
  CLONE_THREAD: 0x10000,
  CLONE_UNTRACED: 0x800000,
  CLONE_VFORK: 0x4000,
  CLONE_VM: 0x100,
  FALLOC_FL_ALLOCATE_RANGE: 0,
  FAN_CLASS_CONTENT: 4,
  FAN_CLASS_PRE_CONTENT: 8,
  FAN_MARK_INODE: 0,
  FUTEX_CLOCK_REALTIME: 0x100,
  FUTEX_CMP_REQUEUE: 4,
  FUTEX_CMP_REQUEUE_PI: 0xc,
  FUTEX_FD: 2,
  FUTEX_LOCK_PI: 6,
  FUTEX_LOCK_PI2: 0xd,
  FUTEX_PRIVATE_FLAG: 0x80,
  FUTEX_REQUEUE: 3,
  FUTEX_TRYLOCK_PI: 8,
  FUTEX_UNLOCK_PI: 7,
  FUTEX_WAKE: 1,
  FUTEX_WAKE_BITSET: 0xa,
  FUTEX_WAKE_OP: 5,
  IPPROTO_IP: 0,
  LOCK_READ: 0x40,
  LOCK_WRITE: 0x80,
  MOUNT_ATTR_RELATIME: 0,
  SECCOMP_FILTER_FLAG_TSYNC: 1,
};

/** Two names of one number: strace's, and ours. */
const twins: Readonly<Record<string, string>> = {
  F2FS_IOC_SHUTDOWN: "FS_IOC_SHUTDOWN",
  FUTEX_32: "FUTEX2_SIZE_U32",
  FUTEX_PRIVATE_FLAG: "FUTEX2_PRIVATE",
  IPV6_ORIGDSTADDR: "IPV6_RECVORIGDSTADDR",
  MSG_PROBE: "MSG_PROXY",
  PTRACE_PEEKUSER: "PTRACE_PEEKUSR",
  PTRACE_POKEUSER: "PTRACE_POKEUSR",
  SIOCGSTAMPNS_OLD: "SIOCGSTAMPNS",
  SIOCGSTAMP_OLD: "SIOCGSTAMP",
  SO_RCVTIMEO_OLD: "SO_RCVTIMEO",
  SO_SNDTIMEO_OLD: "SO_SNDTIMEO",
  SO_TIMESTAMPING_OLD: "SO_TIMESTAMPING",
  SO_TIMESTAMPNS_OLD: "SO_TIMESTAMPNS",
  SO_TIMESTAMP_OLD: "SO_TIMESTAMP",
  STATX_ALL: "STATX_BASIC_STATS|STATX_BTIME",
  WSTOPPED: "WUNTRACED",
};

/** Strings, and words of flags and names outside of them. */
const words = /"(?:[^"\\]|\\.)*"|[\w|]+/gs;

/** Changes the words of flags of a text, each by its parts. */
function changeWords(
  text: string,
  change: (parts: readonly string[]) => readonly string[],
): string {
  return text.replace(
    words,
    (word) => word.startsWith('"') ? word : change(word.split("|")).join("|"),
  );
}

function partsOf(text: string): ReadonlySet<string> {
  const parts = new Set<string>();
  changeWords(text, (all) => {
    for (const part of all) parts.add(part);
    return all;
  });
  return parts;
}

/** The numbers of a word put together at its end. */
function withOneNumber(parts: readonly string[]): readonly string[] {
  const numbers = parts.map(toNumber).filter((number) => number !== undefined);
  if (numbers.length === 0 || parts.length === 1) return parts;
  const names = parts.filter((part) => toNumber(part) === undefined);
  const number = numbers.reduce((all, each) => all | each, 0n);
  if (number === 0n && names.length > 0) return names;
  return [...names, number === 0n ? "0" : `0x${number.toString(16)}`];
}

/** A text with numbers in the place of names that the other text has not. */
function withNumbers(text: string, names: Names, other: string, met: Set<string>): string {
  const others = partsOf(other);
  return changeWords(text, (parts) => {
    const known = parts.filter((part) => Object.hasOwn(names, part) && !others.has(part));
    if (known.length === 0) return parts;
    for (const part of known) met.add(part);
    return withOneNumber(parts.map((part) => known.includes(part) ? `${names[part]}` : part));
  });
}

function named(name: string, why: string, side: "theirs" | "ours", names: Names): Difference {
  return {
    name,
    why,
    where: "anywhere",
    details: Object.keys(names),
    text: (theirs, ours) => {
      const met = new Set<string>();
      return side === "theirs"
        ? [withNumbers(theirs, names, ours, met), ours, ...met]
        : [theirs, withNumbers(ours, names, theirs, met), ...met];
    },
  };
}

export const nameDifferences: readonly Difference[] = [
  {
    name: "two names of one number",
    why: "the headers have both",
    where: "anywhere",
    details: Object.keys(twins),
    text: (theirs, ours) => {
      const met: string[] = [];
      const has = partsOf(ours);
      const text = changeWords(theirs, (parts) =>
        parts.map((part) => {
          const twin = Object.hasOwn(twins, part) ? twins[part] : undefined;
          if (twin === undefined || !twin.split("|").every((each) => has.has(each))) return part;
          met.push(part);
          return twin;
        }));
      return [text, ours, ...met];
    },
  },
  named(
    "names that strace 6.1 has not yet",
    "they are in later headers, from which our tables are made",
    "ours",
    newerNames,
  ),
  named(
    "names that only we have",
    "strace names what a call takes, we also what it refuses; and 0, where the headers do",
    "ours",
    ourNames,
  ),
  named(
    "names that only strace has",
    "the kernel's own, other calls' and those of the past",
    "theirs",
    theirNames,
  ),
  {
    name: "several numbers in one word",
    why: "strace writes what has no name part by part",
    where: "anywhere",
    text: (theirs, ours) => [changeWords(theirs, withOneNumber), changeWords(ours, withOneNumber)],
  },
];
