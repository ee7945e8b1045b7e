/**
 * Calls of which one of both has other arguments than the other.
 *
 * @module
 */
import type { CallEvent } from "../../../../src/events/mod.ts";
import type { Difference, LineChange } from "../difference.ts";
import type { Line } from "../parse.ts";
import { toNumber } from "../text.ts";

/** strace's line with our arguments: they have been compared, or can't be. */
function withOurs(theirs: Line, ours: Line): readonly [Line, Line] {
  return [{ ...theirs, args: ours.args, numbers: [] }, ours];
}

/** Whether strace's arguments, from some position on, are the registers in hexadecimal. */
function areRegisters(args: readonly string[], event: CallEvent, from = 0): boolean {
  return args.slice(from).every((arg, i) => toNumber(arg) === event.arg(from + i));
}

/** Ours without those behind strace's last. */
const fewer: LineChange = (theirs, ours) =>
  theirs.args.length >= ours.args.length
    ? undefined
    : [theirs, { ...ours, args: ours.args.slice(0, theirs.args.length) }];

/** Ours without one, if that is what strace has not. */
function without(position: number): LineChange {
  return (theirs, ours) =>
    theirs.args.length === ours.args.length - 1 && theirs.args[position] === ours.args[position + 1]
      ? [{ ...theirs, numbers: [] }, { ...ours, args: ours.args.toSpliced(position, 1) }]
      : undefined;
}

/** What strace calls clone(2)'s arguments, in the order of the registers. */
const cloneNames = {
  native: ["flags", "child_stack", "parent_tid", "child_tidptr", "tls"],
  compat: ["flags", "child_stack", "parent_tid", "tls", "child_tidptr"],
} as const;

const cloned: LineChange = (theirs, ours, { event }) => {
  const said = new Map(theirs.args.map((arg): [string, string] => {
    const at = arg.indexOf("=");
    return [arg.slice(0, at), arg.slice(at + 1)];
  }));
  const args = cloneNames[event.abi].map((name, i) => said.get(name) ?? ours.args[i] ?? "");
  return [{ ...theirs, args, numbers: [] }, ours];
};

/** Positions of the halves of a number of 64 bits in 32-bit code's arguments. */
const halves: Readonly<Record<string, readonly (readonly [low: number, high: number])[]>> = {
  "i386:_llseek": [[2, 1]],
  "i386:fadvise64": [[1, 2]],
  "i386:fadvise64_64": [[1, 2], [3, 4]],
  "i386:fallocate": [[2, 3], [4, 5]],
  "i386:ftruncate64": [[1, 2]],
  "i386:lookup_dcookie": [[0, 1]],
  "i386:pread64": [[3, 4]],
  "i386:preadv": [[3, 4]],
  "i386:preadv2": [[3, 4]],
  "i386:pwrite64": [[3, 4]],
  "i386:pwritev": [[3, 4]],
  "i386:pwritev2": [[3, 4]],
  "i386:readahead": [[1, 2]],
  "i386:sync_file_range": [[1, 2], [3, 4]],
  "i386:truncate64": [[1, 2]],
};

const joinedHalves: LineChange = (theirs, ours) => {
  const args: (string | undefined)[] = [...ours.args];
  for (const [low, high] of halves[ours.name] ?? []) {
    const [a, b] = [toNumber(args[low] ?? ""), toNumber(args[high] ?? "")];
    if (a === undefined || b === undefined) return undefined;
    args[Math.min(low, high)] = `${b << 32n | a}`;
    args[Math.max(low, high)] = undefined;
  }
  return [
    { ...theirs, numbers: [] },
    { ...ours, args: args.filter((arg) => arg !== undefined) },
  ];
};

/** fanotify_mark(2)'s mask, whose lower half has names. */
const joinedMask: LineChange = (theirs, ours) => {
  const [fd = "", flags = "", mask = "", high = "", ...rest] = ours.args;
  const above = (toNumber(high) ?? 0n) << 32n;
  const whole = above === 0n ? mask : `${mask}|0x${above.toString(16)}`;
  return [{ ...theirs, numbers: [] }, { ...ours, args: [fd, flags, whole, ...rest] }];
};

