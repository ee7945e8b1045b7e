/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Since 7.0 a task can be preempted inside of a program at sys_enter, and the kernel runs no program that is
 * active on the CPU already: the other tasks' calls there pass without it until the task goes on. So there
 * are more copies of the program behind the first. Each is a no-op, unless the one before it says that
 * somebody is inside of it: then that one did not run, and this one makes up for it.
 *
 *   task A   first: inside = 1 ── preempted ···································· inside = 0
 *   task B                          first: not run   second: first is inside, so it counts
 *
 * What stays open is a few instructions between the kernel's mark and ours, and as many tasks preempted at
 * once as there are copies: Capture.missed says what is lost in them.
 */
#pragma once

#include "slots.h"

struct inside {
	u32 copy[COPIES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct inside);
} inside SEC(".maps");

/* NULL where this copy has nothing to do; else its mark, set. */
static __always_inline volatile u32 *enter_copy(u32 copy)
{
	u32 zero = 0;
	struct inside *here = bpf_map_lookup_elem(&inside, &zero);
	volatile u32 *mark;

	if (!here || copy >= COPIES)
		return NULL;
	for (u32 before = 0; before < copy; before++)
		if (!*(volatile u32 *)&here->copy[before])
			return NULL;
	mark = &here->copy[copy];
	*mark = 1;
	return mark;
}
