/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Processes of containers: a record when one is forked, executes a program, or ends. They go through the
 * same ring as calls, so a process is known before its calls are. All of this is rare: it reads by helper.
 */
#pragma once

#include "capture.h"

/* include/linux/sched/signal.h */
enum { SIGNAL_GROUP_EXIT = 4 };

struct process_record {
	struct record record;
	struct process_event process;
};

struct exec_record {
	struct record record;
	struct process_event process;
	struct exec_event exec;
};

/* In the innermost namespace that it is in. */
static __always_inline u32 innermost_pid(struct pid *pid)
{
	u32 level = BPF_CORE_READ(pid, level), nr = 0;
	void *numbers = (void *)pid + bpf_core_field_offset(struct pid, numbers);

	bpf_probe_read_kernel(&nr, sizeof(nr),
			      numbers + level * bpf_core_type_size(struct upid) +
				      bpf_core_field_offset(struct upid, nr));
	return nr;
}

static __always_inline u32 session_of(struct signal_struct *signal)
{
	u64 index = bpf_core_enum_value(enum pid_type, PIDTYPE_SID);
	void *place = (void *)signal + bpf_core_field_offset(struct signal_struct, pids) +
		      index * sizeof(void *);
	struct pid *session = NULL;

	bpf_probe_read_kernel(&session, sizeof(session), place);
	return BPF_CORE_READ(session, numbers[0].nr);
}

/* include/linux/kdev_t.h: new_encode_dev() */
static __always_inline u32 tty_of(struct signal_struct *signal)
{
	struct tty_struct *tty = BPF_CORE_READ(signal, tty);
	u32 major, minor;

	if (!tty)
		return 0;
	major = BPF_CORE_READ(tty, driver, major);
	minor = BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index);
	return (minor & 0xff) | major << 8 | (minor & ~0xff) << 12;
}

/* include/uapi/linux/wait.h, kernel/exit.c: wait_task_zombie() */
static __always_inline u32 exit_code_of(struct task_struct *leader, struct signal_struct *signal)
{
	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(signal, group_exit_code);
	return BPF_CORE_READ(leader, exit_code);
}

static __noinline void describe_process(struct process_record *to, struct task_struct *task, u32 type,
					     u32 slot)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	struct task_struct *parent = BPF_CORE_READ(leader, real_parent, group_leader);
	struct signal_struct *signal = BPF_CORE_READ(leader, signal);
	const struct cred *cred = BPF_CORE_READ(task, cred);

	to->record.type = type;
	to->record.flags = 0;
	to->record.slot = slot;
	to->record.pid = BPF_CORE_READ(task, tgid);
	to->record.tid = BPF_CORE_READ(task, pid);
	to->record.time = bpf_ktime_get_boot_ns();
	to->record.start_time = BPF_CORE_READ(leader, start_boottime);
	to->record.uid = BPF_CORE_READ(cred, euid.val);
	to->record.gid = BPF_CORE_READ(cred, egid.val);
	BPF_CORE_READ_INTO(&to->record.comm, task, comm);
	to->process.parent = BPF_CORE_READ(parent, tgid);
	to->process.parent_start = BPF_CORE_READ(parent, start_boottime);
	BPF_CORE_READ_INTO(&to->process.capabilities, cred, cap_effective);
	to->process.container_pid = innermost_pid(BPF_CORE_READ(leader, thread_pid));
	to->process.session = session_of(signal);
	to->process.login_uid = ~0U;
	if (bpf_core_field_exists(leader->loginuid))
		to->process.login_uid = BPF_CORE_READ(leader, loginuid.val);
	to->process.tty = tty_of(signal);
	to->process.exit_code = type == RECORD_EXIT ? exit_code_of(leader, signal) : 0;
}

/* Of whom user space wants to know; it drops what is in a slot that turns out to be the host's. */
static __always_inline bool is_watched(u32 slot)
{
	return slot != SLOT_HOST || knobs.count_host;
}

static __always_inline void lose_process(u32 slot)
{
	struct losses *lost = bpf_map_lookup_elem(&losses, &slot);

	if (lost)
		__sync_fetch_and_add(&lost->process_ring_full, 1);
	STATUS_ADD(lost);
}

static __noinline void send_process(struct task_struct *task, u32 type)
{
	u32 slot = slot_by_helper((u64)task);
	struct process_record *to;

	if (!is_watched(slot))
		return;
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		lose_process(slot);
		return;
	}
	describe_process(to, task, type, slot);
	bpf_ringbuf_submit(to, 0);
}

static __always_inline void process_forked(struct task_struct *child)
{
	if (BPF_CORE_READ(child, pid) == BPF_CORE_READ(child, tgid))
		send_process(child, RECORD_FORK);
}

static __always_inline void process_executes(struct task_struct *task, struct linux_binprm *program)
{
	u32 slot = slot_by_helper((u64)task), length;
	struct exec_record *to;
	u64 start, end;

	if (!is_watched(slot))
		return;
	to = bpf_ringbuf_reserve(&ring, sizeof(*to), 0);
	if (!to) {
		lose_process(slot);
		return;
	}
	describe_process((struct process_record *)to, task, RECORD_EXEC, slot);
	bpf_probe_read_kernel_str(to->exec.filename, sizeof(to->exec.filename),
				  BPF_CORE_READ(program, filename));
	bpf_probe_read_kernel_str(to->exec.interpreter, sizeof(to->exec.interpreter),
				  BPF_CORE_READ(program, interp));
	start = BPF_CORE_READ(task, mm, arg_start);
	end = BPF_CORE_READ(task, mm, arg_end);
	length = end - start;
	to->exec.arguments_address = start;
	to->exec.arguments_whole = length;
	asm volatile("" : "+r"(length)); /* that the verifier sees what is compared in what is passed on */
	if (length > sizeof(to->exec.arguments))
		length = sizeof(to->exec.arguments);
	/* The new stack: what execve has just written there is in memory. */
	if (bpf_probe_read_user(to->exec.arguments, length, (void *)start))
		length = 0;
	to->exec.arguments_length = length;
	bpf_ringbuf_submit(to, 0);
}

/* The last of its threads to end ends it. Two that end at once may both say so. */
static __always_inline void process_ends(struct task_struct *task)
{
	if (knobs.events && BPF_CORE_READ(task, signal, live.counter) == 0)
		send_process(task, RECORD_EXIT);
}
