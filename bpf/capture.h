/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Capturing: what a wanted call is given, and what comes of it.
 *
 *   sys_enter   wanted? ── within the rate? ── arguments, and the memory that call_specs names
 *                                                         │ kept with the task
 *   sys_exit                          result, memory that the kernel has filled in ── ring
 *
 * Which calls are wanted, and what is copied of their memory, is data that user space writes. What was
 * wanted and is not delivered is counted in `losses`.
 */
#pragma once

#include "abi.h"
#include "pieces.h"
#include "slots.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * ROW_CALLS);
	__type(key, u32);
	__type(value, struct call_spec);
} call_specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, MAX_SLOTS);
	__type(key, u32);
	__type(value, struct losses);
} losses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* user space says how large */
} ring SEC(".maps");

struct call_state {
	struct call call;
	u32 in_flight;
	u32 has_payload; /* that of the task is this call's */
	u64 entered; /* of a call that is timed: CLOCK_BOOTTIME */
	u32 index; /* in call_specs */
};

/* Kept with the task, so that neither preemption nor another task on this CPU can touch it. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call_state);
} task_calls SEC(".maps");

/* The same by thread, for the raw_tp twins: task storage came with 5.11. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, u32);
	__type(value, struct call_state);
} thread_calls SEC(".maps");

/* What an element of thread_payloads begins as: too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct call_with_payload);
} empty_payload SEC(".maps");

#define LOSE(slot, reason)                                                   \
	do {                                                                 \
		u32 _slot = slot;                                            \
		struct losses *_lost = bpf_map_lookup_elem(&losses, &_slot); \
		if (_lost)                                                   \
			__sync_fetch_and_add(&_lost->reason, 1);             \
	} while (0)

static __always_inline struct call_state *call_of_task(bool direct, struct task_struct *task, bool create)
{
	u32 tid;

	if (direct)
		return bpf_task_storage_get(&task_calls, task, NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	tid = bpf_get_current_pid_tgid();
	if (create && !bpf_map_lookup_elem(&thread_calls, &tid)) {
		struct call_state none = {};

		bpf_map_update_elem(&thread_calls, &tid, &none, BPF_ANY);
	}
	return bpf_map_lookup_elem(&thread_calls, &tid);
}

static __always_inline struct call_with_payload *payload_of_task(bool direct, struct task_struct *task,
								  bool create)
{
	u32 tid;

	if (direct)
		return bpf_task_storage_get(&task_payloads, task, NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	tid = bpf_get_current_pid_tgid();
	if (create && !bpf_map_lookup_elem(&thread_payloads, &tid)) {
		u32 zero = 0;
		void *empty = bpf_map_lookup_elem(&empty_payload, &zero);

		if (empty)
			bpf_map_update_elem(&thread_payloads, &tid, empty, BPF_ANY);
	}
	return bpf_map_lookup_elem(&thread_payloads, &tid);
}

/* Number of a call in call_specs and `wanted`; of a number out of range: one that nobody can want. */
static __always_inline u32 call_index(bool compat, s64 nr)
{
	return nr >= 0 && nr < ROW_CALLS ? (u32)nr + (compat ? ROW_CALLS : 0) : 2 * ROW_CALLS;
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
	__sync_fetch_and_add(&of->rate_limited, 1);
	return false;
}

static __always_inline void send_call(struct call_state *state, struct call_with_payload *with)
{
	u32 size = sizeof(struct call);
	int error;

	if (with) {
		size += with->call.event.used;
		if (size > sizeof(struct call) + PAYLOAD)
			size = sizeof(struct call) + PAYLOAD;
		with->call.record.flags = state->call.record.flags;
		with->call.event.result = state->call.event.result;
		with->call.event.duration = state->call.event.duration;
		error = bpf_ringbuf_output(&ring, with, size, 0);
	} else {
		error = bpf_ringbuf_output(&ring, state, sizeof(struct call), 0);
	}
	if (error)
		LOSE(state->call.record.slot, ring_full);
}

/* The clock, and most helpers, cost more than all else here: each is asked once. */
static __always_inline void begin_record(bool direct, struct task_struct *task, struct record *record, u32 type,
					 u32 slot, u64 now)
{
	struct task_struct *leader = READ(direct, task, group_leader);
	const struct cred *cred = READ(direct, task, cred);

	record->type = type;
	record->flags = 0;
	record->slot = slot;
	record->pid = READ(direct, task, tgid);
	record->tid = READ(direct, task, pid);
	record->time = now;
	record->start_time = READ(direct, leader, start_boottime);
	record->uid = READ(direct, cred, euid.val);
	record->gid = READ(direct, cred, egid.val);
	if (direct)
		for (u32 i = 0; i < sizeof(record->comm); i++)
			record->comm[i] = task->comm[i];
	else
		bpf_get_current_comm(record->comm, sizeof(record->comm));
}

/* Whether somebody wants to see a call that is made with these arguments. */
static __always_inline bool passes_tests(const struct call_event *event, const struct call_spec *spec)
{
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < TESTS && i < spec->tests; i++) {
		u64 of = spec->test_argument[i];

		if (of < 6 && (event->arguments[of] & spec->test_mask[i]) == spec->test_value[i])
			return true;
	}
	return !spec->tests;
}

