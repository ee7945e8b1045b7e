/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Calls that have not returned: an iterator over all tasks, run when user space reads it. What it writes
 * are records like the ring's, one after the other. A call that returns meanwhile may be there or not.
 */
#pragma once

#include "capture.h"

static __always_inline void write_in_flight(bool direct, struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct call_with_payload *with;
	struct call_state *state;
	u32 size, tid;

	if (!task)
		return;
	if (direct) {
		state = bpf_task_storage_get(&task_calls, task, NULL, 0);
	} else {
		tid = task->pid;
		state = bpf_map_lookup_elem(&thread_calls, &tid);
	}
	if (!state || !state->in_flight)
		return;
	if (!state->has_payload) {
		bpf_seq_write(context->meta->seq, &state->call, sizeof(state->call));
		return;
	}
	with = direct ? bpf_task_storage_get(&task_payloads, task, NULL, 0) :
			bpf_map_lookup_elem(&thread_payloads, &tid);
	if (!with)
		return;
	size = with->call.event.used;
	if (size > PAYLOAD)
		return;
	bpf_seq_write(context->meta->seq, with, sizeof(struct call) + size);
}
