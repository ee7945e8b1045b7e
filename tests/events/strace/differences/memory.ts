/**
 * Memory that we don't copy, that strace does not read, or of which each shows another part.
 *
 * @module
 */
import type { Difference } from "../difference.ts";
import {
  bytesOf,
  elements,
  fields,
  isAddress,
  quoteBytes,
  structOf,
  unquote,
  valueOf,
} from "../text.ts";
import { joined } from "./spelling.ts";

/** Text that strace makes of memory: a struct, a list, a string. */
const decoded = /^[[{"]/;

/** The address for what strace decodes. */
function toAddress(theirs: string, ours: string): readonly [theirs: string, ours: string] {
  return isAddress(ours) && decoded.test(theirs) ? [ours, ours] : [theirs, ours];
}

/** What strace says of a netlink message, or of the first of several: length, sequence number, port. */
function netlinkSaid(text: string): string | undefined {
  const [, length, sequence, port] =
    /^\[*\{nlmsg_len=(\d+), nlmsg_type=[^,]+, nlmsg_flags=[^,]+, nlmsg_seq=(\d+), nlmsg_pid=(\d+)\}/
      .exec(text) ?? [];
  return length === undefined ? undefined : `${length} ${sequence} ${port}`;
}

/** The same out of its bytes: linux/netlink.h, struct nlmsghdr. */
function netlinkHeader(text: string): string | undefined {
  const bytes = bytesOf(text);
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer);
  return [0, 8, 12].map((at) => view.getUint32(at, true)).join(" ");
}

/** A message's address and data are the same. */
function isSameMessage(theirs: string, ours: string): boolean {
  const [a, b] = [fields(theirs), fields(ours)];
  const vector = valueOf(a?.get("msg_iov"));
  const data = unquote(elements(valueOf(b?.get("msg_iov")) ?? "")?.[0] ?? "");
  if (vector === undefined || data === undefined) return false;
  if (a?.get("msg_name") !== b?.get("msg_name")) return false;
  const said = netlinkSaid(/^\[\{iov_base=(.*), iov_len=\d+\}/s.exec(vector)?.[1] ?? "");
  return said === undefined
    ? joined(vector) === quoteBytes(data.bytes, data.cut)
    : said === netlinkHeader(data.bytes);
}

/** By place: fields that strace shows and we don't; "others": all that are not ours. */
const moreFields: Readonly<Record<string, readonly string[] | "others">> = {
  "mq_notify.1": ["sigev_notify_function", "sigev_notify_attributes"],
  "name_to_handle_at.2": ["f_handle"],
  "open_by_handle_at.1": ["f_handle"],
  "perf_event_open.0": "others",
  "rt_sigqueueinfo.2": ["si_lower", "si_upper", "si_pkey", "si_utime", "si_stime"],
  "rt_sigtimedwait.1": ["si_lower", "si_upper", "si_pkey", "si_utime", "si_stime"],
  "sched_getattr.1": ["sched_util_min", "sched_util_max"],
  "sched_setattr.1": ["sched_util_min", "sched_util_max"],
  "waitid.2": ["si_utime", "si_stime"],
};

/** By place: fields that we show and strace doesn't. */
const fewerFields: Readonly<Record<string, readonly string[]>> = {
  "name_to_handle_at.2": ["handle_type"],
  "sched_setattr.1": [
    "sched_policy",
    "sched_nice",
    "sched_priority",
    "sched_runtime",
    "sched_deadline",
    "sched_period",
  ],
};

/** A struct's text without some fields that the other text has not. */
function withoutFields(text: string, other: string, left: readonly string[] | "others"): string {
  const [own, others] = [fields(text), fields(other)];
  if (own === undefined || others === undefined) return text;
  const isLeft = (name: string) => !others.has(name) && (left === "others" || left.includes(name));
  return structOf([...own].filter(([name]) => !isLeft(name)).map(([, field]) => field));
}

export const memoryDifferences: readonly Difference[] = [
  {
    name: "messages",
    why: "strace writes lengths, control messages and each buffer; we the address and the first " +
      "bytes, one buffer after the other",
    where: ["i386:sendmsg.1", "recvmsg.1", "sendmsg.1"],
    text: (theirs, ours) => isSameMessage(theirs, ours) ? [ours, ours] : [theirs, ours],
  },
  {
    name: "netlink messages",
    why: "strace reads what the kernel is told and tells by netlink, we show the bytes: lengths, " +
      "sequence numbers and ports are compared",
    where: ["recvfrom.1", "sendto.1"],
    text: (theirs, ours) => {
      const [said, held] = [netlinkSaid(theirs), unquote(ours)];
      return said !== undefined && said === netlinkHeader(held?.bytes ?? "")
        ? [ours, ours]
        : [theirs, ours];
    },
  },
  {
    name: "what nobody wrote",
    why: "with a length of 0 the kernel says how long the answer would be: strace shows memory " +
      "nevertheless, we its address",
    where: ["getxattr.2", "recvfrom.1"],
    text: (theirs, ours, { event, name }) =>
      event.arg(name === "getxattr" ? 3 : 2) === 0n ? toAddress(theirs, ours) : [theirs, ours],
  },
  {
    name: "more strings than an event holds",
    why: "an event has room for 63 strings, and for 7,936 bytes with what is beside them",
    where: ["execve.1"],
    text: (theirs, ours) => {
      const [a, b] = [elements(theirs), elements(ours)];
      const isBeginning = b?.at(-1) === "..." &&
        b.slice(0, -1).every((each, i) => each === a?.[i]);
      return isBeginning ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "sets of select(2) at the end of memory",
    why: "128 bytes of a set are copied, however few descriptors it is for",
    where: ["select.1", "select.2"],
    text: (theirs, ours) => theirs === "[]" ? toAddress(theirs, ours) : [theirs, ours],
  },
  {
    name: "upper halves of registers",
    why: "strace shows all 64 bits that int $0x80 was called with, of which the kernel takes 32: " +
      "what we say is compared with the program's log",
    where: ["i386:open.0", "i386:write.1", "i386:write.2"],
    text: (theirs, ours) =>
      /^(?:0x7eadbeef\w{8}|9128161953\d{9})$/.test(theirs) ? [ours, ours] : [theirs, ours],
  },
  {
    name: "memory that we don't copy",
    why: "no rule has asked for it yet: the address is all",
    where: ("bpf.1 fcntl.2 get_mempolicy.1 " +
      "get_thread_area.0 " +
      "i386:rt_sigaction.2 i386:stat64.1 io_submit.2 i386:ugetrlimit.1 " +
      "ioctl.2 keyctl.1 keyctl.2 " +
      "landlock_add_rule.2 mbind.3 migrate_pages.2 migrate_pages.3 mincore.2 modify_ldt.1 " +
      "move_pages.2 move_pages.3 msgctl.2 msgrcv.1 msgsnd.1 " +
      "process_madvise.1 process_vm_readv.3 " +
      "process_vm_writev.3 pselect6.5 quotactl.3 recvmmsg.1 recvmsg.1 seccomp.2 semctl.3 " +
      "sendmmsg.1 set_mempolicy.1 set_thread_area.0 setsockopt.3 shmctl.2 syslog.1").split(" "),
    text: toAddress,
  },
  {
    name: "memory that strace does not read",
    why: "it knows that the kernel ignores it, or refuses the length that goes with it",
    where: ("connect.1 fsconfig.2 mount.2 mount.4 mount_setattr.3 openat2.2 ppoll.3 " +
      "rt_sigprocmask.1 select.1 setgroups.1 sethostname.0 signalfd4.1").split(" "),
    text: (theirs, ours) => isAddress(theirs) && decoded.test(ours) ? [ours, ours] : [theirs, ours],
  },
  {
    name: "what the kernel made of it",
    why: "strace shows memory before and after the call, we before it",
    where: ["clone3.0", "name_to_handle_at.2"],
    text: (theirs, ours) => [
      theirs.replace(/ => (?:\[[^\]]*\]|\{[^}]*\}|[^,}\]]+)/g, ""),
      ours,
    ],
  },
  {
    name: "offsets that a call has moved",
    why: "strace shows them before the call, we afterwards too: compared with the program's log",
    where: ["copy_file_range.1", "copy_file_range.3", "splice.1"],
    text: (theirs, ours) => [theirs, ours.replace(/ => \[\d+\]$/, "")],
  },
  {
    name: "more ready descriptors than strace has room for",
    why: "it writes them into 1,024 bytes",
    where: ["poll.result"],
    text: (theirs, ours) => {
      const [beginning] = / ?\.\.\.\]\)$/.exec(theirs) ?? [];
      return beginning !== undefined && ours.startsWith(theirs.slice(0, -beginning.length))
        ? [ours, ours]
        : [theirs, ours];
    },
  },
  {
    name: "more entries of a directory than an event holds",
    why: "1,024 bytes of them are copied",
    where: ["getdents64.1"],
    text: (theirs, ours) =>
      ours.endsWith(", ...]") && theirs.startsWith(ours.slice(0, -"...]".length))
        ? [ours, ours]
        : [theirs, ours],
  },
  {
    name: "handles",
    why: "the kernel writes the handle's type: strace shows it afterwards, we before",
    where: ["name_to_handle_at.2"],
    text: (theirs, ours) => {
      const [type = ""] = /handle_type=\w+/.exec(ours) ?? [];
      return [theirs.replace(/handle_type=\d+/, type), ours];
    },
  },
  {
    name: "fields that strace leaves out",
    why: "it knows by other fields that nobody looks at them",
    where: Object.keys(fewerFields),
    text: (theirs, ours, { place }) => [
      theirs,
      withoutFields(ours, theirs, fewerFields[place] ?? []),
    ],
  },
  {
    name: "fields that we don't show",
    why: "a struct's first version is copied, or its beginning; some are not the kernel's",
    where: Object.keys(moreFields),
    text: (theirs, ours, { place }) => [
      withoutFields(theirs, ours, moreFields[place] ?? []),
      ours,
    ],
  },
];
