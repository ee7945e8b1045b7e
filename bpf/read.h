/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Each program is written once and wrapped twice: as tp_btf, where the verifier lets it read kernel
 * memory directly (some 1 ns a field), and as raw_tp, which reads by helper (some 25 ns a field),
 * for kernels on which tp_btf won't attach. `direct` is a constant in every caller, so that one of the
 * two ways is compiled out.
 */
#pragma once

#include <bpf/bpf_core_read.h>

#define READ(direct, pointer, field) \
	((direct) ? (pointer)->field : BPF_CORE_READ(pointer, field))

/*
 * What is off the way of a call that is only counted is a function of its own, so that such a call neither saves the
 * registers nor takes the stack that it needs: NAME_directly and NAME_by_helper, of an inline NAME(direct, ...).
 */
#define OFF_THE_WAY(name, parameters, ...)                                                \
	static __noinline void name##_directly parameters { name(true, __VA_ARGS__); }  \
	static __noinline void name##_by_helper parameters { name(false, __VA_ARGS__); }

#define CALL_OFF_THE_WAY(direct, name, ...)                                              \
	((direct) ? name##_directly(__VA_ARGS__) : name##_by_helper(__VA_ARGS__))

static __always_inline struct task_struct *current_task(bool direct)
{
	return direct ? (struct task_struct *)bpf_get_current_task_btf() :
			(struct task_struct *)bpf_get_current_task();
}
