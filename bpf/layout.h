/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Made by `deno task build:bpf` from src/kernel/layout.ts: change that. */
#pragma once

#define ROW_CALLS 512
#define CALL_OTHER 511
#define ODD_PER_SLOT 1024
#define ODD_ENTRIES 16384
#define MAX_SLOTS 2048
#define SLOT_OVERFLOW 0
#define SLOT_HOST 1
#define SLOT_FIRST 2
#define CACHE_BITS 14
#define CACHE_VALID 2048
#define CACHE_NESTED 4096
#define CACHE_V1 8192
#define CGROUPS 32768
#define PATH_DEPTH 16
#define PATH_NAME 128
#define ANCESTORS 32
#define ABI_NATIVE 0
#define ABI_COMPAT 1
#define KIND_UNKNOWN 0
#define KIND_CONTAINER 1
#define V1_NONE 0
#define V1_MEMORY 1
#define V1_PIDS 2
#define V1_DEVICES 3
#define V1_FREEZER 4
#define V1_CPU 5
#define V1_CPUSET 6
#define PIECES 8
#define PAYLOAD 7936
#define PIECE_MAX 4096
#define STRINGS_MAX 64
#define BUFFERS_MAX 8
#define OP_STRING 1
#define OP_BYTES 2
#define OP_STRINGS 3
#define OP_IOVEC 4
#define OP_MSGHDR 5
#define LENGTH_FIXED 0
#define LENGTH_ARGUMENT 1
#define LENGTH_RESULT 2
#define LENGTH_AT 3
#define WHEN_ENTER 0
#define WHEN_EXIT 1
#define WHEN_INTERRUPTED 2
#define SPEC_AT_ENTER 1
#define SPEC_ONLY_OK 2
#define SPEC_ONLY_FAILED 4
#define TESTS 4
#define PIECE_FAULT 1
#define PIECE_TRUNCATED 2
#define RECORD_CALL 1
#define RECORD_FORK 2
#define RECORD_EXEC 3
#define RECORD_EXIT 4
#define EVENT_RETURNED 1
#define EVENT_ABANDONED 2
#define EVENT_REFUSED 4
#define EVENT_WITHOUT_MEMORY 8
#define WANTED_NEW 2048
#define WANTED_ENTRIES 2049
#define LOOK_TO_MEASURE 1
#define LOOK_FOR_EVENT 2
#define RATE_WINDOW_BITS 27
#define OUTCOME_ALL 0
#define OUTCOME_OK 1
#define OUTCOME_FAILED 2
#define TIME_BUCKETS 289
#define TIMED_ENTRIES 8192
#define ERROR_ENTRIES 16384
#define TIME_CPUS 16
#define ON_DESCRIPTOR 1
#define ON_POLLFDS 2
#define ON_FD_SETS 3
#define TERMINAL_CELL_BITS 6
#define TERMINAL_CELLS 48
#define TERMINAL_CALLS 2048
#define MAJORS 512
#define POLLFDS_MAX 16
#define FD_SETS_MAX 1024
#define LOSS_ENTRIES 4096
#define LOSS_RING_FULL 0
#define LOSS_RATE_LIMITED 1
#define LOSS_NO_STATE 2
#define LOSS_NO_EXIT 3
#define MAX_ERRNO 4095

struct knobs {
	u32 nr_cpus; /* rows of a slot: one more than the highest possible CPU */
	u32 v1_controller; /* V1_* */
	u32 own_pid; /* the monitor's own process: no events of it */
	u32 rate; /* events that a slot may send in a rate window; 0: any number */
	u8 count_host; /* count what is in no container, in SLOT_HOST */
	u8 events; /* send events of wanted calls */
	u8 latency; /* time every call */
	u8 errors; /* count failed calls by their errno */
	u8 outcome; /* OUTCOME_* */
	u8 by_thread; /* keep calls by thread instead of with the task */
	u8 terminal; /* count calls on a terminal beside all calls */
	u8 counts_only; /* nothing but calls: one look instead of four */
};
_Static_assert(__builtin_offsetof(struct knobs, nr_cpus) == 0, "knobs.nr_cpus");
_Static_assert(__builtin_offsetof(struct knobs, v1_controller) == 4, "knobs.v1_controller");
_Static_assert(__builtin_offsetof(struct knobs, own_pid) == 8, "knobs.own_pid");
_Static_assert(__builtin_offsetof(struct knobs, rate) == 12, "knobs.rate");
_Static_assert(__builtin_offsetof(struct knobs, count_host) == 16, "knobs.count_host");
_Static_assert(__builtin_offsetof(struct knobs, events) == 17, "knobs.events");
_Static_assert(__builtin_offsetof(struct knobs, latency) == 18, "knobs.latency");
_Static_assert(__builtin_offsetof(struct knobs, errors) == 19, "knobs.errors");
_Static_assert(__builtin_offsetof(struct knobs, outcome) == 20, "knobs.outcome");
_Static_assert(__builtin_offsetof(struct knobs, by_thread) == 21, "knobs.by_thread");
_Static_assert(__builtin_offsetof(struct knobs, terminal) == 22, "knobs.terminal");
_Static_assert(__builtin_offsetof(struct knobs, counts_only) == 23, "knobs.counts_only");
_Static_assert(sizeof(struct knobs) == 24, "knobs");

