/**
 * The structs and constants that the BPF programs and TypeScript share. This is their one source:
 * `deno task build:layout` writes `bpf/layout.h` from it, where the compiler asserts every offset.
 *
 * @module
 */

/** The C types that a shared struct may hold; all naturally aligned. */
export type ScalarType = "u8" | "u16" | "u32" | "u64" | "s32" | "s64";

/** One field: a scalar, or an array of them (`char` arrays are `u8`), one or two dimensions. */
export interface Field {
  readonly type: ScalarType;
  readonly dimensions: readonly number[];
  readonly comment: string;
}

/** A struct laid out as the C compiler lays it out on a 64-bit target. */
export interface Struct<Name extends string = string> {
  readonly name: string;
  readonly fields: Readonly<Record<Name, Field>>;
  /** Byte offset of each field. */
  readonly offset: Readonly<Record<Name, number>>;
  /** Bytes, padding included. */
  readonly size: number;
}

const scalarSize: Record<ScalarType, number> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  s32: 4,
  s64: 8,
};

function field(type: ScalarType, comment: string, ...dimensions: number[]): Field {
  return { type, dimensions, comment };
}

function struct<Name extends string>(name: string, fields: Record<Name, Field>): Struct<Name> {
  const offset: Partial<Record<Name, number>> = {};
  let end = 0;
  let alignment = 1;
  for (const key in fields) {
    const { type, dimensions } = fields[key];
    const unit = scalarSize[type];
    alignment = Math.max(alignment, unit);
    offset[key] = end = Math.ceil(end / unit) * unit;
    end += unit * dimensions.reduce((product, n) => product * n, 1);
  }
  return {
    name,
    fields,
    offset: offset as Record<Name, number>,
    size: Math.ceil(end / alignment) * alignment,
  };
}

