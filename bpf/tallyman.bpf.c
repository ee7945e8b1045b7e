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
#include "count.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *registers, long nr)
{
	count_call(true, nr);
	return 0;
}

SEC("raw_tp/sys_enter")
int BPF_PROG(sys_enter_raw, struct pt_regs *registers, long nr)
{
	count_call(false, nr);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir, struct cgroup *cgroup)
{
	cgroup_removed(true, cgroup);
	return 0;
}

SEC("raw_tp/cgroup_rmdir")
int BPF_PROG(cgroup_rmdir_raw, struct cgroup *cgroup)
{
	cgroup_removed(false, cgroup);
	return 0;
}
