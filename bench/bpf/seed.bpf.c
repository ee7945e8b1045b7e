// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The design that this project began with: one LRU hash of 1,024 entries, which forgets in silence, by
 * container, process, command and system call. Everything in the key is made anew for each call.
 */
#include "../../bpf/kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct seed_key {
	char container[32];
	u32 pid;
	char comm[16];
	u32 nr;
};

struct {
	__uint(type, 9); /* include/uapi/linux/bpf.h: BPF_MAP_TYPE_LRU_HASH */
	__uint(max_entries, 1024);
	__type(key, struct seed_key);
	__type(value, u64);
} calls SEC(".maps");

SEC("tp_btf/sys_enter")
int sys_enter(u64 *context)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct seed_key key = { .pid = bpf_get_current_pid_tgid() >> 32, .nr = context[1] };
	u64 *count, one = 1;

	bpf_probe_read_kernel_str(key.container, sizeof(key.container),
				  BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, name));
	bpf_get_current_comm(key.comm, sizeof(key.comm));
	count = bpf_map_lookup_elem(&calls, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&calls, &key, &one, BPF_ANY);
	return 0;
}
