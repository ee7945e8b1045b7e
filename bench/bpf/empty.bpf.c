// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The floor: what the kernel itself takes to get to a program, and the statistics to time it. */
#include "../../bpf/kernel.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tp_btf/sys_enter")
int sys_enter(void *context)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int sys_exit(void *context)
{
	return 0;
}
