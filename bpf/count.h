/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Counting: every call, exactly, in a row that only this CPU writes. */
#pragma once

#include "slots.h"

struct row {
	u64 calls[ROW_CALLS];
};

/* Row slot * nr_cpus + cpu. User space sets max_entries, and reads the memory itself. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct row);
} rows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ODD_ENTRIES);
	__type(key, struct call_key);
	__type(value, u64);
} odd_calls SEC(".maps");

/*
 * An ordinary addition will do: nobody else writes this CPU's row meanwhile. Either nothing preempts us, or
 * (tp_btf and raw_tp since 7.0) the kernel runs nobody else's program on this CPU until ours is done.
 */
static __always_inline void count_in_row(u32 slot, u32 nr)
{
	u32 index = slot * knobs.nr_cpus + bpf_get_smp_processor_id();
	struct row *row = bpf_map_lookup_elem(&rows, &index);

	if (row)
		row->calls[BELOW(ROW_CALLS, nr)]++;
}

/*
 * 32-bit code's calls, and numbers that no table has. Rare, so a hash will do. Not static, and what it returns means
 * nothing: see pieces.h.
 */
__noinline int count_odd(u32 slot, u32 abi, s64 nr)
{
	struct call_key key = { .slot = slot, .abi = abi, .nr = nr };
	u64 *count = bpf_map_lookup_elem(&odd_calls, &key), zero = 0;

	if (!count) {
		struct slot_info *info = bpf_map_lookup_elem(&slot_info, &slot);

		if (info && info->odd_used < ODD_PER_SLOT &&
		    !bpf_map_update_elem(&odd_calls, &key, &zero, BPF_NOEXIST))
			__sync_fetch_and_add(&info->odd_used, 1);
		count = bpf_map_lookup_elem(&odd_calls, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		count_in_row(slot, CALL_OTHER);
	STATUS_ADD(odd);
	return 0;
}

static __always_inline void count_call(u32 slot, bool compat, s64 nr)
{
	if (!compat && nr >= 0 && nr < CALL_OTHER)
		count_in_row(slot, nr);
	else
		count_odd(slot, compat ? ABI_COMPAT : ABI_NATIVE, nr);
}
