// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The least that telling when a call began and how long it took can cost: one look at the clock when it begins,
 * one when it returns, and a record as long as ours that holds both. Nobody asks whose call it is, and one word
 * keeps the time for all threads: only to be run with one.
 */
#include "../../bpf/kernel.h"
#include <bpf/bpf_helpers.h>
#include "../../bpf/layout.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, 27); /* include/uapi/linux/bpf.h: BPF_MAP_TYPE_RINGBUF */
	__uint(max_entries, 16 * 1024 * 1024);
} ring SEC(".maps");

static volatile u64 began;

SEC("tp_btf/sys_enter")
int sys_enter(u64 *context)
{
	began = bpf_ktime_get_boot_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int sys_exit(u64 *context)
{
	u64 *record = bpf_ringbuf_reserve(&ring, sizeof(struct record) + sizeof(struct call_event), 0);

	if (!record)
		return 0;
	record[0] = began;
	record[1] = bpf_ktime_get_boot_ns() - began;
	bpf_ringbuf_submit(record, 0);
	return 0;
}