struct terminals {
	u64 majors[8]; /* bit major: of character devices that are terminals */
	u8 calls[2048]; /* by number: ON_*, and the cell that counts it; 0: on none */
};
_Static_assert(__builtin_offsetof(struct terminals, majors) == 0, "terminals.majors");
_Static_assert(__builtin_offsetof(struct terminals, calls) == 64, "terminals.calls");
_Static_assert(sizeof(struct terminals) == 2112, "terminals");

struct cgroup_key {
	u64 id; /* kernfs id: the inode number of the cgroup's directory */
	u32 nested; /* 1: in a child pid namespace */
	u32 v1; /* 1: id is of the v1 hierarchy in knobs.v1_controller, whose ids are its own */
};
_Static_assert(__builtin_offsetof(struct cgroup_key, id) == 0, "cgroup_key.id");
_Static_assert(__builtin_offsetof(struct cgroup_key, nested) == 8, "cgroup_key.nested");
_Static_assert(__builtin_offsetof(struct cgroup_key, v1) == 12, "cgroup_key.v1");
_Static_assert(sizeof(struct cgroup_key) == 16, "cgroup_key");

struct slot_info {
	u64 id; /* cgroup_key.id */
	u64 announced_ns; /* CLOCK_BOOTTIME of the first call; 0: free */
	u64 removed_ns; /* CLOCK_BOOTTIME of the cgroup's removal; 0: alive */
	u64 empty_ns; /* CLOCK_BOOTTIME of when the last task left; 0: there is one */
	u32 nested; /* cgroup_key.nested */
	u32 v1; /* cgroup_key.v1 */
	u32 kind; /* KIND_*, written by user space */
	u32 odd_used; /* odd_calls entries of this slot */
	u32 pid; /* the first caller, as the host sees it */
	u32 depth; /* components in names; PATH_DEPTH: there may be more */
	u8 comm[16]; /* the first caller's */
	u8 names[16][128]; /* cgroup names from the leaf upwards, without the root */
};
_Static_assert(__builtin_offsetof(struct slot_info, id) == 0, "slot_info.id");
_Static_assert(__builtin_offsetof(struct slot_info, announced_ns) == 8, "slot_info.announced_ns");
_Static_assert(__builtin_offsetof(struct slot_info, removed_ns) == 16, "slot_info.removed_ns");
_Static_assert(__builtin_offsetof(struct slot_info, empty_ns) == 24, "slot_info.empty_ns");
_Static_assert(__builtin_offsetof(struct slot_info, nested) == 32, "slot_info.nested");
_Static_assert(__builtin_offsetof(struct slot_info, v1) == 36, "slot_info.v1");
_Static_assert(__builtin_offsetof(struct slot_info, kind) == 40, "slot_info.kind");
_Static_assert(__builtin_offsetof(struct slot_info, odd_used) == 44, "slot_info.odd_used");
_Static_assert(__builtin_offsetof(struct slot_info, pid) == 48, "slot_info.pid");
_Static_assert(__builtin_offsetof(struct slot_info, depth) == 52, "slot_info.depth");
_Static_assert(__builtin_offsetof(struct slot_info, comm) == 56, "slot_info.comm");
_Static_assert(__builtin_offsetof(struct slot_info, names) == 72, "slot_info.names");
_Static_assert(sizeof(struct slot_info) == 2120, "slot_info");

struct call_key {
	u32 slot;
	u32 abi; /* ABI_* */
	s64 nr; /* as the hook saw it */
};
_Static_assert(__builtin_offsetof(struct call_key, slot) == 0, "call_key.slot");
_Static_assert(__builtin_offsetof(struct call_key, abi) == 4, "call_key.abi");
_Static_assert(__builtin_offsetof(struct call_key, nr) == 8, "call_key.nr");
_Static_assert(sizeof(struct call_key) == 16, "call_key");