/* Whether somebody wants to see a call that came to this end. */
static __always_inline bool is_outcome_wanted(const struct call_spec *spec, bool failed)
{
	if (knobs.outcome == OUTCOME_OK || (spec && spec->flags & SPEC_ONLY_OK))
		return !failed;
	if (knobs.outcome == OUTCOME_FAILED || (spec && spec->flags & SPEC_ONLY_FAILED))
		return failed;
	return true;
}

static __always_inline void wanted_enter(bool direct, bool direct_registers, struct task_struct *task,
					 struct pt_regs *registers, u32 slot, bool compat, s64 nr, u32 index)
{
	struct call_with_payload *with = NULL;
	struct call_spec *spec;
	struct call_state *state;
	u64 now;

	if (READ(direct, task, tgid) == knobs.own_pid)
		return;
	spec = bpf_map_lookup_elem(&call_specs, &index);
	if (!spec)
		return;
	state = call_of_task(direct, task, true);
	if (!state) {
		LOSE(slot, no_state);
		return;
	}
	if (state->in_flight)
		LOSE(state->call.record.slot, no_exit);
	state->in_flight = 0;
	call_arguments(direct_registers, registers, compat, state->call.event.arguments);
	if (!passes_tests(&state->call.event, spec))
		return;
	now = bpf_ktime_get_boot_ns();
	if (!within_rate(slot, now))
		return;
	begin_record(direct, task, &state->call.record, RECORD_CALL, slot, now);
	state->call.event.result = 0;
	state->call.event.duration = 0;
	state->call.event.nr = nr;
	state->call.event.abi = compat ? ABI_COMPAT : ABI_NATIVE;
	state->call.event.pieces = 0;
	state->call.event.used = 0;
	state->index = index;
	state->has_payload = 0;
	state->in_flight = 1;
	if (spec->pieces) {
		with = payload_of_task(direct, task, true);
		if (with) {
			state->has_payload = 1;
			with->call = state->call;
			if (spec->enter_pieces)
				append_pieces(index, spec->pieces, WHEN_ENTER);
		}
	}
	if (spec->flags & SPEC_AT_ENTER) {
		state->in_flight = 0;
		send_call(state, with);
	}
}

/*
 * A task ends. Signals end it after its call's exit; whatever else does (an oops, say) leaves a call that
 * never returns, and that must not vanish from the sum of what was delivered and lost.
 */
static __always_inline void task_ends(bool direct, struct task_struct *task)
{
	struct call_state *state = knobs.events ? call_of_task(direct, task, false) : NULL;
	u32 tid = bpf_get_current_pid_tgid(), index;
	struct call_spec *spec;

	if (knobs.events && state && state->in_flight) {
		state->in_flight = 0;
		state->call.record.flags = EVENT_ABANDONED;
		state->call.event.duration = bpf_ktime_get_boot_ns() - state->call.record.time;
		index = state->index;
		spec = bpf_map_lookup_elem(&call_specs, &index);
		if (knobs.outcome == OUTCOME_ALL && spec && !(spec->flags & (SPEC_ONLY_OK | SPEC_ONLY_FAILED)))
			send_call(state, state->has_payload ? payload_of_task(direct, task, false) : NULL);
	}
	if (direct) /* the storage goes with the task */
		return;
	bpf_map_delete_elem(&thread_calls, &tid);
	bpf_map_delete_elem(&thread_payloads, &tid);
}

/*
 * Where the kernel lets calls pass without our programs (see tallyman.bpf.c), an exit may be that of a later
 * call than the one that we have seen begin. After an exec the number is another one (see setForAll() in
 * wanted.ts).
 */
static __always_inline bool is_exit_of(struct call_state *state, u32 index)
{
	return state->index == index || is_exec(state->call.event.abi == ABI_COMPAT, state->call.event.nr);
}

static __always_inline void wanted_exit(bool direct, struct task_struct *task, u32 exit_index, s64 result)
{
	struct call_state *state = call_of_task(direct, task, false);
	struct call_with_payload *with = NULL;
	struct call_spec *spec;
	bool failed = result < 0 && result >= -MAX_ERRNO;
	u32 index;

	if (!state || !state->in_flight)
		return;
	state->in_flight = 0;
	if (!is_exit_of(state, exit_index)) {
		LOSE(state->call.record.slot, no_exit);
		return;
	}
	index = state->index;
	spec = bpf_map_lookup_elem(&call_specs, &index);
	if (!is_outcome_wanted(spec, failed))
		return;
	state->call.record.flags = EVENT_RETURNED;
	state->call.event.result = result;
	state->call.event.duration = bpf_ktime_get_boot_ns() - state->call.record.time;
	if (spec && state->has_payload) {
		with = payload_of_task(direct, task, false);
		if (with && !failed && spec->pieces > spec->enter_pieces) {
			with->call.event.result = result;
			append_pieces(index, spec->pieces, WHEN_EXIT);
		}
	}
	send_call(state, with);
}
