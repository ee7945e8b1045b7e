/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A slot is a number that stands for a container: its row of counts and its slot_info. This is how a
 * task's cgroup gets to it:
 *
 *   cgroup id ── slot_cache: one load ──> slot            each call
 *        └────── slot_of: hash ─────────> slot            the first on each cgroup, and after a collision
 *                   └─ an ancestor's, if it is a container's
 *                   └─ free_slots.pop()  ─> slot_info, announced to user space
 *
 * User space says afterwards what a new slot's cgroup is: a container (it sets kind), or the host's
 * (it maps the cgroup to SLOT_HOST and puts the slot back). Counting waits for neither.
 */
#pragma once

#include "cgroup.h"

/* A global: its address stands in the program, where a map would be looked up. */
volatile u64 slot_cache[1 << CACHE_BITS] SEC(".bss.slot_cache");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CGROUPS);
	__type(key, struct cgroup_key);
	__type(value, u32);
} slot_of SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, MAX_SLOTS);
	__type(value, u32);
} free_slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MAX_SLOTS);
	__type(key, u32);
	__type(value, struct slot_info);
} slot_info SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct status);
} status SEC(".maps");

/* By slot, then WANTED_NEW. */
volatile struct wanted wanted[WANTED_ENTRIES] SEC(".bss.wanted");

/*
 * By number, whichever the table: what there may be to do of a call but counting it, LOOK_*. A global, so that one
 * load passes over all other calls. A number that is out of range is taken for one that is not: who looks closer sees
 * that nobody can want it.
 */
volatile u8 looked_at[ROW_CALLS] SEC(".bss.looked_at");

/* In assembly, since the compiler leaves out what tells the verifier where it knows that a number is in range. */
#define BELOW(power_of_two, number)                                                \
	({                                                                         \
		u64 _number = (number);                                            \
		asm volatile("%0 &= %1" : "+r"(_number) : "i"((power_of_two)-1)); \
		_number;                                                           \
	})

static __always_inline u8 look_at(u64 nr)
{
	return looked_at[BELOW(ROW_CALLS, nr)];
}

static __always_inline bool is_wanted(u32 slot, u32 call)
{
	return call < 2 * ROW_CALLS &&
	       wanted[BELOW(MAX_SLOTS, slot)].bits[BELOW(2 * ROW_CALLS / 64, call / 64)] >> (call % 64) & 1;
}

#define STATUS_ADD(field)                                                 \
	do {                                                              \
		u32 zero = 0;                                             \
		struct status *all = bpf_map_lookup_elem(&status, &zero); \
		if (all)                                                  \
			__sync_fetch_and_add(&all->field, 1);             \
	} while (0)

/*
 * A cache word holds the slot and, in the bits that its index has not already said, the whole cgroup
 * id, nested and v1: so one load both finds and proves, and no reader can see half of a change.
 */
#define CACHE_INDEX_MASK ((1ULL << CACHE_BITS) - 1)

static __always_inline u64 cache_word(u64 id, bool nested, bool v1, u32 slot)
{
	return (id & ~CACHE_INDEX_MASK) | (v1 ? CACHE_V1 : 0) | (nested ? CACHE_NESTED : 0) |
	       CACHE_VALID | slot;
}

/*
 * The functions that are not static are gone through by the verifier once in a program, for any numbers that they may
 * be given, and not again for each turn of a loop, nor for each way to them: see pieces.h. So nodes are numbers here.
 */

/* A cgroup's own name, so many below the one that is described. 0, or its parent. */
__noinline u64 describe_one(u64 node, u32 slot, u32 depth)
{
	struct slot_info *info = bpf_map_lookup_elem(&slot_info, &slot);
	u64 parent = (u64)parent_node((struct kernfs_node *)node);

	/* The root has no name. */
	if (!parent || !info || depth >= PATH_DEPTH)
		return 0;
	bpf_probe_read_kernel_str(info->names[depth], PATH_NAME,
				  BPF_CORE_READ((struct kernfs_node *)node, name));
	return parent;
}

static __always_inline void describe(struct slot_info *info, u32 slot, u64 node, struct cgroup_key *key)
{
	u32 depth = 0;

	info->id = key->id;
	info->nested = key->nested;
	info->v1 = key->v1;
	info->kind = KIND_UNKNOWN;
	info->odd_used = 0;
	info->removed_ns = 0;
	info->empty_ns = 0;
	info->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(info->comm, sizeof(info->comm));
	for (u32 i = 0; i < PATH_DEPTH; i++) {
		node = describe_one(node, slot, i);
		if (!node)
			break;
		depth = i + 1;
	}
	info->depth = depth;
	info->announced_ns = bpf_ktime_get_boot_ns();
}

#define NO_SLOT MAX_SLOTS

/* NO_SLOT if the cgroup has none. */
__noinline u32 slot_of_node(u64 node, u32 nested, u32 v1)
{
	struct cgroup_key key = { .id = BPF_CORE_READ((struct kernfs_node *)node, id), .nested = nested, .v1 = v1 };
	u32 *found = bpf_map_lookup_elem(&slot_of, &key);

	return found ? *found : NO_SLOT;
}

__noinline u64 node_above(u64 node)
{
	return (u64)parent_node((struct kernfs_node *)node);
}

/* The slot of the nearest ancestor that has one, if it is a container's. */
static __always_inline bool inherited_slot(u64 node, struct cgroup_key *key, u32 *slot)
{
	for (u32 i = 0; i < ANCESTORS; i++) {
		struct slot_info *info;

		node = node_above(node);
		if (!node)
			return false;
		*slot = slot_of_node(node, key->nested, key->v1);
		if (*slot == NO_SLOT)
			continue;
		info = bpf_map_lookup_elem(&slot_info, slot);
		return info && info->kind == KIND_CONTAINER;
	}
	return false;
}

