/**
 * The same number, written in another way.
 *
 * @module
 */
import type { Difference, TextChange } from "../difference.ts";
import { toNumber } from "../text.ts";

/** Strings, and numbers outside of them. */
const numerals = /"(?:[^"\\]|\\.)*"|(?<![\w.])-?(?:0x[0-9a-f]+|(?:0|[1-9]\d*))(?![\w.])/gs;

function changeNumbers(text: string, change: (number: bigint) => bigint): string {
  return text.replace(numerals, (part) => {
    const number = part.startsWith('"') ? undefined : toNumber(part);
    return number === undefined ? part : `${change(number)}`;
  });
}

/** Texts that are the same if both are changed in one of some ways. */
function sameBy(...changes: readonly ((text: string) => string)[]): TextChange {
  return (theirs, ours) =>
    changes.some((change) => change(theirs) === change(ours)) ? [ours, ours] : [theirs, ours];
}

/** Flags of each word in the order of the alphabet. */
function sortFlags(text: string): string {
  return text.replace(/[\w|]+\|[\w|]+/g, (word) => word.split("|").toSorted().join("|"));
}

/** Of numbers, and of names that are as many. */
export const numberDifferences: readonly Difference[] = [
  {
    name: "another base",
    why: "strace writes numbers without a name in hexadecimal; we lengths and counts in decimal",
    where: "anywhere",
    text: sameBy((text) => changeNumbers(text, (number) => number)),
  },
  {
    name: "signed and unsigned",
    why: "the kernel takes an int that strace writes unsigned, or the other way round",
    where: "anywhere",
    text: sameBy(
      (text) => changeNumbers(text, (number) => number < 0n ? BigInt.asUintN(32, number) : number),
      (text) => changeNumbers(text, (number) => number < 0n ? BigInt.asUintN(64, number) : number),
    ),
  },
  {
    name: "an int in a long",
    why:
      "strace writes all 64 bits of some registers of which the kernel takes 32, and of others 32 " +
      "of which it takes 64",
    where: ["prctl.1", "prctl.2", "prctl.3", "socket.2"],
    text: (theirs, ours) => {
      const [a, b] = [toNumber(theirs), toNumber(ours)];
      const isSame = a !== undefined && b !== undefined &&
        BigInt.asUintN(32, a) === BigInt.asUintN(32, b);
      return isSame ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "results in words",
    why:
      "strace says what a result means behind its number, and of waiting what came; we write one " +
      "of number and words",
    where: ("adjtimex clock_adjtime fcntl i386:fcntl64 i386:personality i386:sgetmask i386:time " +
      "ioprio_get membarrier personality prctl recvmmsg rt_sigtimedwait " +
      "sched_getscheduler time").split(" ").map((name) => `${name}.result`),
    text: (theirs, ours) => {
      const [, number = "", words = ""] = /^(-?\w+) \((.*)\)$/s.exec(theirs) ?? [];
      const value = toNumber(number);
      const isSame = words === ours || (value !== undefined && value === toNumber(ours));
      return isSame ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "numbers that strace names",
    why:
      "we have no table of names for these: the number that strace gives beside the name is ours",
    where: ("fanotify_mark.3 fcntl.2 fsconfig.4 futex.4 keyctl.1 keyctl.2 personality.0 prctl.1 " +
      "prctl.2 ptrace.0 ptrace.2 ptrace.3 sched_get_priority_max.0 sched_setscheduler.1 " +
      "setsockopt.1 setsockopt.2 socket.2 syslog.0 clock_gettime.0 ioctl.2").split(" "),
    text: (theirs, ours, { number }) => {
      const own = toNumber(ours);
      const isSame = number !== undefined && own !== undefined &&
        BigInt.asUintN(64, number) === BigInt.asUintN(64, own);
      return isSame ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "NULL and 0",
    why: "what is a pointer for some commands is written as one or as a number",
    where:
      ("clone.4 create_module.0 get_kernel_syms.0 ioctl.2 keyctl.2 keyctl.3 keyctl.4 ptrace.2 " +
        "query_module.0 rseq.0 semctl.3").split(" "),
    text: (theirs, ours) =>
      [theirs, ours].toSorted().join() === "0,NULL" ? [ours, ours] : [theirs, ours],
  },
  {
    name: "order of flags",
    why: "ours is that of the bits or of the headers",
    where: ("clone3.0 fanotify_mark.2 i386:set_mempolicy.0 mmap.3 msync.2 rt_sigaction.1 " +
      "set_mempolicy.0 wait4.2 waitid.3").split(" "),
    text: sameBy(sortFlags),
  },
];