/** Numbers that both sides compile in. */
export const constants = {
  /** Calls below this number have a cell of their own in a row; the last cell is `CALL_OTHER`. */
  ROW_CALLS: 512,
  /** The cell of calls that found no room in `odd_calls`. No architecture has a call of this number. */
  CALL_OTHER: 511,
  /** `odd_calls` entries that one slot may take, so that no container uses up the others' room. */
  ODD_PER_SLOT: 1024,
  ODD_ENTRIES: 16384,
  /** Slots are 11 bits of a cache word. */
  MAX_SLOTS: 2048,
  /** Calls of containers for which there was no slot left. */
  SLOT_OVERFLOW: 0,
  /** Calls of what is in no container. */
  SLOT_HOST: 1,
  /** The first slot that a container can have. */
  SLOT_FIRST: 2,
  /** Words of the direct-mapped cache before `slot_of`: the low 14 bits of a cgroup id choose one. */
  CACHE_BITS: 14,
  CACHE_VALID: 1 << 11,
  CACHE_NESTED: 1 << 12,
  CACHE_V1: 1 << 13,
  /** Cgroups known at once. */
  CGROUPS: 32768,
  /** Path components kept, from the leaf upwards, and bytes of each with its NUL. */
  PATH_DEPTH: 16,
  PATH_NAME: 128,
  /** Ancestors that are asked whether they are a container's. */
  ANCESTORS: 32,
  /** abi of a call: the machine's own, or 32-bit code on a 64-bit kernel. */
  ABI_NATIVE: 0,
  ABI_COMPAT: 1,
  /** What user space has said of a slot. */
  KIND_UNKNOWN: 0,
  KIND_CONTAINER: 1,
  /** Which v1 controller's cgroup names a task whose v2 cgroup is the root. */
  V1_NONE: 0,
  V1_MEMORY: 1,
  V1_PIDS: 2,
  V1_DEVICES: 3,
  V1_FREEZER: 4,
  V1_CPU: 5,
  V1_CPUSET: 6,
  /** Pieces of memory that an event can hold, and the room for them together: 8 KiB with what is kept beside. */
  PIECES: 8,
  PAYLOAD: 7936,
  /** The longest single piece, and so the longest path: include/uapi/linux/limits.h. */
  PIECE_MAX: 4096,
  /** Strings of an argv, buffers of an iovec that are looked at. */
  STRINGS_MAX: 64,
  BUFFERS_MAX: 8,
  /** How a piece is copied. */
  OP_STRING: 1,
  OP_BYTES: 2,
  OP_STRINGS: 3,
  OP_IOVEC: 4,
  OP_MSGHDR: 5,
  /** Where the length of OP_BYTES, the count of OP_IOVEC, or a limit comes from. */
  LENGTH_FIXED: 0,
  LENGTH_ARGUMENT: 1,
  LENGTH_RESULT: 2,
  LENGTH_AT: 3,
  WHEN_ENTER: 0,
  WHEN_EXIT: 1,
  WHEN_INTERRUPTED: 2,
  /** call_spec.flags: the call does not return as others do, so its event is sent at its enter. */
  SPEC_AT_ENTER: 1,
  SPEC_ONLY_OK: 2,
  SPEC_ONLY_FAILED: 4,
  TESTS: 4,
  /** piece_header.flags */
  PIECE_FAULT: 1,
  PIECE_TRUNCATED: 2,
  /** record.type */
  RECORD_CALL: 1,
  RECORD_FORK: 2,
  RECORD_EXEC: 3,
  RECORD_EXIT: 4,
  /** event.flags: it has returned; its task ended before it could. */
  EVENT_RETURNED: 1,
  EVENT_ABANDONED: 2,
  /** It never began: seccomp returned the error. */
  EVENT_REFUSED: 4,
  /** There was no room for its memory. */
  EVENT_WITHOUT_MEMORY: 8,
  /** The element of `wanted` after those of the slots: what a new slot begins with. */
  WANTED_NEW: 2048,
  WANTED_ENTRIES: 2049,
  /** What there may be to do of a call: its time or error is counted; a slot may want it, or its exit. */
  LOOK_TO_MEASURE: 1,
  LOOK_FOR_EVENT: 2,
  /** Rate limits are by windows of 2^27 ns, some 134 ms. */
  RATE_WINDOW_BITS: 27,
  /** What becomes of a call that was wanted: both, or only those that succeeded, or failed. */
  OUTCOME_ALL: 0,
  OUTCOME_OK: 1,
  OUTCOME_FAILED: 2,
  /**
   * Times are counted in buckets of 1 ns up to 8, and from there 8 to each power of two: a bucket is as wide as
   * an eighth of its beginning. The last one begins at 2^38 ns, 275 s, and has no end.
   */
  TIME_BUCKETS: 289,
  /** Calls of slots that are timed at once; kinds of errors that are counted. */
  TIMED_ENTRIES: 8192,
  ERROR_ENTRIES: 16384,
  /** The longest time is kept by the low bits of the CPU, so that none is lost between two. */
  TIME_CPUS: 16,
  /**
   * What of a call tells whether it is made on a terminal: its first argument, a descriptor; the descriptors of
   * its pollfds; those of its fd_sets.
   */
  ON_DESCRIPTOR: 1,
  ON_POLLFDS: 2,
  ON_FD_SETS: 3,
  /** Bits of `terminals.calls` that are the cell; the rest is one of the above. */
  TERMINAL_CELL_BITS: 6,
  /** Cells of a row of calls on a terminal: as many as there are such calls, those of all ABIs together. */
  TERMINAL_CELLS: 48,
  /** Of `terminals.calls`: native numbers, from ROW_CALLS on compat ones, from 2 * ROW_CALLS on those of x32. */
  TERMINAL_CALLS: 2048,
  /** include/linux/fs.h: CHRDEV_MAJOR_MAX */
  MAJORS: 512,
  /** Entries of a pollfd array, and descriptors of fd_sets (glibc's FD_SETSIZE), that are looked at. */
  POLLFDS_MAX: 16,
  FD_SETS_MAX: 1024,
  /** Kinds of losses, by slot, reason and call, that are told apart. */
  LOSS_ENTRIES: 4096,
  /** loss_key.reason */
  LOSS_RING_FULL: 0,
  LOSS_RATE_LIMITED: 1,
  LOSS_NO_STATE: 2,
  LOSS_NO_EXIT: 3,
  /** A call that failed returns -1 to -MAX_ERRNO: include/linux/err.h */
  MAX_ERRNO: 4095,
} as const;

/** Set before loading; the verifier removes what they switch off. */
export const knobs = struct("knobs", {
  nr_cpus: field("u32", "rows of a slot: one more than the highest possible CPU"),
  v1_controller: field("u32", "V1_*"),
  own_pid: field("u32", "the monitor's own process: no events of it"),
  rate: field("u32", "events that a slot may send in a rate window; 0: any number"),
  count_host: field("u8", "count what is in no container, in SLOT_HOST"),
  events: field("u8", "send events of wanted calls"),
  latency: field("u8", "time every call"),
  errors: field("u8", "count failed calls by their errno"),
  outcome: field("u8", "OUTCOME_*"),
  by_thread: field("u8", "keep calls by thread instead of with the task"),
  terminal: field("u8", "count calls on a terminal beside all calls"),
  counts_only: field("u8", "nothing but calls: one look instead of four"),
});

