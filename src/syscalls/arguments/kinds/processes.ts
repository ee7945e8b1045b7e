/**
 * Kinds of processes: how they are made, limited, scheduled and what they may do.
 */
import * as tables from "../tables/process.ts";
import { signal as signals } from "../tables/signal.ts";
import * as ipcTables from "../tables/ipc.ts";
import { choice, flags } from "./flags.ts";
import type { CapturedPiece, RawCall } from "../contract.ts";
import { type Fault, type Kind, memory, type Slot, type Word, word } from "./kind.ts";
import {
  arrayOf,
  boxed,
  characters,
  type Layout,
  pointerTo,
  scalar,
  several,
  struct,
  viewOf,
} from "./layout.ts";
import { bufferMemory } from "./text.ts";
import { signal, signalName } from "./signals.ts";
import { i64, int, limit, longHex, pid, pointer, size, uint } from "./words.ts";
import { timevalLayout } from "./time.ts";

const s64 = scalar("i64", i64);
const u64 = scalar("u64", size);
const u32 = scalar("u32", uint);

/** Those of clone3(2) alone, which has no signal in the low byte and 64 bits of flags. */
const {
  CLONE_AUTOREAP: _reap,
  CLONE_CLEAR_SIGHAND: _handlers,
  CLONE_EMPTY_MNTNS: _mounts,
  CLONE_INTO_CGROUP: _cgroup,
  CLONE_NEWTIME: _time,
  CLONE_NNP: _privileges,
  CLONE_PIDFD_AUTOKILL: _kill,
  ...cloneNames
} = tables.clone;

/** The names of signals that have no use of their own. */
const realTimeSignals: Readonly<Record<`SIG${string}`, number>> = Object.fromEntries(
  Array.from({ length: 33 }, (_, i) => [signalName(32 + i), 32 + i]),
);

/** The flags of clone(2), whose low byte is the signal that tells of the child's end. */
export const cloneFlags = flags(cloneNames, {
  parts: [{ mask: 0xff, names: { ...signals, ...realTimeSignals }, last: true }],
  bits: 64,
});

/** CLONE_* without a signal: unshare(2), setns(2). */
export const namespaces = flags(tables.clone);

const { CLONE_CHILD_CLEARTID, CLONE_CHILD_SETTID, CLONE_PARENT_SETTID, CLONE_PIDFD, CLONE_SETTLS } =
  tables.clone;

/** Whether a field is looked at, by flags in the struct's first one. */
function ofFlags(bits: number): (view: DataView, at: number) => boolean {
  return (view, at) => (view.getBigUint64(at, true) & BigInt(bits)) !== 0n;
}

/** struct clone_args, first version */
export const clone_args = pointerTo(
  struct(64, {
    flags: [0, scalar("u64", flags(tables.clone, { bits: 64 }))],
    pidfd: [8, scalar("u64", pointer), ofFlags(CLONE_PIDFD)],
    child_tid: [16, scalar("u64", pointer), ofFlags(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID)],
    parent_tid: [24, scalar("u64", pointer), ofFlags(CLONE_PARENT_SETTID)],
    exit_signal: [32, scalar("u64", signal)],
    stack: [40, scalar("u64", pointer)],
    stack_size: [48, scalar("u64", longHex)],
    tls: [56, scalar("u64", pointer), ofFlags(CLONE_SETTLS)],
  }),
  { name: "cloneArguments" },
);

const limits = struct(16, {
  rlim_cur: [0, scalar("u64", limit)],
  rlim_max: [8, scalar("u64", limit)],
});
/** struct rlimit of 64-bit code */
export const rlimit = pointerTo(limits, { name: "rlimit", compat: pointer });
/** struct rlimit64, the same in 32-bit code */
export const rlimit64 = pointerTo(limits, { name: "rlimit64" });

/** struct rusage */
export const rusage = pointerTo(
  struct(144, {
    ru_utime: [0, timevalLayout],
    ru_stime: [16, timevalLayout],
    ru_maxrss: [32, s64],
    ru_ixrss: [40, s64],
    ru_idrss: [48, s64],
    ru_isrss: [56, s64],
    ru_minflt: [64, s64],
    ru_majflt: [72, s64],
    ru_nswap: [80, s64],
    ru_inblock: [88, s64],
    ru_oublock: [96, s64],
    ru_msgsnd: [104, s64],
    ru_msgrcv: [112, s64],
    ru_nsignals: [120, s64],
    ru_nvcsw: [128, s64],
    ru_nivcsw: [136, s64],
  }),
  { name: "rusage", when: "exit", compat: pointer },
);

