/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Events that are not sent: how many may be, and what is counted of the others. */
#pragma once

#include "call_state.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MAX_SLOTS);
	__type(key, u32);
	__type(value, struct losses);
} losses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LOSS_ENTRIES);
	__type(key, struct loss_key);
	__type(value, u64);
} lost_calls SEC(".maps");

/* An event of a call is not delivered: LOSS_*. Not static, and what it returns means nothing: see pieces.h. */
__noinline int lose_call(u32 slot, u32 reason, u32 abi, s64 nr)
{
	struct loss_key key = { .slot = slot, .reason = reason, .abi = abi, .nr = nr };
	struct losses *unnamed;
	u64 *count, zero = 0;

	if (!knobs.events)
		return 0;
	count = bpf_map_lookup_elem(&lost_calls, &key);
	if (!count) {
		bpf_map_update_elem(&lost_calls, &key, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&lost_calls, &key);
	}
	unnamed = bpf_map_lookup_elem(&losses, &slot);
	if (count)
		__sync_fetch_and_add(count, 1);
	else if (unnamed && reason < sizeof(unnamed->unnamed) / sizeof(unnamed->unnamed[0]))
		__sync_fetch_and_add(&unnamed->unnamed[reason], 1);
	STATUS_ADD(lost);
	return 0;
}

static __always_inline void lose_state(struct call_state *state, u32 reason)
{
	lose_call(state->call.record.slot, reason, state->call.event.abi, state->call.event.nr);
}

/*
 * So many events a window and slot. Two CPUs that begin a window together may both begin it, and let a
 * few more pass: the limit is about, what it holds back is counted exactly.
 */
static __always_inline bool within_rate(u32 slot, u64 now)
{
	struct losses *of;

	if (!knobs.rate)
		return true;
	of = bpf_map_lookup_elem(&losses, &slot);
	if (!of)
		return false;
	if (of->window != now >> RATE_WINDOW_BITS) {
		of->window = now >> RATE_WINDOW_BITS;
		of->sent = 0;
	}
	if (of->sent < knobs.rate) {
		__sync_fetch_and_add(&of->sent, 1);
		return true;
	}
	return false;
}
