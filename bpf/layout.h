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

struct knobs {
	u32 nr_cpus; /* rows of a slot: one more than the highest possible CPU */
	u32 v1_controller; /* V1_* */
	u8 count_host; /* count what is in no container, in SLOT_HOST */
};
_Static_assert(__builtin_offsetof(struct knobs, nr_cpus) == 0, "knobs.nr_cpus");
_Static_assert(__builtin_offsetof(struct knobs, v1_controller) == 4, "knobs.v1_controller");
_Static_assert(__builtin_offsetof(struct knobs, count_host) == 8, "knobs.count_host");
_Static_assert(sizeof(struct knobs) == 12, "knobs");

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
_Static_assert(__builtin_offsetof(struct slot_info, nested) == 24, "slot_info.nested");
_Static_assert(__builtin_offsetof(struct slot_info, v1) == 28, "slot_info.v1");
_Static_assert(__builtin_offsetof(struct slot_info, kind) == 32, "slot_info.kind");
_Static_assert(__builtin_offsetof(struct slot_info, odd_used) == 36, "slot_info.odd_used");
_Static_assert(__builtin_offsetof(struct slot_info, pid) == 40, "slot_info.pid");
_Static_assert(__builtin_offsetof(struct slot_info, depth) == 44, "slot_info.depth");
_Static_assert(__builtin_offsetof(struct slot_info, comm) == 48, "slot_info.comm");
_Static_assert(__builtin_offsetof(struct slot_info, names) == 64, "slot_info.names");
_Static_assert(sizeof(struct slot_info) == 2112, "slot_info");

struct odd_key {
	u32 slot;
	u32 abi; /* ABI_* */
	s64 nr; /* as the hook saw it */
};
_Static_assert(__builtin_offsetof(struct odd_key, slot) == 0, "odd_key.slot");
_Static_assert(__builtin_offsetof(struct odd_key, abi) == 4, "odd_key.abi");
_Static_assert(__builtin_offsetof(struct odd_key, nr) == 8, "odd_key.nr");
_Static_assert(sizeof(struct odd_key) == 16, "odd_key");

struct status {
	u64 announced; /* slots given out */
	u64 removed; /* cgroups with a slot that were removed */
	u64 odd; /* calls counted in odd_calls or CALL_OTHER */
	u64 overflowed; /* cgroups that got no slot */
};
_Static_assert(__builtin_offsetof(struct status, announced) == 0, "status.announced");
_Static_assert(__builtin_offsetof(struct status, removed) == 8, "status.removed");
_Static_assert(__builtin_offsetof(struct status, odd) == 16, "status.odd");
_Static_assert(__builtin_offsetof(struct status, overflowed) == 24, "status.overflowed");
_Static_assert(sizeof(struct status) == 32, "status");
