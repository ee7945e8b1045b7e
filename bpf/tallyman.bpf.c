// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The programs. Each stands here twice, as tp_btf and as its raw_tp twin; user space loads one of the
 * two (see read.h). A raw_tp can also be run by BPF_PROG_TEST_RUN, which refuses tp_btf: that is how
 * the bodies are tested.
 */
#include <stdbool.h>
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "capture.h"
#include "count.h"
#include "entries.h"
#include "in_flight.h"
#include "measure.h"
#include "processes.h"
#include "terminal.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* `direct` reads of the task, and of the registers: see read.h. */
static __always_inline int enter(bool direct, bool direct_registers, struct pt_regs *registers, s64 nr)
{
	struct task_struct *task = current_task(direct);
	u32 slot = slot_of_task(direct, task);
	bool compat;
	u8 look;

	if (slot == SLOT_HOST && !knobs.count_host)
		return 0;
	compat = is_compat(direct, task);
	if (knobs.counts_only) {
		count_call(slot, compat, nr);
		return 0;
	}
	if (knobs.terminal) {
		u32 call = terminal_call(compat, nr);

		if (call)
			CALL_OFF_THE_WAY(direct_registers, count_on_terminal, registers, slot, compat, call);
	}
	count_call(slot, compat, nr);
	look = look_at(nr);
	if (!look)
		return 0;
	if (knobs.latency || knobs.errors)
		CALL_OFF_THE_WAY(direct, begin_measure, task, slot, compat, nr);
	if (!knobs.events || !(look & LOOK_FOR_EVENT))
		return 0;
	if (direct && !direct_registers)
		wanted_enter_of_kprobe(task, registers, slot, nr);
	else
		CALL_OFF_THE_WAY(direct, wanted_enter, task, registers, slot, nr);
	return 0;
}

/* true: the call was refused, and send_refused() is to be called. From here, the calls would be too deep. */
static __always_inline bool exit(bool direct, struct pt_regs *registers, s64 nr, s64 result)
{
	if (knobs.latency || knobs.errors)
		measure_exit(direct, nr, result);
	return knobs.events && look_at(nr) & LOOK_FOR_EVENT && exit_of_call(direct, registers, nr, result);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *registers, long nr)
{
	return enter(true, true, registers, nr);
}

SEC("raw_tp/sys_enter")
int BPF_PROG(sys_enter_raw, struct pt_regs *registers, long nr)
{
	return enter(false, false, registers, nr);
}

/*
 * Since 7.0 a task can be preempted inside of a program at a tracepoint, and the kernel runs no program that
 * is active on the CPU already: until the task goes on, all other tasks' calls there pass without it. A
 * kprobe's program can't be preempted. This one stands at the function that calls the tracepoint, and that
 * is called only while the tracepoint is on: sys_enter_on does nothing else.
 */
SEC("?kprobe/trace_syscall_enter")
int sys_enter_kprobe(struct pt_regs *context)
{
	struct pt_regs *registers = (struct pt_regs *)FUNCTION_ARGUMENT_1(context);

	return enter(true, false, registers, call_number(false, registers));
}

SEC("?raw_tp/sys_enter")
int sys_enter_on(void *context)
{
	return 0;
}

/*
 * What these call is a function of its own, and is given the context alone: so the exit of a call that nobody looks
 * at neither saves registers nor takes a stack.
 */
static __noinline bool exit_directly(u64 *context)
{
	struct pt_regs *registers = (struct pt_regs *)context[0];

	return exit(true, registers, call_number(true, registers), context[1]);
}

SEC("tp_btf/sys_exit")
int sys_exit(u64 *context)
{
	if (look_at(call_number(true, (struct pt_regs *)context[0])) && exit_directly(context))
		send_refused();
	return 0;
}

static __noinline bool exit_by_helper(u64 *context)
{
	struct pt_regs *registers = (struct pt_regs *)context[0];

	return exit(false, registers, call_number(false, registers), context[1]);
}

SEC("raw_tp/sys_exit")
int sys_exit_raw(u64 *context)
{
	if (look_at(call_number(false, (struct pt_regs *)context[0])) && exit_by_helper(context))
		send_refused();
	return 0;
}

static __noinline bool exit_of_kprobe(struct pt_regs *registers, s64 nr, s64 result)
{
	return exit(true, registers, nr, result);
}

/*
 * As sys_enter_kprobe, for the same reason. One program at either tracepoint has the kernel call the functions
 * of both (kernel/tracepoint.c, syscall_regfunc()), so sys_enter_on does for this one too.
 */
SEC("?kprobe/trace_syscall_exit")
int sys_exit_kprobe(struct pt_regs *context)
{
	struct pt_regs *registers = (struct pt_regs *)FUNCTION_ARGUMENT_1(context);
	s64 nr = call_number(false, registers);

	if (look_at(nr) && exit_of_kprobe(registers, nr, FUNCTION_ARGUMENT_2(context)))
		send_refused();
	return 0;
}

/*
 * What seldom runs needs no twin: it reads by helper. To check that memory may be read directly, the verifier
 * looks through all of the kernel's types for each pointer (6.2 and later), some 0.5 ms a time.
 */
SEC("raw_tp/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir, struct cgroup *cgroup)
{
	cgroup_removed(cgroup);
	return 0;
}

SEC("raw_tp/cgroup_notify_populated")
int BPF_PROG(cgroup_populate, struct cgroup *cgroup, const char *path, int populated)
{
	cgroup_populated(cgroup, populated);
	return 0;
}

SEC("raw_tp/sched_process_fork")
int BPF_PROG(process_fork, struct task_struct *parent, struct task_struct *child)
{
	process_forked(child);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	thread_renumbered(old_pid, BPF_CORE_READ(task, pid));
	if (knobs.events)
		process_executes(task, program);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	task_ends(true, current_task(true));
	process_ends(current_task(false));
	return 0;
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(process_exit_raw, struct task_struct *task)
{
	task_ends(false, task);
	process_ends(task);
	return 0;
}

SEC("iter/task")
int calls_in_flight(struct bpf_iter__task *context)
{
	write_in_flight(true, context);
	return 0;
}

SEC("iter/task")
int calls_in_flight_raw(struct bpf_iter__task *context)
{
	write_in_flight(false, context);
	return 0;
}

SEC("?iter/bpf_map_elem")
int odd_calls_entries(struct bpf_iter__bpf_map_elem *context)
{
	return write_entry(context, &odd_calls, sizeof(u64));
}

SEC("?iter/bpf_map_elem")
int call_times_entries(struct bpf_iter__bpf_map_elem *context)
{
	return write_entry(context, &call_times, sizeof(struct times));
}

SEC("?iter/bpf_map_elem")
int call_errors_entries(struct bpf_iter__bpf_map_elem *context)
{
	return write_entry(context, &call_errors, sizeof(u64));
}

SEC("?iter/bpf_map_elem")
int lost_calls_entries(struct bpf_iter__bpf_map_elem *context)
{
	return write_entry(context, &lost_calls, sizeof(u64));
}
