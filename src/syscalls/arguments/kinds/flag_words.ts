/**
 * Words of flags and choices, by their tables. What they are used for is said by the names of the tables.
 */
import * as descriptor from "../tables/descriptor.ts";
import * as file from "../tables/file.ts";
import * as ipc from "../tables/ipc.ts";
import * as memory from "../tables/memory.ts";
import * as process from "../tables/process.ts";
import * as signal from "../tables/signal.ts";
import * as system from "../tables/system.ts";
import * as time from "../tables/time.ts";
import { type Choice, choice, flags, flagsOf } from "./flags.ts";
import { type Word, word } from "./kind.ts";
import { schedulerPolicy } from "./processes.ts";
import { octal } from "./words.ts";

/** linux/quota.h: QCMD(). */
const quotaCommand: Word<string> = word("quota", {
  of: quotaText,
  text: quotaText,
});
const quotaCommands = choice(descriptor.quota);
const quotaTypes = choice(descriptor.quotaType);

function quotaText(value: bigint): string {
  const number = BigInt.asUintN(32, value);
  return `QCMD(${quotaCommands.text(number >> 8n, {})}, ${quotaTypes.text(number & 0xffn, {})})`;
}

/** Of files and file systems. */
export const fileSystemFlags = {
  access: flags(file.access),
  at: flags(file.at),
  atAccess: flags(file.atAccess),
  atHandle: flags(file.atHandle),
  atStat: flags(file.atStat, {
    parts: [{
      mask: 0x6000,
      names: {
        AT_STATX_SYNC_AS_STAT: 0,
        AT_STATX_FORCE_SYNC: 0x2000,
        AT_STATX_DONT_SYNC: 0x4000,
      },
    }],
  }),
  atUnlink: flags(file.atUnlink),
  fanotifyEvents: flags(file.fanotifyEvents, { bits: 64 }),
  fanotifyInit: flags(file.fanotifyInit, {
    parts: [{
      mask: 0xc,
      names: { FAN_CLASS_NOTIF: 0, FAN_CLASS_CONTENT: 4, FAN_CLASS_PRE_CONTENT: 8 },
    }],
  }),
  fanotifyMark: flags(file.fanotifyMark),
  fallocate: flags(file.fallocate),
  fsconfig: choice(descriptor.fsconfig),
  fsmount: flags(file.fsmount),
  fsopen: flags(file.fsopen),
  fspick: flags(file.fspick),
  inotify: flags(file.inotify),
  inotifyInit: flags(file.inotifyInit),
  /** linux/mount.h: MS_MGC_VAL, which old programs add; with it the kernel looks at nothing else of MS_MGC_MSK. */
  mount: flags(file.mount, {
    bits: 64,
    parts: [{ mask: 0xffff0000, names: { MS_MGC_VAL: 0xc0ed0000 } }],
  }),
  mountAttributes: flags(file.mountAttributes),
  moveMount: flags(file.moveMount),
  openTree: flags(file.openTree),
  quota: quotaCommand,
  rename: flags(file.rename),
  rwf: flags(file.rwf),
  splice: flags(file.splice),
  statxMask: flags(file.statxMask),
  swapon: flags(file.swapon),
  syncFileRange: flags(file.syncFileRange),
  umount: flags(file.umount),
  xattr: flags(file.xattr),
} as const;

/** asm-generic/ioctl.h: what a request's number says of itself. */
function ioctlText(request: number): string {
  const directions = ["_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"];
  const part = (shift: number, bits: number) => {
    const value = (request >>> shift) & ((1 << bits) - 1);
    return value === 0 ? "0" : `0x${value.toString(16)}`;
  };
  return `_IOC(${directions[request >>> 30]}, ${part(8, 8)}, ${part(0, 8)}, ${part(16, 14)})`;
}

/** Of descriptors. */
export const descriptorFlags = {
  advice: choice(descriptor.advice),
  closeRange: flags(descriptor.closeRange),
  descriptor: flags(descriptor.descriptorFlags),
  dnotify: flags(descriptor.dnotify),
  epollControl: choice(descriptor.epollControl),
  epollCreate: flags(descriptor.epollCreate),
  eventfd: flags(descriptor.eventfd),
  /** asm-generic/fcntl.h: the last three are 32-bit code's. */
  fcntl: choice({ ...descriptor.fcntl, F_GETLK64: 12, F_SETLK64: 13, F_SETLKW64: 14 }),
  flock: flags(descriptor.flock),
  ioctl: choice(descriptor.ioctl, { unsigned: true, unnamed: ioctlText }),
  ioUringEnter: flags(descriptor.ioUringEnter),
  ioUringRegister: choice(descriptor.ioUringRegister),
  ioUringSetup: flags(descriptor.ioUringSetup),
  /** fcntl.h: O_CLOEXEC is all that it takes. */
  memfdSecret: flags({ O_CLOEXEC: file.openFlags.O_CLOEXEC }),
  seals: flags(descriptor.seals),
  seek: choice(descriptor.seek),
  signalfd: flags(descriptor.signalfd),
  timerfdCreate: flags(descriptor.timerfdCreate),
  timerfdSet: flags(descriptor.timerfdSet),
  userfaultfd: flags(descriptor.userfaultfd),
} as const;

const domain = flags(process.personalityFlags, {
  parts: [{ mask: 0xff, names: process.personality }],
});
/** personality(2): all bits ask what it is. */
const personality: typeof domain = word("personality", {
  of: domain.of,
  text: (value, options) =>
    BigInt.asUintN(32, value) === 0xffff_ffffn ? "0xffffffff" : domain.text(value, options),
});