/** The C library's name for SCHED_NORMAL is the one that is known. */
export const schedulerPolicy = choice({ SCHED_OTHER: 0, ...tables.scheduler });

/** linux/ioprio.h: IOPRIO_PRIO_VALUE(). */
export const ioPriority: Word<number> = word("ioPriority", {
  of: (value) => Number(BigInt.asUintN(32, value)),
  text: (value) => {
    const own = BigInt.asUintN(32, value);
    return `IOPRIO_PRIO_VALUE(${ioPriorityClasses.text(own >> 13n, {})}, ${own & 0x1fffn})`;
  },
});
const ioPriorityClasses = choice(tables.ioPriorityClass);

/** struct sched_param */
export const schedulerParameters = pointerTo(
  several(1, scalar("i32", int)),
  { name: "schedulerParameters" },
);

/** struct sched_attr, first version */
export const schedulerAttributes = pointerTo(
  struct(48, {
    size: [0, u32],
    sched_policy: [4, scalar("u32", schedulerPolicy)],
    sched_flags: [8, scalar("u64", flags(tables.schedFlags))],
    sched_nice: [16, scalar("i32", int)],
    sched_priority: [20, u32],
    sched_runtime: [24, u64],
    sched_deadline: [32, u64],
    sched_period: [40, u64],
  }),
  { name: "schedulerAttributes" },
);

/** A set of capabilities; the second struct __user_cap_data_struct, if there is one, has the high half. */
const capabilitySet: Layout<readonly string[]> = {
  size: 4,
  read: namesAt,
  text: (view, at) => {
    const rest = BigInt.asUintN(64, bitsAt(view, at) & ~ALL_CAPABILITIES);
    const names = namesAt(view, at).map((name) => `1<<${name}`);
    if (rest !== 0n) names.push(`0x${rest.toString(16)}`);
    return names.join("|") || "0";
  },
  json: namesAt,
};

const ALL_CAPABILITIES = Object.values(tables.capability)
  .reduce((bits, number) => bits | 1n << BigInt(number), 0n);

function bitsAt(view: DataView, at: number): bigint {
  const high = at + 12 + 4 <= view.byteLength ? view.getUint32(at + 12, true) : 0;
  return BigInt(view.getUint32(at, true)) | BigInt(high) << 32n;
}

function namesAt(view: DataView, at: number): readonly string[] {
  const bits = bitsAt(view, at);
  return Object.entries(tables.capability)
    .filter(([, number]) => (bits >> BigInt(number)) & 1n)
    .map(([name]) => name);
}

/** struct __user_cap_header_struct */
export const capabilityHeader = pointerTo(
  struct(8, {
    version: [0, scalar("u32", choice(tables.capabilityVersion))],
    pid: [4, scalar("i32", pid)],
  }),
  { name: "capabilityHeader" },
);

const capabilityLayout = struct(12, {
  effective: [0, capabilitySet],
  permitted: [4, capabilitySet],
  inheritable: [8, capabilitySet],
});

/** Two struct __user_cap_data_struct, or one in version 1: what is behind that is none of the call's. */
export const capabilities: Kind<
  { readonly [Name in "effective" | "permitted" | "inheritable"]: readonly string[] } | Fault
> = memory("capabilities", { op: "bytes", arg: "", when: "enter", size: 24 }, {
  least: 12,
  decode: (piece, call, slot) => capabilityLayout.read(capabilityView(piece, call, slot), 0),
  text: (piece, call, slot, options) =>
    capabilityLayout.text(capabilityView(piece, call, slot), 0, options),
  json: (piece, call, slot) => capabilityLayout.json(capabilityView(piece, call, slot), 0),
});

