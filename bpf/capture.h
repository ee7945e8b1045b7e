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
#include "call_state.h"
#include "losses.h"
#include "pieces.h"
#include "slots.h"

/* By call_index(). */
volatile struct call_spec call_specs[2 * ROW_CALLS] SEC(".bss.call_specs");

#define SPEC_OF(index) (&call_specs[BELOW(2 * ROW_CALLS, index)])

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* user space says how large */
} ring SEC(".maps");

/* Number of a call in call_specs and `wanted`; of a number out of range: one that nobody can want. */
static __always_inline u32 call_index(bool compat, s64 nr)
{
	return nr >= 0 && nr < ROW_CALLS ? (u32)nr + (compat ? ROW_CALLS : 0) : 2 * ROW_CALLS;
}

/* What came of a call. */
struct outcome {
	s64 result;
	u64 duration;
	u32 flags; /* EVENT_* */
};

static __always_inline void finish(struct call *call, const struct outcome *outcome)
{
	call->record.flags |= outcome->flags;
	call->event.result = outcome->result;
	call->event.duration = outcome->duration;
}

/* The helper copies faster than we could into what another has reserved, which takes two calls. */
static __always_inline void send_call(struct call_state *state, struct call_with_payload *with,
				      const struct outcome *outcome)
{
	u32 size = sizeof(struct call);
	int error;

	if (with) {
		size += with->call.event.used;
		if (size > sizeof(struct call) + PAYLOAD)
			size = sizeof(struct call) + PAYLOAD;
		finish(&with->call, outcome);
		error = bpf_ringbuf_output(&ring, with, size, 0);
	} else {
		finish(&state->call, outcome);
		error = bpf_ringbuf_output(&ring, &state->call, sizeof(state->call), 0);
	}
	if (error)
		lose_state(state, LOSS_RING_FULL);
}

struct caller {
	struct task_struct *task, *leader;
	const struct cred *cred;
};

/* To be asked before ways part: see is_nested(). */
static __always_inline struct caller caller_of(bool direct, struct task_struct *task)
{
	return (struct caller){ task, READ(direct, task, group_leader), READ(direct, task, cred) };
}

/* The clock, and most helpers, cost more than all else here: each is asked once. */
static __always_inline void begin_record(bool direct, const struct caller *caller, struct record *record, u32 type,
					 u32 slot, u64 now)
{
	struct task_struct *task = caller->task, *leader = caller->leader;
	const struct cred *cred = caller->cred;

	record->type = type;
	record->flags = 0;
	record->slot = slot;
	record->pid = READ(direct, task, tgid);
	record->tid = READ(direct, task, pid);
	record->time = now;
	record->start_time = READ(direct, leader, start_boottime);
	record->uid = READ(direct, cred, euid.val);
	record->gid = READ(direct, cred, egid.val);
	if (direct) {
		const u64 *from = (const u64 *)__builtin_preserve_access_index(&task->comm);
		u64 *to = (u64 *)record->comm;

		to[0] = from[0];
		to[1] = from[1];
	} else {
		bpf_get_current_comm(record->comm, sizeof(record->comm));
	}
}

/* Whether somebody wants to see a call that is made with these arguments. */
static __always_inline bool passes_tests(const struct call_event *event, const volatile struct call_spec *spec)
{
	if (!spec->tests)
		return true;
#pragma clang loop unroll(disable)
	for (u32 i = 0; i < TESTS && i < spec->tests; i++) {
		u64 of = spec->test_argument[i];

		if (of < 6 && (event->arguments[of] & spec->test_mask[i]) == spec->test_value[i])
			return true;
	}
	return !spec->tests;
}

/* Whether somebody wants to see a call that came to this end. */
static __always_inline bool is_outcome_wanted(u32 spec_flags, bool failed)
{
	if (knobs.outcome == OUTCOME_OK || spec_flags & SPEC_ONLY_OK)
		return !failed;
	if (knobs.outcome == OUTCOME_FAILED || spec_flags & SPEC_ONLY_FAILED)
		return failed;
	return true;
}

/*
 * What a call is sent with: begun at its enter, or at the exit of one that was refused. NULL: it is counted as
 * lost, or nobody wants it. Its memory is not copied yet.
 */