struct error_key {
	u32 slot;
	u16 abi; /* ABI_* */
	u16 error; /* errno */
	s64 nr; /* as the hook saw it */
};
_Static_assert(__builtin_offsetof(struct error_key, slot) == 0, "error_key.slot");
_Static_assert(__builtin_offsetof(struct error_key, abi) == 4, "error_key.abi");
_Static_assert(__builtin_offsetof(struct error_key, error) == 6, "error_key.error");
_Static_assert(__builtin_offsetof(struct error_key, nr) == 8, "error_key.nr");
_Static_assert(sizeof(struct error_key) == 16, "error_key");

struct times {
	u64 calls; /* that have returned */
	u64 total; /* ns */
	u64 longest[16]; /* ns, by the low bits of the CPU */
	u64 buckets[289]; /* how many took how long */
};
_Static_assert(__builtin_offsetof(struct times, calls) == 0, "times.calls");
_Static_assert(__builtin_offsetof(struct times, total) == 8, "times.total");
_Static_assert(__builtin_offsetof(struct times, longest) == 16, "times.longest");
_Static_assert(__builtin_offsetof(struct times, buckets) == 144, "times.buckets");
_Static_assert(sizeof(struct times) == 2456, "times");

struct status {
	u64 announced; /* slots given out */
	u64 removed; /* cgroups with a slot that were removed */
	u64 populated; /* cgroups with a slot that the first task entered, or the last left */
	u64 odd; /* calls counted in odd_calls or CALL_OTHER */
	u64 overflowed; /* cgroups that got no slot */
	u64 untimed; /* calls for whose time there was no room */
	u64 errors_lost; /* failed calls for whose errno there was no room */
	u64 lost; /* events that were lost */
	u64 since; /* CLOCK_BOOTTIME since when all calls are seen to begin: user space says it */
	u64 forgotten; /* the slot whose entries an iterator takes away; 0: none, it writes all */
};
_Static_assert(__builtin_offsetof(struct status, announced) == 0, "status.announced");
_Static_assert(__builtin_offsetof(struct status, removed) == 8, "status.removed");
_Static_assert(__builtin_offsetof(struct status, populated) == 16, "status.populated");
_Static_assert(__builtin_offsetof(struct status, odd) == 24, "status.odd");
_Static_assert(__builtin_offsetof(struct status, overflowed) == 32, "status.overflowed");
_Static_assert(__builtin_offsetof(struct status, untimed) == 40, "status.untimed");
_Static_assert(__builtin_offsetof(struct status, errors_lost) == 48, "status.errors_lost");
_Static_assert(__builtin_offsetof(struct status, lost) == 56, "status.lost");
_Static_assert(__builtin_offsetof(struct status, since) == 64, "status.since");
_Static_assert(__builtin_offsetof(struct status, forgotten) == 72, "status.forgotten");
_Static_assert(sizeof(struct status) == 80, "status");

struct wanted {
	u64 bits[16]; /* bit abi * ROW_CALLS + nr */
};
_Static_assert(__builtin_offsetof(struct wanted, bits) == 0, "wanted.bits");
_Static_assert(sizeof(struct wanted) == 128, "wanted");

struct piece_spec {
	u8 op; /* OP_* */
	u8 argument; /* which argument points to it */
	u8 when; /* WHEN_* */
	u8 length; /* LENGTH_* */
	u8 length_argument; /* of LENGTH_ARGUMENT and LENGTH_AT */
	u8 limited; /* 1: no more than the call's result */
	u16 unit; /* bytes of one, where the length is a count */
	u32 max; /* bytes to copy at most; the size of LENGTH_FIXED */
	u32 unused; /* a mapped array's elements lie 8 bytes apart, or a multiple of it */
};
_Static_assert(__builtin_offsetof(struct piece_spec, op) == 0, "piece_spec.op");
_Static_assert(__builtin_offsetof(struct piece_spec, argument) == 1, "piece_spec.argument");
_Static_assert(__builtin_offsetof(struct piece_spec, when) == 2, "piece_spec.when");
_Static_assert(__builtin_offsetof(struct piece_spec, length) == 3, "piece_spec.length");
_Static_assert(__builtin_offsetof(struct piece_spec, length_argument) == 4, "piece_spec.length_argument");
_Static_assert(__builtin_offsetof(struct piece_spec, limited) == 5, "piece_spec.limited");
_Static_assert(__builtin_offsetof(struct piece_spec, unit) == 6, "piece_spec.unit");
_Static_assert(__builtin_offsetof(struct piece_spec, max) == 8, "piece_spec.max");
_Static_assert(__builtin_offsetof(struct piece_spec, unused) == 12, "piece_spec.unused");
_Static_assert(sizeof(struct piece_spec) == 16, "piece_spec");