/** What a terminal is, and which calls can be made on one: set before loading. */
export const terminals = struct("terminals", {
  majors: field("u64", "bit major: of character devices that are terminals", constants.MAJORS / 64),
  calls: field(
    "u8",
    "by number: ON_*, and the cell that counts it; 0: on none",
    constants.TERMINAL_CALLS,
  ),
});

/** What names a group of tasks: their cgroup, and whether they are in a child pid namespace. */
export const cgroupKey = struct("cgroup_key", {
  id: field("u64", "kernfs id: the inode number of the cgroup's directory"),
  nested: field("u32", "1: in a child pid namespace"),
  v1: field("u32", "1: id is of the v1 hierarchy in knobs.v1_controller, whose ids are its own"),
});

/** What the kernel saw when it gave a cgroup a slot. */
export const slotInfo = struct("slot_info", {
  id: field("u64", "cgroup_key.id"),
  announced_ns: field("u64", "CLOCK_BOOTTIME of the first call; 0: free"),
  removed_ns: field("u64", "CLOCK_BOOTTIME of the cgroup's removal; 0: alive"),
  empty_ns: field("u64", "CLOCK_BOOTTIME of when the last task left; 0: there is one"),
  nested: field("u32", "cgroup_key.nested"),
  v1: field("u32", "cgroup_key.v1"),
  kind: field("u32", "KIND_*, written by user space"),
  odd_used: field("u32", "odd_calls entries of this slot"),
  pid: field("u32", "the first caller, as the host sees it"),
  depth: field("u32", "components in names; PATH_DEPTH: there may be more"),
  comm: field("u8", "the first caller's", 16),
  names: field("u8", "cgroup names from the leaf upwards, without the root", 16, 128),
});

/** A call of a slot. */
export const callKey = struct("call_key", {
  slot: field("u32", ""),
  abi: field("u32", "ABI_*"),
  nr: field("s64", "as the hook saw it"),
});

/** A call of a slot, and how it failed. */
export const errorKey = struct("error_key", {
  slot: field("u32", ""),
  abi: field("u16", "ABI_*"),
  error: field("u16", "errno"),
  nr: field("s64", "as the hook saw it"),
});

/** How long a slot's calls of one number took. */
export const times = struct("times", {
  calls: field("u64", "that have returned"),
  total: field("u64", "ns"),
  longest: field("u64", "ns, by the low bits of the CPU", constants.TIME_CPUS),
  buckets: field("u64", "how many took how long", constants.TIME_BUCKETS),
});

/** Running numbers, so that user space looks further only when one has changed. */
export const status = struct("status", {
  announced: field("u64", "slots given out"),
  removed: field("u64", "cgroups with a slot that were removed"),
  populated: field("u64", "cgroups with a slot that the first task entered, or the last left"),
  odd: field("u64", "calls counted in odd_calls or CALL_OTHER"),
  overflowed: field("u64", "cgroups that got no slot"),
  untimed: field("u64", "calls for whose time there was no room"),
  errors_lost: field("u64", "failed calls for whose errno there was no room"),
  lost: field("u64", "events that were lost"),
  since: field("u64", "CLOCK_BOOTTIME since when all calls are seen to begin: user space says it"),
  forgotten: field("u64", "the slot whose entries an iterator takes away; 0: none, it writes all"),
});

/** The calls that a slot sends events of: a bit a number, the 32-bit table's after the native one's. */
export const wanted = struct("wanted", {
  bits: field("u64", "bit abi * ROW_CALLS + nr", 16),
});

/** One piece of memory to copy: `Piece` in src/syscalls/arguments. */
export const pieceSpec = struct("piece_spec", {
  op: field("u8", "OP_*"),
  argument: field("u8", "which argument points to it"),
  when: field("u8", "WHEN_*"),
  length: field("u8", "LENGTH_*"),
  length_argument: field("u8", "of LENGTH_ARGUMENT and LENGTH_AT"),
  limited: field("u8", "1: no more than the call's result"),
  unit: field("u16", "bytes of one, where the length is a count"),
  max: field("u32", "bytes to copy at most; the size of LENGTH_FIXED"),
  unused: field("u32", "a mapped array's elements lie 8 bytes apart, or a multiple of it"),
});

