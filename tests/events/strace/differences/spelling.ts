/**
 * The same said with other words and brackets.
 *
 * @module
 */
import type { Difference, TextChange } from "../difference.ts";
import { bytesOf, elements, quoteBytes, toNumber, unquote } from "../text.ts";
import { newerNames } from "./newer_names.ts";

/** linux/futex.h: FUTEX_OP_*, FUTEX_OP_CMP_*, in the order of their numbers. */
const futexOperations = ["SET", "ADD", "OR", "ANDN", "XOR"];
const futexComparisons = ["EQ", "NE", "LT", "LE", "GT", "GE"];

/** FUTEX_WAKE_OP's third value, out of what strace makes of it. */
function futexOperation(text: string): bigint | undefined {
  const [, operation = "", argument = "", comparison = "", against = ""] =
    /^FUTEX_OP_(\w+)<<28\|(\w+)<<12\|FUTEX_OP_CMP_(\w+)<<24\|(\w+)$/.exec(text) ?? [];
  const [a, b] = [toNumber(argument), toNumber(against)];
  if (a === undefined || b === undefined) return undefined;
  const [is, when] = [futexOperations.indexOf(operation), futexComparisons.indexOf(comparison)];
  return BigInt(is) << 28n | a << 12n | BigInt(when) << 24n | b;
}

/** A request of ioctl(2), out of what its number says of itself. */
function request(text: string): bigint | undefined {
  const [, directions, type, own, size] = /^_IOC\(([\w|]+), (\w+), (\w+), (\w+)\)$/.exec(text) ??
    [];
  if (directions === undefined) return undefined;
  const direction = (directions.includes("_WRITE") ? 1n : 0n) |
    (directions.includes("_READ") ? 2n : 0n);
  return direction << 30n | BigInt(size ?? 0) << 16n | BigInt(type ?? 0) << 8n | BigInt(own ?? 0);
}

/** What an event holds of a vector's buffers, as the tests ask for it. */
const MOST_BYTES = 4096;

/** `[{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}]` as one string, up to what can't be read. */
export function joined(list: string): string | undefined {
  const buffers = elements(list)?.map((each) =>
    /^\{iov_base=(.*), iov_len=\d+\}$/s.exec(each)?.[1]
  );
  if (buffers === undefined || buffers.includes(undefined)) return undefined;
  const held = buffers.filter((base) => base !== "NULL").map((base) => unquote(base ?? ""));
  const bytes = held.map((each) => each?.bytes ?? "").join("");
  const isCut = bytes.length > MOST_BYTES || held.some((each) => each?.cut ?? true);
  return quoteBytes(bytes.slice(0, MOST_BYTES), isCut);
}

/** What strace's text is with something in another place or word. */
function spelt(pattern: RegExp, replacement: string): TextChange {
  return (theirs, ours) => [theirs.replace(pattern, replacement), ours];
}