static __always_inline struct call_state *begin_call(bool direct, bool direct_registers, u32 where,
						     const struct caller *caller, struct pt_regs *registers,
						     u32 slot, bool compat, s64 nr, u32 index,
						     const volatile struct call_spec *spec)
{
	struct task_struct *task = caller->task;
	struct call_with_payload *with;
	struct call_state *state;
	u64 now;

	if (READ(direct, task, tgid) == knobs.own_pid)
		return NULL;
	state = call_of_task(where, task, true);
	if (!state) {
		lose_call(slot, LOSS_NO_STATE, compat ? ABI_COMPAT : ABI_NATIVE, nr);
		return NULL;
	}
	if (state->in_flight)
		lose_state(state, LOSS_NO_EXIT);
	state->in_flight = 0;
	call_arguments(direct_registers, registers, compat, state->call.event.arguments);
	if (!passes_tests(&state->call.event, spec))
		return NULL;
	now = bpf_ktime_get_boot_ns();
	if (!within_rate(slot, now)) {
		lose_call(slot, LOSS_RATE_LIMITED, compat ? ABI_COMPAT : ABI_NATIVE, nr);
		return NULL;
	}
	begin_record(direct, caller, &state->call.record, RECORD_CALL, slot, now);
	state->call.event.result = 0;
	state->call.event.duration = 0;
	state->call.event.nr = nr;
	state->call.event.abi = compat ? ABI_COMPAT : ABI_NATIVE;
	state->call.event.pieces = 0;
	state->call.event.used = 0;
	state->index = index;
	state->spec_flags = spec->flags;
	state->has_payload = 0;
	state->is_passed_over = 0;
	state->in_flight = 1;
	if (spec->pieces) {
		with = payload_of_task(where, task, true);
		if (with) {
			state->has_payload = 1;
			with->call = state->call;
		} else {
			state->call.record.flags = EVENT_WITHOUT_MEMORY;
		}
	}
	return state;
}

/* Of a call that is not sent: its exit is not to be taken for that of a refused one. */
static __always_inline void pass_over(bool direct, struct task_struct *task)
{
	struct call_state *state = is_filtered(direct, task) ? call_of_task(direct, task, false) : NULL;

	if (state)
		state->is_passed_over = 1;
}

static __always_inline void wanted_enter(bool direct, bool direct_registers, struct task_struct *task,
					 struct pt_regs *registers, u32 slot, s64 nr)
{
	struct caller caller = caller_of(direct, task);
	bool compat = is_compat(direct, task);
	u32 index = call_index(compat, nr);
	struct call_state *state;
	volatile struct call_spec *spec;

	if (!is_wanted(slot, index))
		return;
	spec = SPEC_OF(index);
	state = begin_call(direct, direct_registers, direct, &caller, registers, slot, compat, nr, index, spec);
	if (!state) {
		pass_over(direct, task);
		return;
	}
	if (state->has_payload && spec->enter_pieces)
		append_pieces(index, spec->pieces, WHEN_ENTER);
	if (!(spec->flags & SPEC_AT_ENTER))
		return;
	state->in_flight = 0;
	send_call(state, state->has_payload ? payload_of_task(direct, task, false) : NULL,
		  &(struct outcome){});
}

/* Of the kprobes' programs, for which registers are no more than numbers. */
static __noinline void wanted_enter_of_kprobe(struct task_struct *task, struct pt_regs *registers, u32 slot,
					      s64 nr)
{
	wanted_enter(true, false, task, registers, slot, nr);
}

static __noinline void wanted_enter_directly(struct task_struct *task, struct pt_regs *registers, u32 slot,
					     s64 nr)
{
	wanted_enter(true, true, task, registers, slot, nr);
}

static __noinline void wanted_enter_by_helper(struct task_struct *task, struct pt_regs *registers, u32 slot,
					      s64 nr)
{
	wanted_enter(false, false, task, registers, slot, nr);
}

/*
 * A task ends. Signals end it after its call's exit; whatever else does (an oops, say) leaves a call that
 * never returns, and that must not vanish from the sum of what was delivered and lost.
 */