struct call_spec {
	u16 flags; /* SPEC_* */
	u16 enter_pieces; /* how many pieces are copied at enter */
	u16 pieces; /* all */
	u16 tests; /* one of these must hold; 0: every call is sent */
	u64 test_argument[4]; /* by number */
	u64 test_mask[4]; /* the bits of it that matter */
	u64 test_value[4]; /* and what they must be */
};
_Static_assert(__builtin_offsetof(struct call_spec, flags) == 0, "call_spec.flags");
_Static_assert(__builtin_offsetof(struct call_spec, enter_pieces) == 2, "call_spec.enter_pieces");
_Static_assert(__builtin_offsetof(struct call_spec, pieces) == 4, "call_spec.pieces");
_Static_assert(__builtin_offsetof(struct call_spec, tests) == 6, "call_spec.tests");
_Static_assert(__builtin_offsetof(struct call_spec, test_argument) == 8, "call_spec.test_argument");
_Static_assert(__builtin_offsetof(struct call_spec, test_mask) == 40, "call_spec.test_mask");
_Static_assert(__builtin_offsetof(struct call_spec, test_value) == 72, "call_spec.test_value");
_Static_assert(sizeof(struct call_spec) == 104, "call_spec");

struct record {
	u16 type; /* RECORD_* */
	u16 flags; /* EVENT_* */
	u32 slot;
	u32 pid; /* the process, as the host numbers it */
	u32 tid; /* the thread, likewise */
	u64 time; /* CLOCK_BOOTTIME in ns: of a call's enter */
	u64 start_time; /* CLOCK_BOOTTIME in ns of the process's start: it and pid are its identity */
	u32 uid; /* effective, in the initial user namespace */
	u32 gid; /* likewise */
	u8 comm[16]; /* the thread's name */
};
_Static_assert(__builtin_offsetof(struct record, type) == 0, "record.type");
_Static_assert(__builtin_offsetof(struct record, flags) == 2, "record.flags");
_Static_assert(__builtin_offsetof(struct record, slot) == 4, "record.slot");
_Static_assert(__builtin_offsetof(struct record, pid) == 8, "record.pid");
_Static_assert(__builtin_offsetof(struct record, tid) == 12, "record.tid");
_Static_assert(__builtin_offsetof(struct record, time) == 16, "record.time");
_Static_assert(__builtin_offsetof(struct record, start_time) == 24, "record.start_time");
_Static_assert(__builtin_offsetof(struct record, uid) == 32, "record.uid");
_Static_assert(__builtin_offsetof(struct record, gid) == 36, "record.gid");
_Static_assert(__builtin_offsetof(struct record, comm) == 40, "record.comm");
_Static_assert(sizeof(struct record) == 56, "record");

struct process_event {
	u64 parent_start; /* start_time of the parent */
	u64 capabilities; /* the effective set */
	u32 parent; /* pid of the parent, as the host numbers it */
	u32 container_pid; /* pid in its own pid namespace */
	u32 session; /* pid of the session's leader, as the host numbers it */
	u32 login_uid; /* audit's; 0xffffffff: unset */
	u32 tty; /* device number as in /proc/PID/stat; 0: none */
	u32 exit_code; /* of RECORD_EXIT, as wait(2) has it */
};
_Static_assert(__builtin_offsetof(struct process_event, parent_start) == 0, "process_event.parent_start");
_Static_assert(__builtin_offsetof(struct process_event, capabilities) == 8, "process_event.capabilities");
_Static_assert(__builtin_offsetof(struct process_event, parent) == 16, "process_event.parent");
_Static_assert(__builtin_offsetof(struct process_event, container_pid) == 20, "process_event.container_pid");
_Static_assert(__builtin_offsetof(struct process_event, session) == 24, "process_event.session");
_Static_assert(__builtin_offsetof(struct process_event, login_uid) == 28, "process_event.login_uid");
_Static_assert(__builtin_offsetof(struct process_event, tty) == 32, "process_event.tty");
_Static_assert(__builtin_offsetof(struct process_event, exit_code) == 36, "process_event.exit_code");
_Static_assert(sizeof(struct process_event) == 40, "process_event");