export const lineDifferences: readonly Difference[] = [
  {
    name: "calls that return by a signal's frame",
    why: "no return is waited for, the event is sent when the call begins; strace reads the frame",
    where: ["rt_sigreturn", "i386:sigreturn", "i386:rt_sigreturn"],
    line: (theirs, ours) => [{ ...theirs, args: [], numbers: [], result: "?" }, ours],
  },
  {
    name: "calls that strace saw no end of",
    why: "their thread was ended before strace could look",
    where: "anywhere",
    line: (theirs, ours, { isLast }) => {
      if (!isLast || ours.result === "?" || (theirs.result ?? "?") !== "?") return undefined;
      const isCut = theirs.args.at(-1)?.includes("<unfinished ...>") ?? false;
      const args = isCut ? theirs.args.slice(0, -1) : theirs.args;
      return [
        { ...theirs, args, result: ours.result },
        { ...ours, args: isCut ? ours.args.slice(0, args.length) : ours.args },
      ];
    },
  },
  {
    name: "an exec by another thread than the first",
    why: "strace writes its beginning to the thread's file and its end to the process's",
    where: ["execve"],
    line: (theirs, ours) => {
      const last = theirs.args.at(-1) ?? "";
      const [mark] = / <pid changed to \d+ \.\.\.>$/.exec(last) ?? [];
      if (mark === undefined) return undefined;
      const args = [...theirs.args.slice(0, -1), last.slice(0, -mark.length)];
      return [{ ...theirs, args, result: ours.result }, ours];
    },
  },
  {
    name: "what is restarted",
    why: "strace remembers which call it was",
    where: ["restart_syscall", "i386:restart_syscall"],
    line: (theirs, ours) => [{ ...theirs, args: [] }, ours],
  },
  {
    name: "calls that strace has no name for",
    why:
      "they are newer than strace 6.1, which shows six registers: these are compared, and what " +
      "we make of them is compared with the program's log",
    where: "anywhere",
    line: (theirs, ours, { event }) =>
      theirs.name.includes("syscall_0x") && areRegisters(theirs.args, event)
        ? withOurs(theirs, ours)
        : undefined,
  },
  {
    name: "calls through one number",
    why: "strace follows the pointer to what socketcall(2) and ipc(2) are asked for, we show the " +
      "registers",
    where: ["i386:socketcall", "i386:ipc"],
    line: withOurs,
  },
  {
    name: "clone's arguments by name",
    why:
      "strace names them and leaves out what the flags don't ask for, we have the registers in " +
      "their order",
    where: ["clone", "i386:clone"],
    line: cloned,
  },
  {
    name: "halves of numbers",
    why: "32-bit code passes a number of 64 bits in two registers: strace joins them",
    where: Object.keys(halves),
    line: joinedHalves,
  },
  {
    name: "halves of a mask",
    why: "the same, of which the lower half has names",
    where: ["i386:fanotify_mark"],
    line: joinedMask,
  },
  {
    name: "an argument in the middle",
    why: "strace leaves out what the command does not look at",
    where: ["quotactl", "ptrace"],
    line: without(2),
  },
  {
    name: "arguments of unknown commands",
    why: "strace shows all registers, we those that a known command would have",
    where: ["epoll_wait_old", "futex", "i386:futex", "i386:futex_time64", "i386:vm86", "kcmp"],
    line: (theirs, ours, { event }) => {
      const from = ours.args.length;
      if (theirs.args.length <= from || !areRegisters(theirs.args, event, from)) return undefined;
      return [{ ...theirs, args: theirs.args.slice(0, from) }, ours];
    },
  },
  {
    name: "arguments that nobody looks at",
    why:
      "strace knows for which commands there are fewer, and of calls that are gone what they had",
    where:
      ("afs_syscall arch_prctl getpmsg i386:afs_syscall i386:bpf i386:break i386:ftime i386:getpmsg " +
        "i386:gtty i386:idle i386:lock i386:mpx i386:mremap i386:prof i386:profil i386:putpmsg " +
        "i386:stty i386:ulimit i386:vserver keyctl mremap prctl ptrace putpmsg quotactl " +
        "security syslog tuxcall vserver ioctl").split(" "),
    line: fewer,
  },
];
