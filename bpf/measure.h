/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * How long calls take, and how they fail. Only where that is asked for: what a knob switches off, the
 * verifier takes out, and without either nothing stands at sys_exit.
 */
#pragma once

#include "capture.h"
#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TIMED_ENTRIES);
	__type(key, struct call_key);
	__type(value, struct times);
} call_times SEC(".maps");

/* What an element of call_times begins as: too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct times);
} no_times SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ERROR_ENTRIES);
	__type(key, struct error_key);
	__type(value, u64);
} call_errors SEC(".maps");

/* A call is measured: that it began, and when if it is timed. */
static __always_inline void begin_measure(bool direct, struct task_struct *task, u32 slot, bool compat, s64 nr)
{
	struct call_state *state = call_of_task(direct, task, true);

	if (!state) {
		if (knobs.latency)
			STATUS_ADD(untimed);
		return;
	}
	if (!knobs.latency) {
		state->entered = 1;
		return;
	}
	/* Kept, because sys_exit sees another number after rt_sigreturn, and another ABI after some execve. */
	state->call.record.slot = slot;
	state->call.event.nr = nr;
	state->call.event.abi = compat ? ABI_COMPAT : ABI_NATIVE;
	state->entered = bpf_ktime_get_boot_ns();
}

OFF_THE_WAY(begin_measure, (struct task_struct *task, u32 slot, bool compat, s64 nr), task, slot, compat, nr)

/* The power of two below or at a value; clang 14 fails on __builtin_clzll() for BPF. */
static __always_inline u32 power_below(u64 value)
{
	u32 power = 0;

	for (u32 bits = 32; bits; bits /= 2)
		if (value >> bits) {
			value >>= bits;
			power += bits;
		}
	return power;
}

static __always_inline u32 bucket_of(u64 ns)
{
	u32 power;

	if (ns < 8)
		return ns;
	power = power_below(ns);
	return power < 38 ? (power - 2) * 8 + (ns >> (power - 3) & 7) : TIME_BUCKETS - 1;
}

static __noinline void add_time(struct call_state *state, u64 ns)
{
	struct call_key key = {
		.slot = state->call.record.slot,
		.abi = state->call.event.abi,
		.nr = state->call.event.nr,
	};
	u32 zero = 0, bucket = bucket_of(ns), cpu = bpf_get_smp_processor_id() % TIME_CPUS;
	struct times *times = bpf_map_lookup_elem(&call_times, &key);

	if (!times) {
		void *none = bpf_map_lookup_elem(&no_times, &zero);

		if (none)
			bpf_map_update_elem(&call_times, &key, none, BPF_NOEXIST);
		times = bpf_map_lookup_elem(&call_times, &key);
	}
	if (!times || bucket >= TIME_BUCKETS) {
		STATUS_ADD(untimed);
		return;
	}
	__sync_fetch_and_add(&times->calls, 1);
	__sync_fetch_and_add(&times->total, ns);
	__sync_fetch_and_add(&times->buckets[bucket], 1);
	if (times->longest[cpu] < ns)
		times->longest[cpu] = ns;
}

static __always_inline bool end_measure(bool direct, struct task_struct *task)
{
	struct call_state *state = call_of_task(direct, task, false);
	u64 entered = state ? state->entered : 0;

	if (!entered)
		return false;
	state->entered = 0;
	if (knobs.latency)
		add_time(state, bpf_ktime_get_boot_ns() - entered);
	return true;
}

/*
 * Counts a failed call whose enter was not seen, since seccomp has answered it. A thread's first such call may
 * have begun before we looked: only its second is known to have been refused.
 */
static __noinline void count_refused(u32 slot, bool compat, s64 nr)
{
	struct task_struct *task = current_task(!knobs.by_thread);

	if (!call_of_task(AS_KNOB, task, false)) {
		/* Where there is no room for its state there was none at its enter, if it had one. */
		if (!call_of_task(AS_KNOB, task, true) || !began_since(false, task, 0))
			return;
	}
	count_call(slot, compat, nr);
}

static __noinline void add_error(u32 slot, u32 abi, s64 nr, u32 error)
{
	struct error_key key = { .slot = slot, .abi = abi, .error = error, .nr = nr };
	u64 *count = bpf_map_lookup_elem(&call_errors, &key), zero = 0;

	if (!count) {
		bpf_map_update_elem(&call_errors, &key, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&call_errors, &key);
	}
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		STATUS_ADD(errors_lost);
}

/* A call has returned: how long it took, how it failed, and that it was made if its enter did not say so. */
static __always_inline void measure_exit(bool direct, s64 nr, s64 result)
{
	struct task_struct *task = current_task(direct);
	bool compat = is_compat(direct, task), has_entered = end_measure(direct, task);
	u32 slot;

	if (!has_failed(result) || (has_entered && !knobs.errors))
		return;
	slot = direct ? slot_of_task(true, task) : slot_by_helper(bpf_get_current_task());
	if (slot == SLOT_HOST && !knobs.count_host)
		return;
	if (!has_entered && is_filtered(direct, task))
		count_refused(slot, compat, nr);
	if (knobs.errors)
		add_error(slot, compat ? ABI_COMPAT : ABI_NATIVE, nr, -result);
}