function capabilityView(piece: CapturedPiece, call: RawCall, { siblings }: Slot): DataView {
  const header = call.piece(siblings["header"]?.piece ?? -1);
  const isFirst = header !== undefined && header.bytes.length >= 4 &&
    viewOf(header).getUint32(0, true) === tables.capabilityVersion._LINUX_CAPABILITY_VERSION_1;
  return viewOf({ bytes: isFirst ? piece.bytes.subarray(0, 12) : piece.bytes });
}

/** struct new_utsname */
export const utsname = pointerTo(
  struct(390, {
    sysname: [0, characters(65)],
    nodename: [65, characters(65)],
    release: [130, characters(65)],
    version: [195, characters(65)],
    machine: [260, characters(65)],
    domainname: [325, characters(65)],
  }),
  { name: "utsname", when: "exit" },
);

/** struct sysinfo of 64-bit code */
export const sysinfo = pointerTo(
  struct(112, {
    uptime: [0, s64],
    loads: [8, several(3, u64)],
    totalram: [32, u64],
    freeram: [40, u64],
    sharedram: [48, u64],
    bufferram: [56, u64],
    totalswap: [64, u64],
    freeswap: [72, u64],
    procs: [80, scalar("u16", uint)],
    totalhigh: [88, u64],
    freehigh: [96, u64],
    mem_unit: [104, u32],
  }),
  { name: "sysinfo", when: "exit", compat: pointer },
);

/** struct sembuf */
export const semaphoreOperations = arrayOf(
  struct(6, {
    sem_num: [0, scalar("u16", uint)],
    sem_op: [2, scalar("u16", word("short", { of: toShort, text: (v) => `${toShort(v)}` }))],
    sem_flg: [4, scalar("u16", flags(ipcTables.semaphoreFlags, { bits: 16 }))],
  }),
  { name: "semaphoreOperations", count: "count" },
);

function toShort(value: bigint): number {
  return Number(BigInt.asIntN(16, value));
}

/** struct mq_attr */
export const queueAttributes = pointerTo(
  struct(32, {
    mq_flags: [0, scalar("u64", longHex)],
    mq_maxmsg: [8, s64],
    mq_msgsize: [16, s64],
    mq_curmsgs: [24, s64],
  }),
  { name: "queueAttributes", compat: pointer },
);

/** struct futex_waitv */
export const futexWaiters = arrayOf(
  struct(24, {
    val: [0, scalar("u64", longHex)],
    uaddr: [8, scalar("u64", pointer)],
    flags: [16, scalar("u32", flags(tables.futexWaitFlags))],
  }),
  { name: "futexWaiters", count: "count" },
);

const pidLayout = scalar("i32", pid);
/** A pointer to an int that the kernel fills in. */
export const intOut: Kind<number | Fault> = pointerTo(boxed(scalar("i32", int)), {
  name: "int",
  when: "exit",
});
/** A pointer to an unsigned int that the kernel fills in. */
export const uintOut: Kind<number | Fault> = pointerTo(boxed(u32), { name: "uint", when: "exit" });
/** A pointer to a process's number that the kernel fills in: clone(2)'s. */
export const pidOut: Kind<number | Fault> = pointerTo(boxed(pidLayout), {
  name: "pid",
  when: "exit",
});
/** A pointer to a 64-bit number that the kernel fills in. */
export const longOut: Kind<number | Fault> = pointerTo(boxed(s64), {
  name: "long",
  when: "exit",
  compat: pointer,
});
/** A pointer to an address that the kernel fills in. */
export const addressOut: Kind<bigint | Fault> = pointerTo(boxed(scalar("u64", pointer)), {
  name: "address",
  when: "exit",
  compat: pointer,
});

const bytes = scalar("u8", uint);

/** CPUs by their numbers, out of a bit set as long as an argument or the result says. */
export function cpuSet(length?: string): Kind<readonly number[] | Fault> {
  const numbers = (view: DataView) =>
    Array.from({ length: view.byteLength }, (_, at) => bytes.read(view, at))
      .flatMap((byte, at) =>
        [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte >> bit & 1).map((bit) => 8 * at + bit)
      );
  return memory("cpuSet", bufferMemory({ ...(length === undefined ? {} : { length }), max: 128 }), {
    decode: (piece) => numbers(viewOf(piece)),
    text: (piece) => `[${numbers(viewOf(piece)).join(" ")}]`,
    json: (piece) => numbers(viewOf(piece)),
  });
}