/* Until user space says otherwise: so a container's first call is not only counted but seen. */
static __always_inline void want_as_new(u32 slot)
{
	if (knobs.events)
		wanted[BELOW(MAX_SLOTS, slot)] = wanted[WANTED_NEW];
}

/* A slot for a cgroup that slot_of does not know. */
__noinline u32 new_slot(u64 node, u32 nested, u32 v1)
{
	struct cgroup_key key = { .id = BPF_CORE_READ((struct kernfs_node *)node, id), .nested = nested, .v1 = v1 };
	struct slot_info *info;
	u32 slot = SLOT_OVERFLOW, *found;
	int error; /* before 6.4 queues return 32 bits, which nobody extends to 64 */

	if (inherited_slot(node, &key, &slot)) {
		bpf_map_update_elem(&slot_of, &key, &slot, BPF_NOEXIST);
		return slot;
	}
	error = bpf_map_pop_elem(&free_slots, &slot);
	if (error) {
		slot = SLOT_OVERFLOW;
		/* Only an empty queue is worth remembering; a lock that was busy is not. */
		if (error == -ENOENT && !bpf_map_update_elem(&slot_of, &key, &slot, BPF_NOEXIST))
			STATUS_ADD(overflowed);
		return slot;
	}
	info = bpf_map_lookup_elem(&slot_info, &slot);
	if (!info)
		return SLOT_OVERFLOW;
	describe(info, slot, node, &key);
	want_as_new(slot);
	error = bpf_map_update_elem(&slot_of, &key, &slot, BPF_NOEXIST);
	if (!error) {
		STATUS_ADD(announced);
		return slot;
	}
	info->announced_ns = 0;
	bpf_map_push_elem(&free_slots, &slot, BPF_ANY);
	/* Another CPU was first, or the table is full. */
	found = bpf_map_lookup_elem(&slot_of, &key);
	if (found)
		return *found;
	STATUS_ADD(overflowed);
	return SLOT_OVERFLOW;
}

/*
 * Read first, before ways part: each time that the verifier (since 6.2) comes to where a pointer is read from memory
 * that is read directly, it looks through all of the kernel's types, some 0.5 to 1 ms.
 */
static __always_inline bool is_nested(bool direct, struct task_struct *task)
{
	struct pid *pid = READ(direct, task, thread_pid);

	return READ(direct, pid, level) > 0;
}

/* Of any task, wherever its slot is found or comes from. */
__noinline u32 slot_by_helper(u64 task)
{
	bool v1, nested = is_nested(false, (struct task_struct *)task);
	struct kernfs_node *node = cgroup_node(false, (struct task_struct *)task, &v1);
	u64 id = BPF_CORE_READ(node, id);
	u32 slot = slot_of_node((u64)node, nested, v1);

	if (slot == NO_SLOT)
		slot = new_slot((u64)node, nested, v1);
	slot_cache[id & CACHE_INDEX_MASK] = cache_word(id, nested, v1, slot);
	return slot;
}

/* Of the current task. */
static __always_inline u32 slot_of_task(bool direct, struct task_struct *task)
{
	bool v1, nested = is_nested(direct, task);
	struct kernfs_node *node = cgroup_node(direct, task, &v1);
	u64 id = READ(direct, node, id);
	u64 slot = slot_cache[id & CACHE_INDEX_MASK] ^ cache_word(id, nested, v1, 0);

	return slot < MAX_SLOTS ? slot : slot_by_helper(bpf_get_current_task());
}

/* The first task came into a cgroup or one below it, or the last has left. */
static __always_inline void cgroup_populated(struct cgroup *cgroup, bool populated)
{
	struct kernfs_node *node = BPF_CORE_READ(cgroup, kn);
	struct cgroup_key key = {};
	bool v1;

	if (!names_tasks(cgroup, &v1))
		return;
	key.id = BPF_CORE_READ(node, id);
	key.v1 = v1;
	for (u32 nested = 0; nested < 2; nested++) {
		struct slot_info *info;
		u32 *found, slot;

		key.nested = nested;
		found = bpf_map_lookup_elem(&slot_of, &key);
		if (!found)
			continue;
		slot = *found;
		info = bpf_map_lookup_elem(&slot_info, &slot);
		if (slot < SLOT_FIRST || !info || info->id != key.id || info->v1 != v1)
			continue;
		info->empty_ns = populated ? 0 : bpf_ktime_get_boot_ns();
		STATUS_ADD(populated);
	}
}

static __always_inline void cgroup_removed(struct cgroup *cgroup)
{
	struct kernfs_node *node = BPF_CORE_READ(cgroup, kn);
	struct cgroup_key key = {};
	bool v1;

	if (!names_tasks(cgroup, &v1))
		return;
	key.id = BPF_CORE_READ(node, id);
	key.v1 = v1;
	for (u32 nested = 0; nested < 2; nested++) {
		struct slot_info *info;
		u32 *found, slot;

		key.nested = nested;
		found = bpf_map_lookup_elem(&slot_of, &key);
		if (!found)
			continue;
		slot = *found;
		/* Nobody can be in it any more, and ids are not given twice: the cache may keep its word. */
		bpf_map_delete_elem(&slot_of, &key);
		info = bpf_map_lookup_elem(&slot_info, &slot);
		if (slot < SLOT_FIRST || !info || info->id != key.id || info->v1 != v1)
			continue;
		info->removed_ns = bpf_ktime_get_boot_ns();
		STATUS_ADD(removed);
	}
}
