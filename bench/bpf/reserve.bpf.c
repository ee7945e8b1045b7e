// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * What sending a record costs by itself: room for one as long as ours is reserved when a call returns, a word
 * of it is written, and it is submitted. Nobody asks whose call it is.
 */
#include "../../bpf/kernel.h"
#include <bpf/bpf_helpers.h>
#include "../../bpf/layout.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, 27); /* include/uapi/linux/bpf.h: BPF_MAP_TYPE_RINGBUF */
	__uint(max_entries, 16 * 1024 * 1024);
} ring SEC(".maps");

SEC("tp_btf/sys_exit")
int sys_exit(u64 *context)
{
	u64 *record = bpf_ringbuf_reserve(&ring, sizeof(struct record) + sizeof(struct call_event), 0);

	if (!record)
		return 0;
	*record = context[1];
	bpf_ringbuf_submit(record, 0);
	return 0;
}