struct exec_event {
	u64 arguments_address; /* where they are in its memory: mm->arg_start */
	u32 arguments_length; /* bytes of arguments that are there */
	u32 arguments_whole; /* that there were */
	u8 filename[1024]; /* as execve was given it */
	u8 interpreter[256]; /* what was executed: of a script, its interpreter */
	u8 arguments[2048]; /* one after the other, each with its NUL */
};
_Static_assert(__builtin_offsetof(struct exec_event, arguments_address) == 0, "exec_event.arguments_address");
_Static_assert(__builtin_offsetof(struct exec_event, arguments_length) == 8, "exec_event.arguments_length");
_Static_assert(__builtin_offsetof(struct exec_event, arguments_whole) == 12, "exec_event.arguments_whole");
_Static_assert(__builtin_offsetof(struct exec_event, filename) == 16, "exec_event.filename");
_Static_assert(__builtin_offsetof(struct exec_event, interpreter) == 1040, "exec_event.interpreter");
_Static_assert(__builtin_offsetof(struct exec_event, arguments) == 1296, "exec_event.arguments");
_Static_assert(sizeof(struct exec_event) == 3344, "exec_event");

struct call_event {
	u64 duration; /* ns from enter to exit */
	s64 result; /* as the kernel returns it: -errno */
	u64 arguments[6];
	s32 nr;
	u16 abi; /* ABI_* */
	u16 pieces; /* in the payload */
	u32 used; /* bytes of the payload */
};
_Static_assert(__builtin_offsetof(struct call_event, duration) == 0, "call_event.duration");
_Static_assert(__builtin_offsetof(struct call_event, result) == 8, "call_event.result");
_Static_assert(__builtin_offsetof(struct call_event, arguments) == 16, "call_event.arguments");
_Static_assert(__builtin_offsetof(struct call_event, nr) == 64, "call_event.nr");
_Static_assert(__builtin_offsetof(struct call_event, abi) == 68, "call_event.abi");
_Static_assert(__builtin_offsetof(struct call_event, pieces) == 70, "call_event.pieces");
_Static_assert(__builtin_offsetof(struct call_event, used) == 72, "call_event.used");
_Static_assert(sizeof(struct call_event) == 80, "call_event");

struct piece_header {
	u8 index; /* which of the spec's pieces */
	u8 flags; /* PIECE_* */
	u16 length; /* bytes that follow */
	u32 whole; /* bytes that there were, where known; PIECE_MAX: that or more */
};
_Static_assert(__builtin_offsetof(struct piece_header, index) == 0, "piece_header.index");
_Static_assert(__builtin_offsetof(struct piece_header, flags) == 1, "piece_header.flags");
_Static_assert(__builtin_offsetof(struct piece_header, length) == 2, "piece_header.length");
_Static_assert(__builtin_offsetof(struct piece_header, whole) == 4, "piece_header.whole");
_Static_assert(sizeof(struct piece_header) == 8, "piece_header");

struct loss_key {
	u32 slot;
	u16 reason; /* LOSS_* */
	u16 abi; /* ABI_* */
	s64 nr; /* as the hook saw it */
};
_Static_assert(__builtin_offsetof(struct loss_key, slot) == 0, "loss_key.slot");
_Static_assert(__builtin_offsetof(struct loss_key, reason) == 4, "loss_key.reason");
_Static_assert(__builtin_offsetof(struct loss_key, abi) == 6, "loss_key.abi");
_Static_assert(__builtin_offsetof(struct loss_key, nr) == 8, "loss_key.nr");
_Static_assert(sizeof(struct loss_key) == 16, "loss_key");

struct losses {
	u64 unnamed[4]; /* by LOSS_* */
	u64 process_ring_full; /* the ring had no room for a process's fork, exec or end */
	u64 window; /* the rate window that `sent` is of */
	u64 sent; /* events in it */
};
_Static_assert(__builtin_offsetof(struct losses, unnamed) == 0, "losses.unnamed");
_Static_assert(__builtin_offsetof(struct losses, process_ring_full) == 32, "losses.process_ring_full");
_Static_assert(__builtin_offsetof(struct losses, window) == 40, "losses.window");
_Static_assert(__builtin_offsetof(struct losses, sent) == 48, "losses.sent");
_Static_assert(sizeof(struct losses) == 56, "losses");