/** What to send of a call. */
export const callSpec = struct("call_spec", {
  flags: field("u16", "SPEC_*"),
  enter_pieces: field("u16", "how many pieces are copied at enter"),
  pieces: field("u16", "all"),
  tests: field("u16", "one of these must hold; 0: every call is sent"),
  test_argument: field("u64", "by number", constants.TESTS),
  test_mask: field("u64", "the bits of it that matter", constants.TESTS),
  test_value: field("u64", "and what they must be", constants.TESTS),
});

/** What every record in the ring begins with. */
export const record = struct("record", {
  type: field("u16", "RECORD_*"),
  flags: field("u16", "EVENT_*"),
  slot: field("u32", ""),
  pid: field("u32", "the process, as the host numbers it"),
  tid: field("u32", "the thread, likewise"),
  time: field("u64", "CLOCK_BOOTTIME in ns: of a call's enter"),
  start_time: field(
    "u64",
    "CLOCK_BOOTTIME in ns of the process's start: it and pid are its identity",
  ),
  uid: field("u32", "effective, in the initial user namespace"),
  gid: field("u32", "likewise"),
  comm: field("u8", "the thread's name", 16),
});

/** What happened to a process: a record of that process, and then this. */
export const processEvent = struct("process_event", {
  parent_start: field("u64", "start_time of the parent"),
  capabilities: field("u64", "the effective set"),
  parent: field("u32", "pid of the parent, as the host numbers it"),
  container_pid: field("u32", "pid in its own pid namespace"),
  session: field("u32", "pid of the session's leader, as the host numbers it"),
  login_uid: field("u32", "audit's; 0xffffffff: unset"),
  tty: field("u32", "device number as in /proc/PID/stat; 0: none"),
  exit_code: field("u32", "of RECORD_EXIT, as wait(2) has it"),
});

/** Behind the process_event of RECORD_EXEC. Strings end with a NUL, and may be cut. */
export const execEvent = struct("exec_event", {
  arguments_address: field("u64", "where they are in its memory: mm->arg_start"),
  arguments_length: field("u32", "bytes of arguments that are there"),
  arguments_whole: field("u32", "that there were"),
  filename: field("u8", "as execve was given it", 1024),
  interpreter: field("u8", "what was executed: of a script, its interpreter", 256),
  arguments: field("u8", "one after the other, each with its NUL", 2048),
});

/** A call: a record, and then this. */
export const callEvent = struct("call_event", {
  duration: field("u64", "ns from enter to exit"),
  result: field("s64", "as the kernel returns it: -errno"),
  arguments: field("u64", "", 6),
  nr: field("s32", ""),
  abi: field("u16", "ABI_*"),
  pieces: field("u16", "in the payload"),
  used: field("u32", "bytes of the payload"),
});

/** Before each piece of a payload; the piece is padded to 8 bytes. */
export const pieceHeader = struct("piece_header", {
  index: field("u8", "which of the spec's pieces"),
  flags: field("u8", "PIECE_*"),
  length: field("u16", "bytes that follow"),
  whole: field("u32", "bytes that there were, where known; PIECE_MAX: that or more"),
});

/** Events of a call that were lost for a reason. */
export const lossKey = struct("loss_key", {
  slot: field("u32", ""),
  reason: field("u16", "LOSS_*"),
  abi: field("u16", "ABI_*"),
  nr: field("s64", "as the hook saw it"),
});

/** Events that were generated and not delivered, by slot; those of calls only where lost_calls had no room. */
export const losses = struct("losses", {
  unnamed: field("u64", "by LOSS_*", 4),
  process_ring_full: field("u64", "the ring had no room for a process's fork, exec or end"),
  window: field("u64", "the rate window that `sent` is of"),
  sent: field("u64", "events in it"),
});

/** All shared structs, in the order of the header. */
export const structs: readonly Struct[] = [
  knobs,
  terminals,
  cgroupKey,
  slotInfo,
  callKey,
  errorKey,
  times,
  status,
  wanted,
  pieceSpec,
  callSpec,
  record,
  processEvent,
  execEvent,
  callEvent,
  pieceHeader,
  lossKey,
  losses,
];
