/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Calls that are made on a terminal, counted once more, beside all calls: reads, writes and ioctls whose
 * descriptor is a terminal, and polls and selects of terminals alone. A descriptor is one if its file is a
 * character device of a terminal's major number. Only where that is asked for: without the knob the verifier
 * takes all of it out.
 *
 * What cannot be known is not on a terminal: memory that faults, more descriptors than are looked at, a bad
 * descriptor. Polls and selects of nothing are sleeps, and are not either.
 *
 * The functions that are not static are gone through by the verifier once, for any numbers: see pieces.h.
 */
#pragma once

#include "abi.h"
#include "slots.h"

/* Written by user space before loading, and by nobody after. Of zeros in the object's file, so not .rodata. */
volatile struct terminals terminals SEC(".bss.terminals");

struct terminal_row {
	u64 calls[TERMINAL_CELLS];
};

/* As `rows`, with a cell for each call that can be on a terminal. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct terminal_row);
} terminal_rows SEC(".maps");

/* include/uapi/linux/stat.h; include/linux/kdev_t.h: MINORBITS */
#define S_IFMT 0170000
#define S_IFCHR 0020000
#define MINOR_BITS 20

static __always_inline bool is_terminal_inode(struct inode *inode)
{
	u32 major = BPF_CORE_READ(inode, i_rdev) >> MINOR_BITS;

	/* Of what is no device, it is 0. */
	if (!major || major >= MAJORS || !(terminals.majors[major / 64] >> (major % 64) & 1))
		return false;
	return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFCHR;
}

static __always_inline struct fdtable *descriptor_table(bool direct)
{
	struct task_struct *task = current_task(direct);
	struct files_struct *files = READ(direct, task, files);

	return READ(direct, files, fdt);
}

static __always_inline bool is_descriptor_of_terminal(bool direct, u32 descriptor)
{
	struct fdtable *table = descriptor_table(direct);
	struct file **files, *file = NULL;

	if (descriptor >= READ(direct, table, max_fds))
		return false;
	files = READ(direct, table, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), files + descriptor) || !file)
		return false;
	return is_terminal_inode(BPF_CORE_READ(file, f_inode));
}

__noinline bool is_terminal(u32 descriptor)
{
	if (!knobs.terminal)
		return false;
	/* knobs.by_thread: the programs are the raw_tp twins */
	return knobs.by_thread ? is_descriptor_of_terminal(false, descriptor) :
				 is_descriptor_of_terminal(true, descriptor);
}

/* include/uapi/asm-generic/poll.h: the same of all ABIs */
struct pollfd {
	s32 fd;
	s16 events, revents;
};

/* Of what some of a call's descriptors are. */
enum { OF_OTHERS, OF_NOTHING, OF_TERMINALS };

__noinline int polled_at(u64 array, u32 i)
{
	struct pollfd entry = {};

	if (!knobs.terminal || bpf_probe_read_user(&entry, sizeof(entry), (void *)(array + i * sizeof(entry))))
		return OF_OTHERS;
	/* poll(2): one that is negative is passed over */
	if (entry.fd < 0)
		return OF_NOTHING;
	return is_terminal(entry.fd) ? OF_TERMINALS : OF_OTHERS;
}

__noinline bool polls_terminals(u64 array, u32 count)
{
	bool is_any = false;

	if (count > POLLFDS_MAX)
		return false;
	for (u32 i = 0; i < POLLFDS_MAX; i++) {
		int of;

		if (i >= count)
			break;
		of = polled_at(array, i);
		if (of == OF_OTHERS)
			return false;
		is_any |= of == OF_TERMINALS;
	}
	return is_any;
}

/* Adds a word, or of 32-bit code the half of one, of an fd_set. false: EFAULT. */
static __always_inline bool add_fds(u64 *bits, u64 set, u32 word, u32 descriptors)
{
	u64 fds = 0, from = set + 8 * word;
	long error;

	if (!set)
		return true;
	error = descriptors <= 32 ? bpf_probe_read_user(&fds, 4, (void *)from) :
				    bpf_probe_read_user(&fds, 8, (void *)from);
	*bits |= fds;
	return !error;
}