static __always_inline void task_ends(bool direct, struct task_struct *task)
{
	struct call_state *state = knobs.events ? call_of_task(direct, task, false) : NULL;
	u32 tid = bpf_get_current_pid_tgid();

	if (knobs.events && state && state->in_flight) {
		state->in_flight = 0;
		if (knobs.outcome == OUTCOME_ALL && !(state->spec_flags & (SPEC_ONLY_OK | SPEC_ONLY_FAILED)))
			send_call(state, state->has_payload ? payload_of_task(direct, task, false) : NULL,
				  &(struct outcome){
					  .duration = bpf_ktime_get_boot_ns() - state->call.record.time,
					  .flags = EVENT_ABANDONED,
				  });
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

/*
 * A call that seccomp answers never gets to sys_enter: it is all at its exit, where its registers still are what
 * they were. A failed call without an enter may also be one that began before we looked; a thread's first that
 * may be such a one is not told, its second is. Rare, so it reads by helper, and is one function for all ways.
 * send_refused() does the rest: the stacks of both, and of what copies memory, would be more than 512 bytes.
 */
static __noinline bool refused_call(struct pt_regs *registers, bool compat, s64 nr, s64 result)
{
	struct task_struct *task = current_task(!knobs.by_thread);
	u32 slot = slot_by_helper(bpf_get_current_task()), index = call_index(compat, nr);
	volatile struct call_spec *spec = SPEC_OF(index);
	struct call_state *state;
	struct caller caller;

	if (!is_outcome_wanted(spec->flags, true) || (slot == SLOT_HOST && !knobs.count_host) || !is_wanted(slot, index))
		return false;
	/* Where there is no room for its state there was none at its enter, if it had one: that was told. */
	state = call_of_task(AS_KNOB, task, true);
	if (!state)
		return false;
	if (!began_since(false, task, state->call.record.time)) {
		state->call.record.time = bpf_ktime_get_boot_ns();
		return false;
	}
	caller = caller_of(false, task);
	if (!begin_call(false, false, AS_KNOB, &caller, registers, slot, compat, nr, index, spec)) {
		state->is_passed_over = 0;
		return false;
	}
	state->in_flight = 0;
	state->call.event.result = result;
	return true;
}

static __noinline void send_refused(void)
{
	struct task_struct *task = current_task(!knobs.by_thread);
	struct call_state *state = call_of_task(AS_KNOB, task, false);
	volatile struct call_spec *spec;
	u32 index;

	if (!state)
		return;
	index = state->index;
	spec = SPEC_OF(index);
	if (state->has_payload && spec->enter_pieces)
		append_pieces(index, spec->pieces, WHEN_ENTER);
	send_call(state, state->has_payload ? payload_of_task(AS_KNOB, task, false) : NULL,
		  &(struct outcome){
			  .result = state->call.event.result,
			  .flags = EVENT_RETURNED | EVENT_REFUSED,
		  });
}

/* false: this call's enter was not seen, or it was not wanted. */
static __always_inline bool wanted_exit(bool direct, struct task_struct *task, u32 exit_index, s64 result)
{
	struct call_state *state = call_of_task(direct, task, false);
	struct outcome outcome = { .result = result, .flags = EVENT_RETURNED };
	struct call_with_payload *with = NULL;
	volatile struct call_spec *spec;
	bool failed = has_failed(result);
	u32 index;

	if (!state)
		return false;
	if (!state->in_flight) {
		bool was_passed_over = state->is_passed_over;

		state->is_passed_over = 0;
		return was_passed_over;
	}
	state->in_flight = 0;
	if (!is_exit_of(state, exit_index)) {
		lose_state(state, LOSS_NO_EXIT);
		return true;
	}
	if (!is_outcome_wanted(state->spec_flags, failed))
		return true;
	outcome.duration = bpf_ktime_get_boot_ns() - state->call.record.time;
	if (state->has_payload) {
		index = state->index;
		spec = SPEC_OF(index);
		with = payload_of_task(direct, task, false);
		if (with && (!failed || is_interrupted(result)) && spec->pieces > spec->enter_pieces) {
			with->call.event.result = result;
			append_pieces(index, spec->pieces, failed ? WHEN_INTERRUPTED : WHEN_EXIT);
		}
	}
	send_call(state, with, &outcome);
	return true;
}

/* true: it was refused, and is to be sent. */
static __always_inline bool exit_of_call(bool direct, struct pt_regs *registers, s64 nr, s64 result)
{
	struct task_struct *task = current_task(direct);
	bool compat = is_compat(direct, task);

	return !wanted_exit(direct, task, call_index(compat, nr), result) && has_failed(result) &&
	       is_filtered(direct, task) && refused_call(registers, compat, nr, result);
}