export const spellingDifferences: readonly Difference[] = [
  {
    name: "bytes in hexadecimal",
    why: "strace writes some buffers with \\x escapes, we all with octal ones",
    where: ["fsconfig.3", "getrandom.0", "getsockopt.3"],
    text: (theirs, ours) => {
      const [a, b] = [unquote(theirs), unquote(ours)];
      return a !== undefined && a.bytes === b?.bytes && a.cut === b.cut
        ? [ours, ours]
        : [theirs, ours];
    },
  },
  {
    name: "types of namespaces",
    why: "strace reads NS_GET_NSTYPE's result as flags, also when there is none",
    where: ["ioctl.result"],
    text: spelt(/^(-1 .*) \(\|0x80000000\)$/, "$1"),
  },
  {
    name: "private futexes",
    why: "strace joins FUTEX_PRIVATE_FLAG to the operation's name, we write the flag that it is",
    where: ["futex.1"],
    text: spelt(/^(FUTEX_\w+)_PRIVATE\b/, "$1|FUTEX_PRIVATE_FLAG"),
  },
  {
    name: "operations on futexes",
    why: "FUTEX_WAKE_OP's third value is a small program, which strace spells out",
    where: ["futex.5"],
    text: (theirs, ours) => {
      const value = futexOperation(theirs);
      return value !== undefined && value === toNumber(ours) ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "IPv6 addresses",
    why: "-X verbose names the field sin6_addr, without it strace's line is as ours",
    where: "anywhere",
    text: spelt(
      /sin6_addr=inet_pton\(AF_INET6, ("[^"]*")\)/,
      "inet_pton(AF_INET6, $1, &sin6_addr)",
    ),
  },
  {
    name: "IPv4-compatible IPv6 addresses",
    why: "RFC 5952 has dots behind well-known prefixes alone, the C library also behind 96 zeros",
    where: ["connect.1"],
    text: (theirs, ours) => [
      theirs.replace(/"::(\d+)\.(\d+)\.(\d+)\.(\d+)"/, (_, ...bytes: string[]) => {
        const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
        return `"::${(a << 8 | b).toString(16)}:${(c << 8 | d).toString(16)}"`;
      }),
      ours,
    ],
  },
  {
    name: "interfaces by name",
    why: "strace looks up what the interface's number is called; lo is the first of all namespaces",
    where: "anywhere",
    text: spelt(/if_nametoindex\("lo"\)/, "1"),
  },
  {
    name: "unknown families",
    why: "strace writes a family without a name as a number, we as AF_99",
    where: ["bind.1", "connect.1"],
    text: (theirs, ours) => [
      theirs.replace(/sa_family=(0x\w+)/, (_, number: string) => `sa_family=AF_${Number(number)}`),
      ours,
    ],
  },
  {
    name: "times that are none",
    why: "-X verbose writes the numbers beside UTIME_NOW and UTIME_OMIT, else the line is as ours",
    where: ["utimensat.2"],
    text: spelt(/\{[^{}]*\} \/\* (UTIME_\w+) \*\//g, "$1"),
  },
  {
    name: "requests with several names",
    why: "one number of ioctl(2) has several meanings, of which strace names all",
    where: ["ioctl.1"],
    text: (theirs, ours) => theirs.split(" or ").includes(ours) ? [ours, ours] : [theirs, ours],
  },
  {
    name: "requests that we have no name for",
    why: "strace has the names of more drivers",
    where: ["ioctl.1"],
    text: (theirs, ours, { number }) =>
      number !== undefined && number === request(ours) ? [ours, ours] : [theirs, ours],
  },
  {
    name: "requests that strace has no name for",
    why: "it writes what the number says of itself",
    where: ["ioctl.1"],
    text: (theirs, ours) => [
      Object.hasOwn(newerNames, ours) ? request(theirs)?.toString() ?? theirs : theirs,
      ours,
    ],
  },
  {
    name: "sizes of huge pages",
    why: "strace takes their logarithm out of the flags, we leave its bits as they are",
    where: ["memfd_create.1", "mmap.3", "shmget.2"],
    text: (theirs, ours) => [
      theirs.replace(
        /(\d+)<<(?:MAP|MFD|SHM)_HUGE_SHIFT/,
        (_, shift: string) => `0x${(BigInt(shift) << 26n).toString(16)}`,
      ),
      ours,
    ],
  },
  {
    name: "swap priorities",
    why: "strace writes the priority in decimal behind the flags, also if it is 0",
    where: ["swapon.1", "i386:swapon.1"],
    text: (theirs, ours) => [
      theirs.replace(
        /(\|?)(\d+)$/,
        (_, bar: string, number: string) =>
          bar !== "" && number === "0" ? "" : `${bar}0x${Number(number).toString(16)}`,
      ),
      ours,
    ],
  },
  {
    name: "digits run together",
    why: "strace forgets the bar between flags without a name and the permissions",
    where: ["i386:msgget.1", "semget.2"],
    text: (theirs, ours) => ours.replace("|", "") === theirs ? [ours, ours] : [theirs, ours],
  },
  {
    name: "capabilities without a name",
    why: "strace writes the high half by itself",
    where: ["capset.1"],
    text: (theirs, ours) => [theirs, ours.replace(/0x([0-9a-f]{1,8})00000000\b/, "0x$1")],
  },
  {
    name: "counters of caches",
    why: "strace spells out the three parts of the counter's number, which are 0 here",
    where: ["perf_event_open.0"],
    text: spelt(/PERF_COUNT_HW_CACHE_RESULT_ACCESS<<16\|\w+_OP_READ<<8\|\w+_CACHE_L1D/, "0"),
  },
  {
    name: "pages",
    why: "mmap2(2) counts in pages, strace in bytes",
    where: ["i386:mmap2.5"],
    text: (theirs, ours) =>
      toNumber(theirs) === (toNumber(ours) ?? 0n) << 12n ? [ours, ours] : [theirs, ours],
  },
  {
    name: "modify_ldt's result",
    why:
      "it returns an unsigned int, so its errors are none to the kernel: strace writes both, we the int",
    where: ["modify_ldt.result", "i386:modify_ldt.result"],
    text: spelt(/^(?:4294967258|-1) ENOSYS.*$/, "-38"),
  },
  {
    name: "names that are cut",
    why: "strace shows as much of them as the kernel takes, we what was given",
    where: ["memfd_create.0", "prctl.1"],
    text: (theirs, ours) => {
      const [a, b] = [unquote(theirs), unquote(ours)];
      return a?.cut && b?.bytes.startsWith(a.bytes) ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "strings of a given length",
    why: "the kernel is told a length that counts the NUL; we read up to it",
    where: ["kexec_file_load.3"],
    text: spelt(/\\0"$/, '"'),
  },
  {
    name: "options longer than an int",
    why: "strace reads the int that the kernel takes, we show all bytes",
    where: ["setsockopt.3"],
    text: (theirs, ours) => {
      const [, said] = /^\[(-?\d+)\]$/.exec(theirs) ?? [];
      const bytes = bytesOf(unquote(ours)?.bytes ?? "");
      if (said === undefined || bytes.length < 4) return [theirs, ours];
      const first = new DataView(bytes.buffer).getInt32(0, true);
      return Number(said) === first ? [ours, ours] : [theirs, ours];
    },
  },
  {
    name: "options that are structs",
    why: "strace reads some of them, we show their bytes",
    where: ["setsockopt.3", "getsockopt.3"],
    text: (theirs, ours) =>
      theirs.startsWith("{l_onoff=1, l_linger=2}") && ours === '"\\1\\0\\0\\0\\2\\0\\0\\0"'
        ? [ours, ours]
        : [theirs, ours],
  },
  {
    name: "vectors of buffers",
    why: "strace writes each buffer and its length, we the first bytes, one buffer after the other",
    where:
      ("i386:preadv i386:writev preadv preadv2 process_vm_readv process_vm_writev pwritev pwritev2 readv vmsplice writev")
        .split(" ").map((name) => `${name}.1`),
    text: (theirs, ours) => {
      const [a, b] = [joined(theirs), unquote(ours)];
      const isSame = a !== undefined && b !== undefined && a === quoteBytes(b.bytes, b.cut);
      return isSame ? [ours, ours] : [theirs, ours];
    },
  },
];
