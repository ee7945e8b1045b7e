/** Calls on the machine and the kernel: bpf(2), keys, modules, security; and those that no kernel has any more. */
import { call, type Row } from "../call.ts";
import { systemFlags as flag } from "../kinds/flag_words.ts";
import { given, optional } from "../kinds/kind.ts";
import { arrayOf, pointerTo, scalar, struct } from "../kinds/layout.ts";
import { uintOut } from "../kinds/processes.ts";
import { buffer, string } from "../kinds/text.ts";
import { choice, flags, valuesOf } from "../kinds/flags.ts";
import * as words from "../kinds/words.ts";
import { landlockAccess, perfType, reboot } from "../tables/system.ts";

const { fd, hex, int, longHex, pid, pointer, size, uint } = words;

/** struct perf_event_attr, its beginning */
const perfEvent = pointerTo(
  struct(32, {
    type: [0, scalar("u32", choice(perfType))],
    size: [4, scalar("u32", uint)],
    config: [8, scalar("u64", longHex)],
    sample_period: [16, scalar("u64", size)],
    sample_type: [24, scalar("u64", longHex)],
  }),
);

/** struct landlock_ruleset_attr, first version */
const landlockRules = pointerTo(
  struct(8, { handled_access_fs: [0, scalar("u64", flags(landlockAccess))] }),
);

/** linux/bpf.h: BPF_COMMON_ATTRS */
const hasCommon = (word: bigint) => (word & 0x10000n) !== 0n;

/** Groups, as numbers of 32 bits. */
const groups = (when: "enter" | "exit") =>
  arrayOf(scalar("u32", words.gid), {
    when,
    count: "count",
    ...(when === "exit" ? { upToResult: true as const } : {}),
  });

/** A call that never did anything, or has not for long: six registers. */
const gone = call(
  { arg1: longHex, arg2: longHex, arg3: longHex, arg4: longHex, arg5: longHex, arg6: longHex },
  int,
);

export const systemCalls = {
  bpf: call(
    {
      cmd: flag.bpf,
      attributes: pointer,
      size: uint,
      // Since 7.0, and only if the command says so.
      common: given("cmd", hasCommon, pointer),
      common_size: given("cmd", hasCommon, uint),
    },
    int,
  ),
  perf_event_open: call(
    { event: perfEvent, pid, cpu: int, group: fd, flags: flag.perfOpen },
    fd,
  ),
  uprobe: call({}, int),
  uretprobe: call({}, int),
  add_key: call(
    {
      type: string,
      description: string,
      payload: buffer({ length: "length" }),
      length: size,
      keyring: flag.keyring,
    },
    int,
  ),
  request_key: call(
    { type: string, description: string, callout: optional(string), keyring: flag.keyring },
    int,
  ),
  keyctl: call(
    { operation: flag.keyctl, arg2: longHex, arg3: longHex, arg4: longHex, arg5: longHex },
    words.long,
  ),
  landlock_create_ruleset: call(
    { rules: optional(landlockRules), size, flags: flag.landlockCreate },
    fd,
  ),
  landlock_add_rule: call({ fd, type: flag.landlockRule, rule: pointer, flags: hex }, int),
  landlock_restrict_self: call({ fd, flags: flag.landlockRestrict }, int),
  lsm_get_self_attr: call(
    { attribute: flag.lsm, contexts: pointer, length: uintOut, flags: flag.lsmFlags },
    int,
  ),
  lsm_set_self_attr: call({ attribute: flag.lsm, context: pointer, length: uint, flags: hex }, int),
  lsm_list_modules: call({ ids: pointer, length: uintOut, flags: hex }, int),
  getrandom: call({ buffer: buffer(), length: size, flags: flag.random }, size),
  init_module: call({ image: pointer, length: size, parameters: string }, int),
  finit_module: call({ fd, parameters: string, flags: flag.module }, int),
  delete_module: call({ name: string, flags: flag.moduleDelete }, int),
  kexec_load: call({ entry: pointer, count: size, segments: pointer, flags: flag.kexec }, int),
  kexec_file_load: call(
    { fd, initrd: fd, length: size, command_line: string, flags: flag.kexecFile },
    int,
  ),
  reboot: call(
    {
      magic: flag.rebootMagic,
      magic2: flag.rebootMagic,
      cmd: flag.reboot,
      argument: given("cmd", valuesOf(reboot, "LINUX_REBOOT_CMD_RESTART2"), string),
    },
    int,
  ),
  syslog: call({ action: int, buffer: pointer, length: int }, int),
  sync: call({}, int),
  vhangup: call({}, int),
  getgroups: call({ count: int, groups: groups("exit") }, int),
  setgroups: call({ count: int, groups: groups("enter") }, int),
  iopl: call({ level: uint }, int),
  ioperm: call({ from: longHex, count: size, on: int }, int),
  modify_ldt: call({ function: int, address: pointer, size }, int),
  set_thread_area: call({ descriptor: pointer }, int),
  get_thread_area: call({ descriptor: pointer }, int),

  _sysctl: call({ arguments: pointer }, int),
  nfsservctl: call({ cmd: int, argument: pointer, answer: pointer }, int),
  create_module: call({ name: string, size }, pointer),
  query_module: call(
    { name: optional(string), which: int, buffer: pointer, length: size, answer: pointer },
    int,
  ),
  get_kernel_syms: call({ table: pointer }, int),
  epoll_ctl_old: call({ epfd: fd, operation: int, fd, event: pointer }, int),
  epoll_wait_old: call({ epfd: fd, events: pointer, length: int }, int),
  getpmsg: gone,
  putpmsg: gone,
  afs_syscall: gone,
  tuxcall: gone,
  security: gone,
  vserver: gone,
} satisfies Readonly<Record<string, Row>>;
