/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What is kept of a call between its enter and its exit: with its task, or by its thread's number where a kernel
 * has no task storage for us.
 */
#pragma once

#include "pieces.h"
#include "slots.h"

static __always_inline bool has_failed(s64 result)
{
	return result < 0 && result >= -MAX_ERRNO;
}

/* include/linux/errno.h: ERESTART_RESTARTBLOCK. A signal came in between, and what is left to be done is known. */
static __always_inline bool is_interrupted(s64 result)
{
	return result == -516;
}

struct call_state {
	struct call call;
	u32 in_flight;
	u32 has_payload; /* that of the task is this call's */
	u64 entered; /* of a call that is measured: CLOCK_BOOTTIME if it is timed */
	u32 index; /* in call_specs */
	u32 spec_flags; /* SPEC_* */
	u32 is_passed_over; /* its enter was seen, and it is not sent */
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

/*
 * Where what is kept of a call is: with the task, by thread, or as the knob says. That is read anew each time: the
 * verifier of 5.10 sees in a load of it what it is, but not in what the compiler has kept of an earlier one.
 */
enum { BY_THREAD = 0, WITH_TASK = 1, AS_KNOB = 2 };

static __always_inline bool is_with_task(u32 where)
{
	return where == AS_KNOB ? !knobs.by_thread : where == WITH_TASK;
}

/* By itself, so that its stack is not under those of what copies memory: 512 bytes are all. */
static __noinline void create_thread_call(u32 tid)
{
	struct call_state none = {};

	bpf_map_update_elem(&thread_calls, &tid, &none, BPF_ANY);
}

static __always_inline struct call_state *call_of_task(u32 where, struct task_struct *task, bool create)
{
	u32 tid;

	if (is_with_task(where))
		return bpf_task_storage_get(&task_calls, task, NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	tid = bpf_get_current_pid_tgid();
	if (create && !bpf_map_lookup_elem(&thread_calls, &tid))
		create_thread_call(tid);
	return bpf_map_lookup_elem(&thread_calls, &tid);
}

static __always_inline struct call_with_payload *payload_of_task(u32 where, struct task_struct *task,
								  bool create)
{
	u32 tid;

	if (is_with_task(where))
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

/* include/uapi/linux/seccomp.h */
enum { SECCOMP_MODE_FILTER = 2 };

/* Whether there may be calls that seccomp answers. */
static __always_inline bool is_filtered(bool direct, struct task_struct *task)
{
	return bpf_core_field_exists(task->seccomp) &&
	       READ(direct, task, seccomp.mode) == SECCOMP_MODE_FILTER;
}

/*
 * Whether a call that has returned began when all calls were seen to begin: its thread is younger, or has been seen
 * since.
 */
static __always_inline bool began_since(bool direct, struct task_struct *task, u64 seen)
{
	u32 zero = 0;
	struct status *of = bpf_map_lookup_elem(&status, &zero);

	return of && of->since && (seen > of->since || READ(direct, task, start_boottime) > of->since);
}

/*
 * A thread that is not its process's first takes the number of that one when it executes a program, and all other
 * threads are gone: what is kept by thread goes with it.
 */
static __always_inline void thread_renumbered(u32 from, u32 to)
{
	struct call_with_payload *with;
	struct call_state *state;

	if (!knobs.by_thread || from == to)
		return;
	state = bpf_map_lookup_elem(&thread_calls, &from);
	if (!state)
		return;
	bpf_map_update_elem(&thread_calls, &to, state, BPF_ANY);
	bpf_map_delete_elem(&thread_calls, &from);
	if (!knobs.events)
		return;
	with = bpf_map_lookup_elem(&thread_payloads, &from);
	if (!with)
		return;
	bpf_map_update_elem(&thread_payloads, &to, with, BPF_ANY);
	bpf_map_delete_elem(&thread_payloads, &from);
}