const { WUNTRACED: _, ...waitIdNames } = process.wait;

/** Of processes and threads. */
export const processFlags = {
  archPrctl: choice(process.archPrctl),
  capability: choice(process.capability),
  /** linux/futex.h: FUTEX_CMD_MASK is all but the flags. */
  futex: flags(process.futexFlags, { parts: [{ mask: 0xffff_fe7f, names: process.futex }] }),
  futexFlags: flags(process.futexWaitFlags),
  idType: choice(process.idType),
  ioPriorityWho: choice(process.ioPriorityWho),
  kcmp: choice(process.kcmp),
  membarrier: choice(process.membarrier),
  membarrierFlags: flags(process.membarrierFlags),
  personality,
  pidfdOpen: flags(process.pidfdOpen),
  pidfdSignal: flags(process.pidfdSignal),
  prctl: choice(process.prctl),
  priority: choice(process.priority),
  ptrace: choice(process.ptrace),
  resource: choice(process.resource),
  rseq: flags(process.rseq),
  scheduler: schedulerPolicy,
  seccomp: choice(process.seccomp),
  seccompFlags: flags(process.seccompFlags),
  usage: choice(process.usage),
  wait: flags(process.wait),
  /** waitid(2)'s name of WUNTRACED. */
  waitId: flags(waitIdNames),
} as const;

type ProtectionNames =
  | keyof typeof memory.protection
  | keyof typeof memory.protectionArm64;
type Protections = { readonly [Name in ProtectionNames]?: number };

/** Of memory. */
export const memoryFlags = {
  bind: flags(memory.bindFlags),
  keyAccess: flags(memory.keyAccess),
  lock: flags(memory.lock),
  lockAll: flags(memory.lockAll),
  madvise: choice(memory.madvise),
  map: flags(memory.mapFlags, { parts: [{ mask: 0xf, names: memory.mapType }] }),
  memfd: flags(memory.memfd),
  msync: flags(memory.msync),
  policy: flags(memory.policyFlags, { parts: [{ mask: 0x1fff, names: memory.policy }] }),
  policyQuery: flags(memory.policyQuery),
  protection: flagsOf({
    x86_64: memory.protection as Protections as Record<ProtectionNames, number>,
    aarch64: memory.protectionArm64 as Protections as Record<ProtectionNames, number>,
  }),
  remap: flags(memory.remap),
} as const;

/** Flags above nine bits of permissions, of System V's objects. */
function withMode<const N extends Readonly<Record<string, number>>>(names: N) {
  const own = flags(names);
  return {
    ...own,
    text: (value: bigint) => {
      const bits = BigInt.asUintN(32, value);
      const rest = bits & ~0o777n;
      const permissions = octal(Number(bits & 0o777n));
      return rest === 0n ? permissions : `${own.text(rest, {})}|${permissions}`;
    },
  };
}

/** A word that is formatted by its own `text`. */
function formatted<T>(kind: Word<T>): Word<T> {
  return word(kind.name, { of: kind.of, text: kind.text, json: kind.jsonOf });
}

/** linux/ipc.h: IPC_64, which the C library adds to commands. */
function control<const N extends Readonly<Record<string, number>>>(
  names: N,
): Word<Choice<Extract<keyof N, string>>> {
  const own = choice(names);
  const bare = (value: bigint) => value & ~0x100n;
  return word("control", {
    of: (value) => own.of(bare(value)),
    text: (value, options) => `${value & 0x100n ? "IPC_64|" : ""}${own.text(bare(value), options)}`,
  });
}

/** linux/ipc.h: IPC_PRIVATE is 0. */
const key: Word<number> = word("key", {
  of: (value) => Number(BigInt.asUintN(32, value)),
  text: (value) => {
    const own = BigInt.asUintN(32, value);
    return own === 0n ? "IPC_PRIVATE" : `0x${own.toString(16)}`;
  },
});

/** Of System V's semaphores, queues and shared memory. */
export const ipcFlags = {
  get: formatted(withMode(ipc.ipcGet)),
  key,
  messageControl: control(ipc.messageControl),
  messageReceive: flags(ipc.messageReceive),
  semaphoreControl: control(ipc.semaphoreControl),
  shmAttach: flags(ipc.shmAttach),
  shmControl: control(ipc.shmControl),
  shmGet: formatted(withMode(ipc.shmGet)),
} as const;

/** Of signals. */
export const signalFlags = {
  how: choice(signal.maskHow),
} as const;

/** Of times. */
export const timeFlags = {
  interval: choice(time.interval),
  state: choice(time.clockState),
  timer: flags(time.timerFlags),
} as const;

/** Of all the rest. */
export const systemFlags = {
  bpf: choice(system.bpf),
  kexec: flags(system.kexec),
  kexecFile: flags(system.kexecFile),
  keyctl: choice(system.keyctl),
  keyring: choice(system.specialKey),
  landlockCreate: flags(system.landlockCreate),
  landlockRestrict: flags(system.landlockRestrict),
  landlockRule: choice(system.landlockRule),
  lsm: choice(system.lsmAttribute),
  lsmFlags: flags(system.lsmFlags),
  module: flags(system.moduleFlags),
  moduleDelete: flags(system.moduleDelete),
  perfOpen: flags(system.perfOpen),
  perfType: choice(system.perfType),
  random: flags(system.random),
  reboot: choice(system.reboot, { unsigned: true }),
  rebootMagic: choice(system.rebootMagic, { unsigned: true }),
} as const;