/* Whether one of 64 descriptors, the first of which is `first`, is not selected, or is a terminal. */
__noinline bool is_no_other(u64 bits, u32 first, u32 i)
{
	return !(bits >> i & 1) || is_terminal(first + i);
}

/* Of one word of each fd_set, from which on there are so many descriptors; a set at 0 is not given. */
__noinline int selected_at(u64 in, u64 out, u64 except, u32 word, u32 descriptors)
{
	u64 bits = 0;

	if (!knobs.terminal || !add_fds(&bits, in, word, descriptors) ||
	    !add_fds(&bits, out, word, descriptors) || !add_fds(&bits, except, word, descriptors))
		return OF_OTHERS;
	if (descriptors < 64)
		bits &= (1ULL << descriptors) - 1;
	if (!bits)
		return OF_NOTHING;
	for (u32 i = 0; i < 64; i++) {
		if (!(bits >> i))
			break;
		if (!is_no_other(bits, 64 * word, i))
			return OF_OTHERS;
	}
	return OF_TERMINALS;
}

static __always_inline s32 most_descriptors(void)
{
	return READ(false, descriptor_table(false), max_fds);
}

__noinline bool selects_terminals(s32 descriptors, u64 in, u64 out, u64 except)
{
	bool is_any = false;

	if (!knobs.terminal || descriptors <= 0)
		return false;
	/* fs/select.c, core_sys_select(): there are no more, whatever the caller says */
	if (descriptors > 64) {
		s32 most = most_descriptors();

		descriptors = descriptors < most ? descriptors : most;
	}
	if (descriptors > FD_SETS_MAX)
		return false;
	for (u32 i = 0; i < FD_SETS_MAX / 64; i++) {
		s32 rest = descriptors - 64 * i;
		int of;

		if (rest <= 0)
			break;
		of = selected_at(in, out, except, i, rest);
		if (of == OF_OTHERS)
			return false;
		is_any |= of == OF_TERMINALS;
	}
	return is_any;
}

/* ON_* and the cell, by the call's number; 0 of a call that is never on a terminal. */
static __always_inline u32 terminal_call(bool compat, s64 nr)
{
	u32 index = nr;

	if (is_x32(compat, nr))
		index = 2 * ROW_CALLS + (nr & (TERMINAL_CALLS - 2 * ROW_CALLS - 1));
	else if (nr < 0 || nr >= ROW_CALLS)
		return 0;
	else if (compat)
		index += ROW_CALLS;
	return terminals.calls[index % TERMINAL_CALLS];
}

/* The registers by helper, in all programs: so there is one of it. */
static __noinline bool is_on_terminals(struct pt_regs *registers, bool compat, u32 on)
{
	u64 arguments[6];

	call_arguments(false, registers, compat, arguments);
	return on == ON_POLLFDS ? polls_terminals(arguments[0], arguments[1]) :
				  selects_terminals(arguments[0], arguments[1], arguments[2], arguments[3]);
}

static __noinline void count_in_terminal_row(u32 slot, u32 call)
{
	u32 index = slot * knobs.nr_cpus + bpf_get_smp_processor_id();
	u32 cell = call & ((1 << TERMINAL_CELL_BITS) - 1);
	struct terminal_row *row = bpf_map_lookup_elem(&terminal_rows, &index);

	if (row && cell < TERMINAL_CELLS)
		row->calls[cell]++;
}

/* Before the call is counted with all others: so whoever reads all first finds no fewer on terminals. */
static __always_inline void count_on_terminal(bool direct_registers, struct pt_regs *registers, u32 slot,
					      bool compat, u32 call)
{
	u32 on = call >> TERMINAL_CELL_BITS;

	if (on == ON_DESCRIPTOR ? is_terminal(first_argument(direct_registers, registers, compat)) :
				  is_on_terminals(registers, compat, on))
		count_in_terminal_row(slot, call);
}

OFF_THE_WAY(count_on_terminal, (struct pt_regs *registers, u32 slot, bool compat, u32 call), registers, slot, compat,
	    call)
