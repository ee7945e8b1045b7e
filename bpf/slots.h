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

/* By slot, then WANTED_NEW and WANTED_ANY. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, WANTED_ENTRIES);
	__type(key, u32);
	__type(value, struct wanted);
} wanted SEC(".maps");

static __always_inline bool is_wanted(u32 by, u32 call)
{
	struct wanted *set = bpf_map_lookup_elem(&wanted, &by);

	return set && call < 2 * ROW_CALLS && set->bits[call / 64] >> (call % 64) & 1;
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

static __always_inline void describe(struct slot_info *info, struct kernfs_node *node,
				     struct cgroup_key *key)
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
	for (int i = 0; i < PATH_DEPTH; i++) {
		struct kernfs_node *parent = parent_node(node);

		if (!parent) /* node is the root, which has no name */
			break;
		bpf_probe_read_kernel_str(info->names[i], PATH_NAME, BPF_CORE_READ(node, name));
		node = parent;
		depth = i + 1;
	}
	info->depth = depth;
	info->announced_ns = bpf_ktime_get_boot_ns();
}

/* The slot of the nearest ancestor that has one, if it is a container's. */
static __always_inline bool inherited_slot(struct kernfs_node *node, struct cgroup_key *key, u32 *slot)
{
	struct cgroup_key above = *key;

	for (int i = 0; i < ANCESTORS; i++) {
		u32 *found;

		node = parent_node(node);
		if (!node)
			return false;
		above.id = BPF_CORE_READ(node, id);
		found = bpf_map_lookup_elem(&slot_of, &above);
		if (found) {
			u32 candidate = *found;
			struct slot_info *info = bpf_map_lookup_elem(&slot_info, &candidate);

			*slot = candidate;
			return info && info->kind == KIND_CONTAINER;
		}
	}
	return false;
}

/* Until user space says otherwise: so a container's first call is not only counted but seen. */
static __always_inline void want_as_new(u32 slot)
{
	u32 new = WANTED_NEW;
	struct wanted *from = bpf_map_lookup_elem(&wanted, &new), *to = bpf_map_lookup_elem(&wanted, &slot);

	if (from && to && knobs.events)
		*to = *from;
}

/* A slot for a cgroup that slot_of does not know. */
static __always_inline u32 new_slot(struct kernfs_node *node, struct cgroup_key *key)
{
	struct slot_info *info;
	u32 slot = SLOT_OVERFLOW, *found;
	int error; /* before 6.4 queues return 32 bits, which nobody extends to 64 */

	if (inherited_slot(node, key, &slot)) {
		bpf_map_update_elem(&slot_of, key, &slot, BPF_NOEXIST);
		return slot;
	}
	error = bpf_map_pop_elem(&free_slots, &slot);
	if (error) {
		slot = SLOT_OVERFLOW;
		/* Only an empty queue is worth remembering; a lock that was busy is not. */
		if (error == -ENOENT && !bpf_map_update_elem(&slot_of, key, &slot, BPF_NOEXIST))
			STATUS_ADD(overflowed);
		return slot;
	}
	info = bpf_map_lookup_elem(&slot_info, &slot);
	if (!info)
		return SLOT_OVERFLOW;
	describe(info, node, key);
	want_as_new(slot);
	error = bpf_map_update_elem(&slot_of, key, &slot, BPF_NOEXIST);
	if (!error) {
		STATUS_ADD(announced);
		return slot;
	}
	info->announced_ns = 0;
	bpf_map_push_elem(&free_slots, &slot, BPF_ANY);
	/* Another CPU was first, or the table is full. */
	found = bpf_map_lookup_elem(&slot_of, key);
	if (found)
		return *found;
	STATUS_ADD(overflowed);
	return SLOT_OVERFLOW;
}

static __noinline u32 slow_slot(struct kernfs_node *node, bool nested, bool v1)
{
	struct cgroup_key key = { .id = BPF_CORE_READ(node, id), .nested = nested, .v1 = v1 };
	u32 *found = bpf_map_lookup_elem(&slot_of, &key);
	u32 slot = found ? *found : new_slot(node, &key);

	slot_cache[key.id & CACHE_INDEX_MASK] = cache_word(key.id, nested, v1, slot);
	return slot;
}

static __always_inline u32 slot_of_task(bool direct, struct task_struct *task)
{
	bool v1;
	struct kernfs_node *node = cgroup_node(direct, task, &v1);
	u64 id = READ(direct, node, id);
	struct pid *pid = READ(direct, task, thread_pid);
	bool nested = READ(direct, pid, level) > 0;
	u64 slot = slot_cache[id & CACHE_INDEX_MASK] ^ cache_word(id, nested, v1, 0);

	return slot < MAX_SLOTS ? slot : slow_slot(node, nested, v1);
}

/* The same where it is rare: one function for all. */
static __noinline u32 slot_by_helper(struct task_struct *task)
{
	return slot_of_task(false, task);
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
